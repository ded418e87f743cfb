import {
  BackstageCredentials,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  environmentKeepPermission,
  environmentOperations,
  environmentReadPermission,
} from '@highroad/plugin-environments-common';
import {
  Implementations,
  onlyVisible,
  requirePlugin,
} from '@highroad/plugin-platform-node';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  databasesOf,
  describeEnvironment,
  describeInDetail,
  ownerOf,
  phaseIn,
} from './service/describe';
import { EnvironmentResources } from './service/EnvironmentResources';
import { EnvironmentService } from './service/EnvironmentService';
import { FollowingSecrets } from './service/FollowingSecrets';
import { OrphanDatabases } from './service/OrphanDatabases';
import { Orphans } from './service/Orphans';
import { pageOf } from './service/pageOf';
import { PreviewSettings } from './service/PreviewSettings';
import { Surroundings } from './service/Surroundings';
import { wholeOwner } from './service/wholeOwner';

/** Owner of what nobody is known to own: no claim is this. */
const NOBODY = 'group:default/-';

/** What does the work of the operations on environments. */
export function environmentImplementations(deps: {
  following: Pick<FollowingSecrets, 'follow' | 'lent'>;
  now: () => Date;
  orphanDatabases: OrphanDatabases;
  orphans: Orphans;
  resources: EnvironmentResources;
  service: EnvironmentService;
  settings: PreviewSettings;
  standing: Places;
  surroundings: Surroundings;
  userInfo: UserInfoService;
  permissions: PermissionsService;
}): Omit<
  Implementations<typeof environmentOperations>,
  | 'provideDatabases'
  | 'openPullRequests'
  | 'previewPullRequest'
  | 'bringPullRequest'
> {
  const { resources, service, settings, standing, surroundings } = deps;
  const { now, orphanDatabases, orphans, userInfo, permissions } = deps;
  const { following } = deps;

  /** Near names are for those who see all: to others they would tell what there is. */
  const find = async (
    { name, home }: { name: string; home?: string },
    credentials: BackstageCredentials,
  ) => {
    try {
      return await service.get(name, home);
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      const [{ result }] = await permissions.authorizeConditional(
        [{ permission: environmentReadPermission }],
        { credentials },
      );
      if (result === AuthorizeResult.ALLOW) throw error;
      throw new NotFoundError(`There is no environment "${name}".`);
    }
  };
  /** Looking at it takes the right for its owner only. */
  const shownTarget = async (
    input: { name: string; home?: string },
    credentials: BackstageCredentials,
  ) => ({ resource: ownerOf(await find(input, credentials)) ?? NOBODY });
  const target = async (
    input: { name: string; home?: string },
    credentials: BackstageCredentials,
  ) => {
    const found = await find(input, credentials);
    return { resource: ownerOf(found) ?? NOBODY, environment: found.name };
  };
  const ownerFor = async (
    input: { manifest: string; owner?: string },
    credentials: BackstageCredentials,
  ): Promise<string> => {
    const said = service.read(input.manifest).spec.owner ?? input.owner;
    if (said) return readOwner(said);
    const groups = await groupsOf(userInfo, credentials);
    if (groups.length === 1) return groups[0];
    throw new InputError(
      groups.length === 0
        ? 'Say who owns the environment: spec.owner, such as group:default/shop.'
        : `Say which of your groups owns the environment, in spec.owner: ${groups.join(
            ', ',
          )}.`,
    );
  };

  return {
    list: {
      async handle({ input, visible }) {
        const { owner, phase, repository, service: name } = input;
        const notConnected = resources.notConnected();
        const found = notConnected
          ? []
          : await service.list({
              owner: owner && readOwner(owner),
              service: name,
              repository,
            });
        const shown = await onlyVisible(found, {
          referenceOf: one => ownerOf(one) ?? NOBODY,
          visible,
        });
        const { items, next } = pageOf(
          shown.filter(one => !phase || phase.includes(phaseIn(one))),
          input,
        );
        return {
          items: items.map(one => describeEnvironment(one, settings, now())),
          ...(next && { next }),
          standing: standing
            .all()
            .map(({ name: place, production, cluster }) => ({
              ...{ name: place, production },
              ...(cluster && { cluster }),
            })),
          ...(notConnected && { notConnected }),
        };
      },
    },
    get: {
      target: shownTarget,
      handle: async ({ input: { name, home, after }, signal }) => ({
        environment: describeInDetail(
          await service.changed(name, home, after, signal),
          settings,
          now(),
        ),
      }),
    },
    validate: {
      handle: async ({ input: { manifest } }) => ({
        problems: service.problemsOf(manifest),
      }),
    },
    create: {
      target: async (input, credentials) => ({
        resource: await ownerFor(input, credentials),
        environment: service.read(input.manifest).metadata.name,
      }),
      async handle({ input, credentials, actor, note }) {
        const manifest = service.read(input.manifest);
        const owner = await ownerFor(input, credentials);
        if (manifest.spec.keep) {
          const [{ result }] = await permissions.authorize(
            [{ permission: environmentKeepPermission, resourceRef: owner }],
            { credentials },
          );
          if (result !== AuthorizeResult.ALLOW) {
            throw new NotAllowedError(
              `You may not have an environment of ${owner} kept: it takes ${environmentKeepPermission.name}. Leave keep out.`,
            );
          }
        }
        const { outcome, resource } = await service.create(
          manifest,
          owner,
          actor.ref,
        );
        note({ outcome, owner });
        return {
          outcome,
          environment: describeInDetail(resource, settings, now()),
        };
      },
    },
    extend: {
      target,
      async handle({ input: { name, home, by }, note }) {
        const extended = await service.extend(
          await service.get(name, home),
          by,
        );
        const environment = describeInDetail(extended, settings, now());
        note({ by, until: environment.expiresAt ?? 'kept' });
        return { environment };
      },
    },
    keep: {
      target,
      async handle({ input: { name, home, keep }, note }) {
        note({ keep });
        const changed = await service.keep(await service.get(name, home), keep);
        return { environment: describeInDetail(changed, settings, now()) };
      },
    },
    delete: {
      target,
      async handle({ input: { name, home }, note }) {
        const found = await service.get(name, home);
        const { namespace } = found.status;
        const databases = databasesOf(found);
        note({ ...(namespace && { namespace }), databases });
        await service.delete(found);
        return { ...(namespace && { namespace }), databases };
      },
    },
    logs: {
      target: shownTarget,
      handle: async ({ input: { name, home, service: of, lines } }) =>
        surroundings.logs(await service.get(name, home), {
          ...(of && { service: of }),
          lines,
        }),
    },
    orphans: {
      async handle({ signal, visible }) {
        const [namespaces, { databases, problems }] = await Promise.all([
          orphans.list(),
          orphanDatabases.list(signal),
        ]);
        return {
          items: await onlyVisible(namespaces, {
            referenceOf: ({ owner }) => owner ?? NOBODY,
            visible,
          }),
          databases: await onlyVisible(databases, {
            referenceOf: () => NOBODY,
            visible,
          }),
          problems,
        };
      },
    },
    removeOrphan: {
      target: async ({ namespace }) => ({ detail: { namespace } }),
      async handle({ input: { namespace }, signal }) {
        await orphans.remove(namespace, signal);
        return { namespace };
      },
    },
    removeOrphanDatabases: {
      target: async ({ environmentUid }) => ({ detail: { environmentUid } }),
      async handle({ input: { environmentUid }, note, signal }) {
        const names = await orphanDatabases.remove(environmentUid, signal);
        note({ names });
        return { names };
      },
    },
    followSecrets: {
      handle: async ({ input, signal }) => ({
        items: await following.follow(input, signal),
      }),
    },
    lentSecrets: {
      async handle({ actor, input }) {
        requirePlugin(
          actor,
          'Which secrets environments on demand are lent is asked by the platform itself. "platform secrets list" says it of each key of a service.',
        );
        return { items: following.lent(input) };
      },
    },
    events: {
      target: shownTarget,
      handle: async ({ input: { name, home } }) => ({
        items: await surroundings.events(await service.get(name, home)),
      }),
    },
  };
}

function readOwner(reference: string): string {
  try {
    return wholeOwner(reference);
  } catch {
    throw new InputError(
      `"${reference}" is no reference of an owner. Write it as group:default/shop.`,
    );
  }
}

async function groupsOf(
  userInfo: UserInfoService,
  credentials: BackstageCredentials,
): Promise<string[]> {
  if (!isUser(credentials)) return [];
  const { ownershipEntityRefs } = await userInfo.getUserInfo(credentials);
  return ownershipEntityRefs.filter(ref => ref.startsWith('group:'));
}

function isUser({ principal }: BackstageCredentials): boolean {
  return (
    typeof principal === 'object' &&
    principal !== null &&
    'type' in principal &&
    principal.type === 'user'
  );
}
