import {
  EnvironmentDatabaseSpec,
  EnvironmentDatabaseStatus,
} from '@highroad/plugin-environments-common';
import { AppliedSeed } from '@highroad/plugin-environments-node';
import { Work } from './DatabaseWork';

/** How a database stands, as the status of its environment has it. */
export function databaseStatusOf(
  work: Work,
  database: EnvironmentDatabaseSpec,
  { driver, now }: { driver: string; now: number },
): {
  status: EnvironmentDatabaseStatus;
  /** When it is to be looked at again, in milliseconds from now */
  again?: number;
  /** Something stands in its way, though it is tried again */
  troubled?: boolean;
} {
  const { name, type, seed: path } = database;
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
      troubled: true,
    };
  }
  if (work.told) return { status: work.told };
  if (work.failed && work.done === 0) {
    return databaseStatusOf(work.failed, database, { driver, now });
  }
  const seeding = seed !== undefined && work.done > 0;
  return {
    status: {
      ...{ ...of, state: seeding ? 'seeding' : 'creating' },
      message: goesOnWith(work, path),
      ...(about && {
        seed: {
          ...about,
          state: seeding ? 'running' : 'waiting',
          ...(seeding && { doneBytes: work.done }),
        },
      }),
    },
    ...(work.trouble && { troubled: true }),
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

function goesOnWith(
  { waits, trouble, seed, done }: Work & { state: 'running' },
  path: string | undefined,
): string {
  if (waits) {
    return 'It waits for its turn: as many databases as can be at once are being seeded.';
  }
  if (!seed || done === 0) return trouble ?? 'It is being made.';
  const part = Math.floor((100 * done) / Math.max(1, seed.size));
  return `It is being seeded: ${part} % of ${path}.`;
}
