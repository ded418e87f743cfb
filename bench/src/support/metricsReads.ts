import { createMetrics } from '@highroad/plugin-metrics-backend/testing';
import { adoptionKeys, keys } from '@highroad/plugin-metrics-common';
import { Figure } from './report';
import { quantile } from './statistics';

export type Metrics = Awaited<ReturnType<typeof createMetrics>>;

/** How many rows the page shows of a table. */
const ROWS = 50;
const FIRST_RUNS = 5;
/** A service of its own, that changes nothing of the others. */
const PROBE = 'component:default/zz-reads';
/** For those who may see all. */
const all = async () => undefined;

/**
 * How long each chart of the page takes, of everything and of one team: each time after a deployment on the last day of the range was
 * counted, so that no answer is one that was given before. The first answers of a process are apart, as it knows no day yet.
 */
export async function measureReads(
  metrics: Metrics,
  about: {
    name: string;
    range: { from: string; to: string };
    team: string;
    goalMs: number;
    runs: number;
  },
): Promise<Figure[]> {
  const { name, range, team, goalMs, runs } = about;
  const { adoption, compute, details, incidents } = metrics;
  const { intake, newNumbers, numbers } = metrics;
  const figures: Figure[] = [];
  let told = 0;
  const change = async () => {
    told += 1;
    const at = Date.parse(range.to) + told * 1_000;
    const data = {
      ...{ service: PROBE, environment: 'production', outcome: 'succeeded' },
      deployment: `${name} ${told}`,
    };
    await intake.take(
      [
        {
          ...{ specversion: '1.0', source: '/reads', id: data.deployment },
          ...{ type: 'com.myorg.platform.deployment.finished.1', data },
          time: new Date(at).toISOString(),
        },
      ],
      { source: '/reads' },
    );
    await compute();
  };
  const timed = async (
    what: string,
    ask: () => Promise<unknown>,
    { first = false } = {},
  ) => {
    const times: number[] = [];
    // Once more than is counted: what all days need to be known for is in the figures of the first time.
    for (let run = first ? 1 : 0; run <= (first ? FIRST_RUNS : runs); run++) {
      await change();
      const start = performance.now();
      await ask();
      if (run > 0) times.push(performance.now() - start);
    }
    for (const [part, q] of [
      ['median', 0.5],
      ['p95', 0.95],
    ] as const) {
      figures.push({
        ...{ name: `${name}: ${what}, ${part}`, unit: 'ms', n: times.length },
        value: quantile(times, q),
        ...(part === 'p95' && !first && { goal: `< ${goalMs}` }),
      });
    }
  };
  const first = { first: true };
  await timed(
    'summary of all, first after a start',
    () => newNumbers().summary(range),
    first,
  );
  for (const by of ['owner', 'system', 'service'] as const) {
    await timed(
      `table of all by ${by}, first after a start`,
      () => newNumbers().teams({ ...range, by, limit: ROWS }),
      first,
    );
  }
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
    for (const by of ['owner', 'system', 'service'] as const) {
      for (const sort of ['name', 'frequency', 'lead-time'] as const) {
        await timed(`table of ${of} by ${by}, sorted by ${sort}`, () =>
          numbers.teams({ ...scope, by, sort, order: 'desc', limit: ROWS }),
        );
      }
    }
    for (const key of ['frequency', 'recovery'] as const) {
      await timed(`deployments behind the ${key} of ${of}`, () =>
        details.of({ ...scope, key, limit: 50 }, all),
      );
    }
    await timed(`deployments on both sides of the failure rate of ${of}`, () =>
      details.of({ ...scope, key: 'change-failure-rate', limit: 50 }, all),
    );
    await timed(`open failures of ${of}`, () =>
      details.of({ ...scope, key: 'recovery', open: true, limit: 50 }, all),
    );
    await timed(`incidents of ${of}`, () =>
      incidents.of({ ...scope, limit: 50 }, all),
    );
    await timed(`adoption of ${of}`, () => adoption.read(scope, all));
    for (const key of adoptionKeys) {
      await timed(`${key} of ${of} by week`, () =>
        adoption.series({ ...scope, key, bucket: 'week' }),
      );
    }
  }
  return figures;
}
