import { NotAllowedError } from '@backstage/errors';
import {
  deploymentOperations,
  deviationOperations,
  versionOperations,
} from '@highroad/plugin-deployments-common';
import {
  Call,
  Implementations,
  onlyVisible,
  requirePlugin,
} from '@highroad/plugin-platform-node';
import { boardImplementation } from './board/boardImplementation';
import { DriftStore } from './drift/DriftStore';
import { Diagnostician } from './diagnosis/Diagnostician';
import { ReadinessWatch } from './readiness/ReadinessWatch';
import { Asker, DeploymentService } from './service/DeploymentService';
import { Environments } from './service/EnvironmentSettings';
import { SecretReferences } from './service/SecretReferences';
import { statusImplementation } from './statusImplementation';
import { visibleServices } from './service/visibleServices';
import { wholeReference } from './service/wholeReference';

/** What does the work of the operations on deployments. */
export function deploymentImplementations(deps: {
  diagnostician: Diagnostician;
  drift: Pick<DriftStore, 'briefly' | 'differing' | 'of'>;
  deviations: Implementations<typeof deviationOperations>;
  environments: Environments;
  readiness: Pick<ReadinessWatch, 'of' | 'problem' | 'unready'>;
  references: SecretReferences;
  service: DeploymentService;
  versions: Implementations<typeof versionOperations>;
}): Implementations<typeof deploymentOperations> {
  const { deviations, diagnostician, drift, environments } = deps;
  const { readiness, service } = deps;
  /** What an id is about, so that rights are decided on it. Who is signed in may read that anyway. */
  const target = async ({ id }: { id: string }) => {
    const found = await service.get(id);
    return { service: found.service, environment: found.environment };
  };
  /** The same for looking at it, which takes the right for the service only. */
  const shownTarget = async ({ id }: { id: string }) => ({
    resource: (await service.get(id)).service,
  });
  const shownService = async (input: { service: string }) => ({
    resource: wholeReference(input.service),
  });
  const place = async (input: { service: string; environment: string }) => ({
    service: wholeReference(input.service),
    environment: input.environment,
  });
  return {
    ...deviations,
    ...deps.versions,
    environments: {
      handle: async () => ({
        items: environments
          .all()
          .map(({ name, tier, cluster, production, approval, strategy }) => ({
            ...{ name, tier, cluster, production, approval, strategy },
          })),
      }),
    },
    deploy: {
      target: place,
      async handle(call) {
        const { version, supersede, again, takeOver } = call.input;
        const { fixes, unplanned } = call.input;
        const deployment = await service.deploy(
          await place(call.input),
          version,
          asker(call),
          { supersede, again, takeOver, fixes, unplanned },
        );
        call.note({
          ...{ deployment: deployment.id, version, takeOver },
          ...(fixes && { fixes }),
          ...(unplanned && { unplanned }),
        });
        return { deployment };
      },
    },
    promote: {
      target: place,
      async handle(call) {
        const { from, environment, supersede, again, takeOver } = call.input;
        const { fixes, unplanned } = call.input;
        const deployment = await service.promote(
          ...([wholeReference(call.input.service), from, environment] as const),
          asker(call),
          { supersede, again, takeOver, fixes, unplanned },
        );
        const { id, version } = deployment;
        call.note({
          ...{ deployment: id, version, takeOver },
          ...(fixes && { fixes }),
          ...(unplanned && { unplanned }),
        });
        return { deployment };
      },
    },
    rollback: {
      target: place,
      async handle(call) {
        const { to, takeOver } = call.input;
        const deployment = await service.rollback(await place(call.input), to, {
          ...asker(call),
          takeOver,
        });
        const { id, version } = deployment;
        call.note({ deployment: id, version, takeOver });
        return { deployment };
      },
    },
    rollbackTargets: {
      target: shownService,
      handle: async ({ input }) =>
        service.rollbackTargets(await place(input), input.to),
    },
    get: {
      target: shownTarget,
      handle: async ({ input: { id, after }, signal }) => ({
        deployment: await service.get(id, { after, signal }),
      }),
    },
    list: {
      async handle(call) {
        const { service: one, ...rest } = call.input;
        const asked = one ? [wholeReference(one)] : undefined;
        const services = await visibleServices(call, asked, () =>
          service.services(),
        );
        return service.list({ ...rest, services });
      },
    },
    status: statusImplementation({ drift, environments, readiness, service }),
    board: boardImplementation({ drift, environments, readiness, service }),
    diagnose: {
      target: shownService,
      handle: async ({ input }) => ({
        diagnosis: await diagnostician.diagnose(await place(input)),
      }),
    },
    pods: {
      target: shownService,
      handle: async ({ input }) => ({
        pods: await diagnostician.pods(await place(input)),
      }),
    },
    cancel: {
      target,
      handle: async ({ input: { id, reason }, actor }) => ({
        deployment: await service.wish(id, 'cancel', actor.ref, { reason }),
      }),
    },
    approve: {
      target,
      async handle({ input: { id }, actor }) {
        // A pipeline is not a second person: whoever can change it would approve what they asked for.
        if (actor.kind !== 'user') {
          throw new NotAllowedError('Only a person approves a deployment.');
        }
        return { deployment: await service.approve(id, actor.ref) };
      },
    },
    steer: {
      target,
      async handle({ input, actor, note, signal }) {
        const { id, action, reason, step } = input;
        note({ action });
        return {
          deployment: await service.wish(id, action, actor.ref, {
            ...{ reason, step, signal },
          }),
        };
      },
    },
    secretReferences: {
      target: shownService,
      handle: async ({ input }) => ({
        items: await deps.references.of(wholeReference(input.service)),
      }),
    },
    secretNeeds: {
      async handle({ actor, input }) {
        requirePlugin(
          actor,
          'What programs of all services refer to is asked by the platform itself. "platform secrets list" says it of one service, and which secrets are missing where none is named.',
        );
        const { items, next } = await deps.references.all(input);
        return { items, ...(next && { next }) };
      },
    },
    manifests: {
      target: shownTarget,
      handle: async ({ input: { id } }) => service.manifests(id),
    },
    events: {
      async handle({ input: { after, limit }, visible }) {
        const all = await service.events(after, limit);
        const items = await onlyVisible(all, {
          referenceOf: ({ data }) => data.service,
          visible,
        });
        return { items, next: all.at(-1)?.seq ?? after };
      },
    },
  };
}

function asker(
  call: Pick<
    Call<{ reason?: string }>,
    'actor' | 'door' | 'correlation' | 'input'
  >,
): Asker {
  const { actor, door, correlation, input } = call;
  return { requestedBy: actor.ref, door, correlation, reason: input.reason };
}
