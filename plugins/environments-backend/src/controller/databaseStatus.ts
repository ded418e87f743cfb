import {
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
} from '@highroad/plugin-environments-common';
import { AppliedSeed } from '@highroad/plugin-environments-node';
import { Work } from './DatabaseWork';

/** How a database stands, as the status of its environment has it. */
export function databaseStatusOf(
  work: Work,
  { name, type, seed: path }: EnvironmentDatabaseSpec,
  { driver, now }: { driver: string; now: number },
): {
  status: EnvironmentDatabaseStatus;
  /** When it is to be looked at again, in milliseconds from now */
  again?: number;
} {
  const of = { name, type, driver };
  if (work.state === 'done') {
    const { applied } = work;
    return {
      status: {
        ...{ ...of, state: 'ready' },
        ...(applied && { seed: appliedStatus(applied) }),
      },
    };
  }
  const { seed } = work;
  const about = path && {
    path,
    ...(seed && {
      repository: seed.repository,
      commit: seed.commit,
      totalBytes: seed.size,
    }),
  };
  if (work.state === 'failed') {
    const { message, line } = work;
    return {
      status: {
        ...{ ...of, state: 'failed', message },
        ...(about && {
          seed: { ...about, state: 'failed', ...(line && { line }) },
        }),
      },
    };
  }
  if (work.state === 'troubled') {
    return {
      status: {
        ...{ ...of, state: 'creating', message: work.message },
        ...(about && { seed: { ...about, state: 'waiting' } }),
      },
      again: work.retryAt - now,
    };
  }
  const seeding = seed !== undefined && work.done > 0;
  return {
    status: {
      ...{ ...of, state: seeding ? 'seeding' : 'creating' },
      message: seeding
        ? `It is being seeded: ${Math.floor(
            (100 * work.done) / Math.max(1, seed.size),
          )} % of ${path}.`
        : 'It is being made.',
      ...(about && {
        seed: {
          ...about,
          state: seeding ? 'running' : 'waiting',
          ...(seeding && { doneBytes: work.done }),
        },
      }),
    },
  };
}

function appliedStatus({ appliedAt, size, ...seed }: AppliedSeed) {
  return {
    ...seed,
    state: 'applied' as const,
    ...{ doneBytes: size, totalBytes: size },
    appliedAt: appliedAt.toISOString(),
  };
}
