import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { parseEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import { explainServiceName } from '@highroad/plugin-create-common';
import { parseRepositoryId } from '@highroad/plugin-local-repositories-common';
import { z } from 'zod';
import { GitHost, RepositoryState } from '../git-hosts/GitHost';
import { GitHosts } from '../git-hosts/GitHosts';
import { RunningCreations } from './RunningCreations';

/** Where a service is to be created. */
export interface Destination {
  name: string;
  /** A Git host of {@link GitHosts}, or empty for the default one */
  gitHost?: string;
  /** Organisation or user at the Git host, or empty for the default one */
  gitOwner?: string;
  /** Entity reference of the owning team; its name is the Git owner where none is configured */
  owner?: string;
  /** The creation that asks */
  task?: string;
}

/** Why a name cannot be used, or how it can. */
export type NameVerdict =
  | { kind: 'invalid'; problem: string }
  | { kind: 'taken'; problem: string }
  | {
      kind: 'free';
      host: GitHost;
      gitOwner: string;
      /** The creation whose empty repository is still there, since it could not take it back */
      abandoned?: string;
    }
  /** An earlier creation of this service got as far as its repository, but not into the catalog. */
  | { kind: 'unfinished'; host: GitHost; gitOwner: string; answers: unknown };

const recordSchema = z.object({
  values: z.object({ name: z.string() }),
  answers: z.record(z.unknown()),
});

/** The default branch of every repository made here. */
export const DEFAULT_BRANCH = 'main';

/**
 * Decides whether a service can have a name: by its form, in the catalog, by what is being created, and at the Git host, in
 * that order.
 */
export class ServiceNames {
  readonly #catalog: CatalogService;
  readonly #gitHosts: GitHosts;
  readonly #running: Pick<RunningCreations, 'before'>;

  constructor(options: {
    catalog: CatalogService;
    gitHosts: GitHosts;
    running: Pick<RunningCreations, 'before'>;
  }) {
    this.#catalog = options.catalog;
    this.#gitHosts = options.gitHosts;
    this.#running = options.running;
  }

  /** @throws InputError for a Git host that is not connected; ServiceUnavailableError for one that does not answer */
  async check(
    destination: Destination,
    credentials: BackstageCredentials,
  ): Promise<NameVerdict> {
    const { name } = destination;
    const malformed = explainServiceName(name);
    if (malformed) return { kind: 'invalid', problem: malformed };

    // A service registers itself, and where it has them its API and its database.
    const { items } = await this.#catalog.getEntitiesByRefs(
      {
        entityRefs: [
          `component:default/${name}`,
          `api:default/${name}`,
          `resource:default/${name}-db`,
        ],
        fields: ['kind', 'metadata.name'],
      },
      { credentials },
    );
    const taken = items.find(item => item !== undefined);
    if (taken) {
      const what = taken.kind.toLowerCase();
      return {
        kind: 'taken',
        problem: `There is ${what === 'component' ? 'a' : `the ${what}`} ${
          taken.metadata.name
        } in the catalog. Choose another name.`,
      };
    }

    // Two at once would each take the other's repository for what is left of an earlier one.
    const running = await this.#running.before(name, destination.task);
    if (running) {
      return {
        kind: 'taken',
        problem: `${name} is being created at this moment. Follow it at /create/tasks/${running}, or choose another name.`,
      };
    }

    const host = await this.#gitHosts.get(destination.gitHost ?? '');
    const gitOwner = resolveGitOwner(host, destination);
    requireGitOwner(host, gitOwner, name);
    const found = await host.inspect({ owner: gitOwner, name }, DEFAULT_BRANCH);
    return verdictOf(found, { host, gitOwner, name });
  }
}

function resolveGitOwner(host: GitHost, destination: Destination): string {
  if (destination.gitOwner) return destination.gitOwner;
  if (host.info.defaultOwner) return host.info.defaultOwner;
  if (!destination.owner) return 'services';
  const { name } = parseEntityRef(destination.owner, {
    defaultKind: 'group',
    defaultNamespace: 'default',
  });
  return name.toLowerCase();
}

const GIT_OWNER = /^[A-Za-z0-9](?:[A-Za-z0-9._-]{0,98}[A-Za-z0-9])?$/;

/** @throws InputError for an owner that would lead elsewhere at the host, or that it would refuse */
function requireGitOwner(host: GitHost, owner: string, name: string): void {
  if (host.info.kind === 'local') {
    parseRepositoryId(owner, name);
  } else if (!GIT_OWNER.test(owner) || owner.includes('..')) {
    throw new InputError(
      `"${owner}" is not an organisation or user at ${host.info.title}.`,
    );
  }
}

function verdictOf(
  found: RepositoryState,
  at: { host: GitHost; gitOwner: string; name: string },
): NameVerdict {
  const { host, gitOwner, name } = at;
  if (found.state === 'absent') return { kind: 'free', host, gitOwner };

  const slug = `${gitOwner}/${name}`;
  const { title } = host.info;
  if (found.state === 'empty') {
    // Whoever made it is not under way any more, which was asked before.
    const abandoned = found.creation;
    if (abandoned) return { kind: 'free', host, gitOwner, abandoned };
    return {
      kind: 'taken',
      problem: `Repository ${slug} exists on ${title}, empty. Delete it there, or choose another name.`,
    };
  }
  const record = recordSchema.safeParse(found.record);
  if (record.success && record.data.values.name === name) {
    return { kind: 'unfinished', host, gitOwner, answers: record.data.answers };
  }
  return {
    kind: 'taken',
    problem: `Repository ${slug} exists on ${title}. Choose another name, or register it in the catalog.`,
  };
}
