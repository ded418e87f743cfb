import { MetricsBackend } from './metricsBackend';
import { Metrics } from './metricsReads';
import { Figure } from './report';
import { quantile } from './statistics';

/** A service of its own, that changes nothing of the others. */
const PROBE = 'component:default/zz-http';
const AGAIN_MS = 20;
const ROWS = '50';

/**
 * How long the page's own questions take over HTTP, for who is signed in and asked what they may see: of everything and of one team, each
 * time after a deployment on the last day of the range was told by a pipeline and counted.
 */
export async function measureHttpReads(
  { work }: Pick<Metrics, 'work'>,
  backend: MetricsBackend,
  about: {
    name: string;
    range: { from: string; to: string };
    team: string;
    goalMs: number;
    runs: number;
  },
): Promise<Figure[]> {
  const { name, range, team, goalMs, runs } = about;
  let told = 0;
  const change = async () => {
    told += 1;
    const deployment = `${name} http ${told}`;
    await backend.tell(PROBE, [
      {
        ...{ specversion: '1.0', source: '/http', id: deployment },
        type: 'com.myorg.platform.deployment.finished.1',
        time: new Date(Date.parse(range.to) + told * 1_000).toISOString(),
        data: {
          ...{ service: PROBE, environment: 'production', deployment },
          outcome: 'succeeded',
        },
      },
    ]);
    while ((await work.pending()) > 0) {
      await new Promise(done => {
        setTimeout(done, AGAIN_MS);
      });
    }
  };
  const figures: Figure[] = [];
  for (const [of, slice] of [
    ['all', undefined],
    ['a team', team],
  ] as const) {
    const asked = (more: Record<string, string>) =>
      new URLSearchParams({ ...range, ...(slice && { slice }), ...more });
    for (const [what, path] of [
      [
        'cards with each number by week',
        `summary?${asked({ bucket: 'week' })}`,
      ],
      [
        'lead times by day',
        `series?${asked({ key: 'lead-time', bucket: 'day' })}`,
      ],
      ['table of teams', `teams?${asked({ by: 'owner', limit: ROWS })}`],
      [
        'deployments on both sides of the failure rate',
        `details?${asked({ key: 'change-failure-rate', limit: ROWS })}`,
      ],
      [
        'adoption with each number by week',
        `adoption?${asked({ bucket: 'week' })}`,
      ],
    ]) {
      const times: number[] = [];
      // Once more than is counted, as everywhere here.
      for (let run = 0; run <= runs; run++) {
        await change();
        const start = performance.now();
        await backend.ask(path);
        if (run > 0) times.push(performance.now() - start);
      }
      for (const [part, q] of [
        ['median', 0.5],
        ['p95', 0.95],
      ] as const) {
        figures.push({
          name: `${name}, by HTTP: ${what} of ${of}, ${part}`,
          ...{ unit: 'ms', n: times.length, value: quantile(times, q) },
          ...(part === 'p95' && { goal: `< ${goalMs}` }),
        });
      }
    }
  }
  return figures;
}
