import {
  BackstageCredentials,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotAllowedError,
  NotFoundError,
} from '@backstage/errors';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import {
  Deviation,
  deviationOperations,
  deviationProductionPermission,
} from '@highroad/plugin-deployments-common';
import { AuditActor } from '@highroad/plugin-platform-common';
import { Implementations } from '@highroad/plugin-platform-node';
import { Environments } from '../service/EnvironmentSettings';
import { Services } from '../service/Services';
import { visibleServices } from '../service/visibleServices';
import { wholeReference } from '../service/wholeReference';
import { DeviationSettings } from './DeviationSettings';
import { DeviationStore } from './DeviationStore';
import { readUntil } from './until';

/** What does the work of the operations on deviations. */
export function deviationImplementations(deps: {
  environments: Environments;
  now: () => Date;
  /** Told when one was added or ended */
  onChange: () => void;
  permissions: PermissionsService;
  services: Services;
  settings: DeviationSettings;
  store: DeviationStore;
}): Implementations<typeof deviationOperations> {
  const { environments, now, onChange, permissions } = deps;
  const { services, settings, store } = deps;

  const get = async (id: string): Promise<Deviation> => {
    const found = await store.get(id);
    if (found) return found;
    throw new NotFoundError(
      `There is no deviation ${id}. List those that there are: platform deviation list`,
    );
  };

  /** Owners answer for what is not production; for production, the platform team does. */
  const requireRight = async (
    name: string,
    actor: AuditActor,
    credentials: BackstageCredentials,
  ) => {
    // Whoever can change a pipeline would lift for themselves what is to stop the pipeline.
    if (actor.kind !== 'user') {
      throw new NotAllowedError('Only a person lifts or restores a guardrail.');
    }
    // One that is not configured any more may still have deviations to be ended.
    const known = environments.all().find(one => one.name === name);
    if (!(known?.production ?? name === 'production')) return;
    const [{ result }] = await permissions.authorize(
      [{ permission: deviationProductionPermission }],
      { credentials },
    );
    if (result === AuthorizeResult.ALLOW) return;
    throw new NotAllowedError(
      `${name} is production, where only the platform team lifts guardrails (${deviationProductionPermission.name}). Ask them, with the reason.`,
    );
  };

  return {
    addDeviation: {
      target: async ({ service, environment }) => ({
        service: wholeReference(service),
        environment,
      }),
      async handle({ input, actor, credentials, note }) {
        const { environment, guardrail, reason } = input;
        environments.get(environment);
        await requireRight(environment, actor, credentials);
        const { ref: service } = await services.get(
          wholeReference(input.service),
        );
        const expiresAt = readUntil(input.until, {
          now: now(),
          maxDays: settings.maxDays,
        });
        const deviation = await store.add({
          ...{ guardrail, service, environment, reason, expiresAt },
          createdBy: actor.ref,
        });
        onChange();
        note({ deviation: deviation.id, guardrail, expiresAt });
        return { deviation };
      },
    },
    deviations: {
      async handle(call) {
        const { service, limit, ...rest } = call.input;
        const asked = service ? [wholeReference(service)] : undefined;
        const found = await store.list({
          ...rest,
          services: await visibleServices(call, asked, () => store.services()),
          limit: limit + 1,
        });
        const items = found.slice(0, limit);
        return {
          items,
          next: found.length > limit ? items.at(-1)?.id : undefined,
        };
      },
    },
    endDeviation: {
      async target({ id }) {
        const { service, environment } = await get(id);
        return { service, environment };
      },
      async handle({ input: { id }, actor, credentials, note }) {
        const { environment, guardrail } = await get(id);
        await requireRight(environment, actor, credentials);
        const ended = await store.end(id, actor.ref);
        note({ deviation: id, guardrail });
        if (ended) {
          onChange();
          return { deviation: ended };
        }
        const { state, endedAt, expiresAt, endedBy } = await get(id);
        throw new ConflictError(
          state === 'ended'
            ? `It was ended already, ${endedAt} by ${endedBy}.`
            : `It lifts nothing any more: it has expired ${expiresAt}.`,
        );
      },
    },
  };
}
