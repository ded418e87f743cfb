import {
  AuthService,
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  parseEntityRef,
  RELATION_OWNED_BY,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  environmentCreatePermission,
  environmentOperations,
  MOST_PULL_REQUESTS,
} from '@highroad/plugin-environments-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { stringify } from 'yaml';
import { filledIn, Foreseen } from './pullRequests/Foreseen';
import { environmentNameOf } from './pullRequests/PullRequestRef';
import { PullRequestDoor } from './pullRequests/PullRequestDoor';
import { describeEnvironment, describeInDetail } from './service/describe';
import { PreviewSettings } from './service/PreviewSettings';

interface Asked {
  url: string;
  service?: string;
}

/** What does the work of the operations on pull requests by their addresses. */
export function pullRequestImplementations(deps: {
  auth: AuthService;
  catalog: CatalogService;
  door: Pick<PullRequestDoor, 'locate' | 'openOf' | 'foresee' | 'bring'>;
  now: () => Date;
  permissions: PermissionsService;
  settings: PreviewSettings;
}): Pick<
  Implementations<typeof environmentOperations>,
  'openPullRequests' | 'previewPullRequest' | 'bringPullRequest'
> {
  const { auth, catalog, door, now, permissions, settings } = deps;

  const allowed = async (
    owners: string[],
    credentials: BackstageCredentials,
  ): Promise<string | undefined> => {
    const decisions = await permissions.authorize(
      owners.map(resourceRef => ({
        ...{ permission: environmentCreatePermission, resourceRef },
      })),
      { credentials },
    );
    return owners.find(
      (_, at) => decisions[at].result === AuthorizeResult.ALLOW,
    );
  };
  const ownerIn = async (service: string): Promise<string> => {
    const entity = await catalog.getEntityByRef(service, {
      credentials: await auth.getOwnServiceCredentials(),
    });
    const owner = entity?.relations?.find(
      ({ type }) => type === RELATION_OWNED_BY,
    )?.targetRef;
    if (owner) return owner;
    throw new NotFoundError(
      entity
        ? `${service} has no owner in the catalog. Say there who owns it.`
        : `There is no service ${service} in the catalog.`,
    );
  };
  /** Decided by the catalog alone, before a Git host is asked. */
  const target = async (
    { url, service }: Asked,
    credentials: BackstageCredentials,
  ) => {
    const detail = { pullRequest: url };
    if (service) return { resource: await ownerIn(service), detail };
    const { repository } = await door.locate(url);
    const owners = [...new Set(repository.services.map(one => one.owner))];
    const resource =
      owners.length > 1 ? await allowed(owners, credentials) : owners[0];
    return { resource: resource ?? owners[0], detail };
  };
  const foresee = async (
    { url, service }: Asked,
    credentials: BackstageCredentials,
    signal: AbortSignal,
  ) => {
    const { ref, repository } = await door.locate(url);
    // A right to one service is none to what another repository holds.
    if (service && !repository.services.some(one => one.ref === service)) {
      throw new NotFoundError(
        `${service} is not in ${ref.owner}/${ref.name}. Leave it out, or name a service of that repository.`,
      );
    }
    const foreseen = await door.foresee(ref, signal);
    const owner = foreseen.wanted?.owner;
    if (owner && !(await allowed([owner], credentials))) {
      throw new NotAllowedError(
        `The environment of this pull request would be one of ${owner}, for whom you may make none. Ask somebody there.`,
      );
    }
    return { ref, foreseen };
  };

  return {
    openPullRequests: {
      target: async ({ service }) => ({
        resource: await ownerIn(wholeService(service)),
      }),
      async handle({ input, signal }) {
        const { repository, open } = await door.openOf(
          wholeService(input.service),
          signal,
        );
        const { host, owner, name } = repository;
        return {
          repository: `${owner}/${name}`,
          items: open.slice(0, MOST_PULL_REQUESTS).map(one => ({
            ...{ number: one.number, title: one.title, url: one.url },
            ...{ branch: one.branch, author: one.author, fork: one.fork },
            updatedAt: one.updatedAt,
            environment: environmentNameOf({ host, ...one }),
          })),
          more: Math.max(0, open.length - MOST_PULL_REQUESTS),
        };
      },
    },
    previewPullRequest: {
      target,
      async handle({ input, credentials, signal }) {
        const { foreseen } = await foresee(input, credentials, signal);
        return shown(foreseen, settings, now());
      },
    },
    bringPullRequest: {
      target,
      async handle({ input, credentials, signal, note }) {
        const { ref, foreseen } = await foresee(input, credentials, signal);
        const { name, wanted } = foreseen;
        note({ environment: name, ...(wanted && { commit: wanted.commit }) });
        const resource = await door.bring(ref, foreseen, signal);
        return {
          name,
          ...(resource && {
            environment: describeInDetail(resource, settings, now()),
          }),
        };
      },
    },
  };
}

/** @throws InputError for what is no name of a service */
function wholeService(text: string): string {
  try {
    return stringifyEntityRef(
      parseEntityRef(text, { defaultKind: 'component' }),
    );
  } catch {
    throw new InputError(
      `"${text}" is no reference of a service. Write it as component:default/cart.`,
    );
  }
}

function shown(foreseen: Foreseen, settings: PreviewSettings, now: Date) {
  const { name, pullRequest, wanted, problems, obstacle } = foreseen;
  const { title, url, branch, author, fork } = pullRequest;
  return {
    pullRequest: { title, url, branch, author, fork },
    ...{ name, problems, upToDate: foreseen.upToDate },
    ...(wanted && {
      commit: wanted.commit,
      owner: wanted.owner,
      manifest: stringify(filledIn(wanted.manifest)),
    }),
    ...(obstacle && { obstacle }),
    ...(foreseen.found && {
      environment: describeEnvironment(foreseen.found, settings, now),
    }),
  };
}
