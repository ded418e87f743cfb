import { NotFoundError } from '@backstage/errors';
import { Implementations } from '@highroad/plugin-platform-node';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { RotationStore } from './database/RotationStore';
import { randomValue } from './service/randomValue';
import { SecretService } from './service/SecretService';
import { wholeRef } from './service/Services';

const DAY_MS = 86_400_000;

interface OfKey {
  service: string;
  environment: string;
  key: string;
}

type RotationImplementations = Pick<
  Implementations<typeof secretOperations>,
  'rotate' | 'setRotation' | 'endRotation' | 'rotations'
>;

/** What does the work of the operations on rotations. */
export function rotationImplementations(deps: {
  now: () => Date;
  rotations: RotationStore;
  /** Throws what to connect, where there is no store */
  secrets: () => SecretService;
}): RotationImplementations {
  const { now, rotations, secrets } = deps;
  const pathOf = ({ service, environment, key }: OfKey) => ({
    service: wholeRef(service),
    ...{ environment, key },
  });
  const target = async (input: OfKey) => {
    const { service, environment, key } = pathOf(input);
    return { service, environment, detail: { key } };
  };
  return {
    rotate: {
      target,
      async handle(call) {
        const { length, alphabet } = call.input;
        const { service, environment, key } = pathOf(call.input);
        // Only what is there: a typo would make a key that nothing reads.
        const { secret } = await secrets().get({ service, environment, key });
        const changed = await secrets().set(
          service,
          [environment],
          [
            {
              ...{ key, encoding: 'text' as const },
              value: randomValue(length, alphabet),
              ifVersion: secret.version,
            },
          ],
          { actor: call.actor.ref, how: 'rotate' },
        );
        call.note({ version: changed.changes[0].version });
        return changed;
      },
    },
    setRotation: {
      target,
      async handle({ input }) {
        const path = pathOf(input);
        await secrets().get(path);
        const { everyDays, length, alphabet } = input;
        const dueAt = new Date(now().getTime() + everyDays * DAY_MS);
        const rule = { everyDays, length, alphabet };
        await rotations.set(path, rule, dueAt.toISOString());
        const { environment, key } = path;
        return {
          rotation: {
            ...{ environment, key, ...rule },
            ...{ dueAt: dueAt.toISOString(), overdue: false },
          },
        };
      },
    },
    endRotation: {
      target,
      async handle({ input }) {
        if (!(await rotations.end(pathOf(input)))) {
          throw new NotFoundError(
            `${input.key} in ${input.environment} is not replaced by itself.`,
          );
        }
        return {};
      },
    },
    rotations: {
      target: async ({ service }) => ({ service: wholeRef(service) }),
      handle: async ({ input }) => ({
        items: await rotations.list(
          wholeRef(input.service),
          now().toISOString(),
        ),
      }),
    },
  };
}
