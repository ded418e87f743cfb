import { NotAllowedError } from '@backstage/errors';
import {
  deploymentOperations,
  deviationOperations,
  versionOperations,
} from '@highroad/plugin-deployments-common';
import { Call, Implementations } from '@highroad/plugin-platform-node';
import { DriftStore } from './drift/DriftStore';
import { withDrift } from './drift/withDrift';
import { Diagnostician } from './diagnosis/Diagnostician';
import { Asker, DeploymentService } from './service/DeploymentService';
import { Environments } from './service/EnvironmentSettings';
import { SecretReferences } from './service/SecretReferences';
import { wholeReference } from './service/wholeReference';

/** What does the work of the operations on deployments. */
export function deploymentImplementations(deps: {
  diagnostician: Diagnostician;
  drift: Pick<DriftStore, 'of'>;
  deviations: Implementations<typeof deviationOperations>;
  environments: Environments;
  references: SecretReferences;
  service: DeploymentService;
  versions: Implementations<typeof versionOperations>;
}): Implementations<typeof deploymentOperations> {
  const { deviations, diagnostician, drift, environments, service } = deps;
  /** What an id is about, so that rights are decided on it. Who is signed in may read that anyway. */
  const target = async ({ id }: { id: string }) => {
    const found = await service.get(id);
    return { service: found.service, environment: found.environment };
  };
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
        const { version, supersede, again } = call.input;
        const deployment = await service.deploy(
          await place(call.input),
          version,
          asker(call),
          { supersede, again },
        );
        call.note({ deployment: deployment.id, version });
        return { deployment };
      },
    },
    promote: {
      target: place,
      async handle(call) {
        const { from, environment, supersede, again } = call.input;
        const deployment = await service.promote(
          ...([wholeReference(call.input.service), from, environment] as const),
          asker(call),
          { supersede, again },
        );
        call.note({ deployment: deployment.id, version: deployment.version });
        return { deployment };
      },
    },
    rollback: {
      target: place,
      async handle(call) {
        const deployment = await service.rollback(
          await place(call.input),
          call.input.to,
          asker(call),
        );
        call.note({ deployment: deployment.id, version: deployment.version });
        return { deployment };
      },
    },
    get: {
      handle: async ({ input: { id, after }, signal }) => ({
        deployment: await service.get(id, { after, signal }),
      }),
    },
    list: {
      handle: async ({ input }) =>
        service.list({
          ...input,
          ...(input.service && { service: wholeReference(input.service) }),
        }),
    },
    status: {
      async handle({ input }) {
        const asked = {
          services: input.service?.map(wholeReference),
          environment: input.environment,
        };
        const [places, seen] = await Promise.all([
          service.status(asked),
          drift.of(asked),
        ]);
        return { items: withDrift(places, seen) };
      },
    },
    diagnose: {
      handle: async ({ input }) => ({
        diagnosis: await diagnostician.diagnose(await place(input)),
      }),
    },
    cancel: {
      target,
      handle: async ({ input: { id } }) => ({
        deployment: await service.wish(id, 'cancel'),
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
      async handle({ input: { id, action }, note }) {
        note({ action });
        return { deployment: await service.wish(id, action) };
      },
    },
    secretReferences: {
      handle: async ({ input }) => ({
        items: await deps.references.of(wholeReference(input.service)),
      }),
    },
    manifests: { handle: async ({ input: { id } }) => service.manifests(id) },
    events: {
      async handle({ input: { after, limit } }) {
        const items = await service.events(after, limit);
        return { items, next: items.at(-1)?.seq ?? after };
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
