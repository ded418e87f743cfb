import { metricsOperations } from '@highroad/plugin-metrics-common';
import { BenchEvent, HistorySize, deliveryHistory } from './deliveryHistory';
import { MetricsBackend } from './metricsBackend';
import { Metrics } from './metricsReads';
import { Figure } from './report';
import { quantile } from './statistics';

const AT_ONCE = 500;
const summarySchema = metricsOperations.summary.output;
export const PROBE_TEAM = 'group:default/probe';
const PROBE = 'component:default/zz-probe';
const BETWEEN_PROBES_MS = 1_000;

/**
 * Tells of what happens at a pace, computes beside it, and asks all the time how many deployments of one more service there are: what
 * that takes is how far numbers lag behind.
 *
 * @param about.rate - events a second
 * @param about.by - a backend that is told over HTTP, of one service at a time, and computes; in the process itself if left out
 */
export async function measureIngest(
  metrics: Metrics,
  about: {
    name: string;
    history: HistorySize;
    rate: number;
    seconds: number;
    goal: string;
    by?: MetricsBackend;
  },
): Promise<Figure[]> {
  const { name, history, rate, seconds, goal, by } = about;
  const source = `/probe/${name}`;
  const { intake, compute, numbers } = metrics;
  const batches = batchesOf(deliveryHistory(history), by !== undefined);
  const tell = async (events: BenchEvent[]) => {
    if (by) await by.tell(events[0].data.service, events);
    else await intake.take(events, { source: '/bench' });
  };
  const began = performance.now();
  const over = () => performance.now() - began > seconds * 1_000;
  let taken = 0;
  let isTaking = true;
  const take = async () => {
    while (!over()) {
      const batch: BenchEvent[] = batches.next().value;
      await tell(batch);
      taken += batch.length;
      const due = began + (taken / rate) * 1_000;
      await pause(due - performance.now());
    }
    isTaking = false;
  };
  const work = async () => {
    while (isTaking && !by) {
      if ((await compute()) === 0) await pause(50);
    }
  };
  const at = new Date(history.to).toISOString();
  const day = at.slice(0, 10);
  const lags: number[] = [];
  const probe = async () => {
    // Whose a service is, is nothing that a pipeline says.
    await intake.take([owned(source, at)], { source: '/bench' });
    const scope = { from: day, to: day, slice: PROBE_TEAM };
    const counted = async () => {
      const { keys } = by
        ? summarySchema.parse(
            JSON.parse(await by.ask(`summary?${new URLSearchParams(scope)}`)),
          )
        : await numbers.summary(scope);
      const { current } = keys[0];
      return current.state === 'value' ? current.n : 0;
    };
    const before = await counted();
    for (let number = 1; isTaking; number++) {
      const start = performance.now();
      await tell([deployed(source, number, at)]);
      while ((await counted()) < before + number) await pause(100);
      lags.push(performance.now() - start);
      await pause(BETWEEN_PROBES_MS);
    }
  };
  const probing = probe();
  await Promise.all([take(), work()]);
  const lasted = (performance.now() - began) / 1_000;
  if (!by) await compute();
  await probing;
  return [
    {
      ...{ name: `${name}: events taken while computing`, n: taken },
      ...{ value: taken / lasted, unit: 'events/s', goal },
    },
    {
      ...{ name: `${name}: until a deployment was counted, p95`, unit: 's' },
      ...{ value: quantile(lags, 0.95) / 1_000, goal: '< 5', n: lags.length },
    },
  ];
}

/** @param alike - each of one service only, as what is sent at once has to be */
function* batchesOf(
  events: Iterable<BenchEvent>,
  alike: boolean,
): Generator<BenchEvent[]> {
  let batch: BenchEvent[] = [];
  for (const event of events) {
    const isOther = alike && batch[0]?.data.service !== event.data.service;
    if (batch.length === AT_ONCE || (batch.length > 0 && isOther)) {
      yield batch;
      batch = [];
    }
    batch.push(event);
  }
  yield batch;
}

function owned(source: string, at: string) {
  return told(source, 'owned', 'com.myorg.platform.service.owned.1', at, {
    owner: PROBE_TEAM,
  });
}

function deployed(source: string, number: number, at: string) {
  return told(
    source,
    `${number}`,
    'com.myorg.platform.deployment.finished.1',
    at,
    {
      ...{ environment: 'production', outcome: 'succeeded' },
      deployment: `${source} ${number}`,
    },
  );
}

function told(
  source: string,
  id: string,
  type: string,
  time: string,
  data: object,
): BenchEvent {
  return {
    ...{ specversion: '1.0' as const, source, id, type, time },
    data: { service: PROBE, ...data },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise(done => {
    setTimeout(done, Math.max(0, ms));
  });
}
