import { createMetrics } from '@highroad/plugin-metrics-backend/testing';
import { keys } from '@highroad/plugin-metrics-common';
import { Figure } from './report';
import { quantile } from './statistics';

export type Metrics = Awaited<ReturnType<typeof createMetrics>>;

/** How long each chart of the page takes that is found anew, of everything and of one team. */
export async function measureReads(
  { numbers, details, changed }: Metrics,
  about: {
    name: string;
    range: { from: string; to: string };
    team: string;
    goalMs: number;
    runs: number;
  },
): Promise<Figure[]> {
  const { name, range, team, goalMs, runs } = about;
  const figures: Figure[] = [];
  const timed = async (what: string, ask: () => Promise<unknown>) => {
    const times: number[] = [];
    for (let run = 0; run < runs; run++) {
      // Each time as after a change: answers are kept until there is one.
      await changed();
      const start = performance.now();
      await ask();
      times.push(performance.now() - start);
    }
    for (const [part, q] of [
      ['median', 0.5],
      ['p95', 0.95],
    ] as const) {
      figures.push({
        ...{ name: `${name}: ${what}, ${part}`, unit: 'ms', n: runs },
        value: quantile(times, q),
        ...(part === 'p95' && { goal: `< ${goalMs}` }),
      });
    }
  };
  for (const [of, slice] of [
    ['all', undefined],
    ['a team', team],
  ] as const) {
    const scope = { ...range, slice };
    await timed(`summary of ${of}`, () => numbers.summary(scope));
    for (const key of keys) {
      await timed(`${key} of ${of} by week`, () =>
        numbers.series({ ...scope, key, bucket: 'week' }),
      );
    }
    for (const by of ['owner', 'service'] as const) {
      await timed(`table of ${of} by ${by}`, () =>
        numbers.teams({ ...scope, by }),
      );
    }
    for (const key of ['frequency', 'recovery'] as const) {
      await timed(`deployments behind the ${key} of ${of}`, () =>
        details.of({ ...scope, key, limit: 50 }),
      );
    }
  }
  return figures;
}
