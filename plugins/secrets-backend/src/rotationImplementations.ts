import { NotFoundError } from '@backstage/errors';
import { Implementations } from '@highroad/plugin-platform-node';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { RotationStore } from './database/RotationStore';
import { Generators } from './service/rotation/Generators';
import { randomValue } from './randomValue';
import { overlapWarnings } from './service/rotation/overlapWarnings';
import { planned } from './service/rotation/planned';
import { otherGenerator, whyNotReplaced } from './service/rotation/refusals';
import { Rotator } from './service/rotation/Rotator';
import { SecretReader } from './service/SecretReader';
import { SecretService } from './service/SecretService';
import { wholeRef } from './service/Services';

interface OfKey {
  service: string;
  environment: string;
  key: string;
}

type RotationImplementations = Pick<
  Implementations<typeof secretOperations>,
  'rotate' | 'setRotation' | 'planRotation' | 'endRotation' | 'rotations'
>;

/** What does the work of the operations on rotations. */
export function rotationImplementations(deps: {
  generators: Pick<Generators, 'ends' | 'get'>;
  now: () => Date;
  /** Whether the platform lets programs of an environment read Vault themselves */
  readThemselves: (environment: string) => boolean;
  rotations: RotationStore;
  /** Throws what to connect, where there is no store */
  rotator: () => Pick<Rotator, 'now'>;
  /** Throws what to connect, where there is no store */
  reader: () => Pick<SecretReader, 'get'>;
  /** Throws what to connect, where there is no store */
  secrets: () => SecretService;
}): RotationImplementations {
  const { generators, now, rotations, rotator, reader, secrets } = deps;
  const pathOf = ({ service, environment, key }: OfKey) => ({
    service: wholeRef(service),
    ...{ environment, key },
  });
  /** The rotation of a key as it is kept, if it has one. */
  const standing = async ({ service, environment, key }: OfKey, at: Date) =>
    (await rotations.list(service, at.toISOString())).find(
      one => one.environment === environment && one.key === key,
    );
  const warnings = (environment: string, plan: ReturnType<typeof planned>) =>
    overlapWarnings({
      ...plan,
      readThemselves: deps.readThemselves(environment),
    });
  const target = async (input: OfKey) => {
    const { service, environment, key } = pathOf(input);
    return { service, environment, detail: { key } };
  };
  return {
    rotate: {
      target,
      async handle(call) {
        const { ifVersion, length, alphabet } = call.input;
        const { service, environment, key } = pathOf(call.input);
        // Only what is there: a typo would make a key that nothing reads.
        const { secret } = await reader().get({ service, environment, key });
        const by = call.actor.ref;
        const changed =
          (await rotator()
            .now({ service, environment, key }, { actor: by, ifVersion })
            .catch(error => {
              throw whyNotReplaced(error);
            })) ??
          (await secrets().set(
            service,
            [environment],
            [
              {
                ...{ key, encoding: 'text' as const },
                value: randomValue(length, alphabet),
                ifVersion: ifVersion ?? secret.version,
              },
            ],
            { actor: by, how: 'rotate' },
          ));
        call.note({ version: changed.changes[0].version });
        return changed;
      },
    },
    setRotation: {
      target,
      async handle({ input }) {
        const path = pathOf(input);
        const { secret } = await reader().get(path);
        const at = now();
        const plan = planned(input, generators, at);
        const { rule, dueAt, dueAfter } = plan;
        const unfinished = await rotations.set(path, rule, {
          ...{ now: at.toISOString(), dueAt, dueAfter },
          ...{ newest: secret.version },
          ends: generator => generators.ends(generator),
        });
        if (unfinished) throw otherGenerator(path, unfinished);
        const { environment, key } = path;
        const kept = await standing(path, at);
        return {
          rotation: kept ?? {
            ...{ environment, key, ...rule, dueAt, overdue: false },
          },
          warnings: warnings(environment, plan),
        };
      },
    },
    planRotation: {
      target,
      async handle({ input }) {
        const at = now();
        const plan = planned(
          ...([input, generators, at] as const),
          await standing(pathOf(input), at),
        );
        const { dueAt, overlaps } = plan;
        return {
          ...{ dueAt, overlaps },
          warnings: warnings(input.environment, plan),
        };
      },
    },
    endRotation: {
      target,
      async handle({ input }) {
        if (!(await rotations.end(pathOf(input), now().toISOString()))) {
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
