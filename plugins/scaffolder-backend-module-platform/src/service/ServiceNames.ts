import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { parseEntityRef, stringifyEntityRef } from '@backstage/catalog-model';
import { explainServiceName } from '@highroad/plugin-create-common';
import { z } from 'zod';
import { GitHost, RepositoryState } from '../git-hosts/GitHost';
import { GitHosts } from '../git-hosts/GitHosts';

/** Where a service is to be created. */
export interface Destination {
  name: string;
  /** A Git host of {@link GitHosts}, or empty for the default one */
  gitHost?: string;
  /** Organisation or user at the Git host, or empty for the default one */
  gitOwner?: string;
  /** Entity reference of the owning team; its name is the Git owner where none is configured */
  owner?: string;
}

/** Why a name cannot be used, or how it can. */
export type NameVerdict =
  | { kind: 'invalid'; problem: string }
  | { kind: 'taken'; problem: string }
  | { kind: 'free'; host: GitHost; gitOwner: string }
  /** An earlier creation of this service got as far as its repository, but not into the catalog. */
  | { kind: 'unfinished'; host: GitHost; gitOwner: string; answers: unknown };

const recordSchema = z.object({
  values: z.object({ name: z.string() }),
  answers: z.record(z.unknown()),
});

/** The default branch of every repository made here. */
export const DEFAULT_BRANCH = 'main';

/** Decides whether a service can have a name: by its form, in the catalog, and at the Git host, in that order. */
export class ServiceNames {
  readonly #catalog: CatalogService;
  readonly #gitHosts: GitHosts;

  constructor(options: { catalog: CatalogService; gitHosts: GitHosts }) {
    this.#catalog = options.catalog;
    this.#gitHosts = options.gitHosts;
  }

  /** @throws InputError for a Git host that is not connected; ServiceUnavailableError for one that does not answer */
  async check(
    destination: Destination,
    credentials: BackstageCredentials,
  ): Promise<NameVerdict> {
    const { name } = destination;
    const malformed = explainServiceName(name);
    if (malformed) return { kind: 'invalid', problem: malformed };

    const ref = { kind: 'component', namespace: 'default', name };
    if (await this.#catalog.getEntityByRef(ref, { credentials })) {
      return {
        kind: 'taken',
        problem: `There is a ${name} in the catalog. Choose another name.`,
      };
    }

    const host = this.#gitHosts.get(destination.gitHost ?? '');
    const gitOwner = resolveGitOwner(host, destination);
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

function verdictOf(
  found: RepositoryState,
  at: { host: GitHost; gitOwner: string; name: string },
): NameVerdict {
  const { host, gitOwner, name } = at;
  if (found.state === 'absent') return { kind: 'free', host, gitOwner };

  const slug = `${gitOwner}/${name}`;
  const { title } = host.info;
  if (found.state === 'empty') {
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

/** `group:default/payments-team` for `payments-team`, and so on. */
export function normaliseOwner(owner: string): string {
  return stringifyEntityRef(
    parseEntityRef(owner, {
      defaultKind: 'group',
      defaultNamespace: 'default',
    }),
  );
}
