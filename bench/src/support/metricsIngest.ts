import { HistorySize, deliveryHistory } from './deliveryHistory';
import { Metrics } from './metricsReads';
import { Figure } from './report';
import { quantile } from './statistics';

const AT_ONCE = 500;
const PROBE_TEAM = 'group:default/probe';
const PROBE = 'component:default/zz-probe';
const BETWEEN_PROBES_MS = 1_000;

/**
 * Tells of what happens at a pace, computes beside it, and asks all the time how many deployments of one more service there are: what
 * that takes is how far numbers lag behind.
 *
 * @param about.rate - events a second
 */
export async function measureIngest(
  metrics: Metrics,
  about: {
    name: string;
    history: HistorySize;
    rate: number;
    seconds: number;
    goal: string;
  },
): Promise<Figure[]> {
  const { name, history, rate, seconds, goal } = about;
  const source = `/probe/${name}`;
  const { intake, compute, numbers } = metrics;
  const events = deliveryHistory(history);
  const began = performance.now();
  const over = () => performance.now() - began > seconds * 1_000;
  let taken = 0;
  let isTaking = true;
  const take = async () => {
    while (!over()) {
      const batch: object[] = [];
      while (batch.length < AT_ONCE) batch.push(events.next().value);
      await intake.take(batch, { source: '/bench' });
      taken += batch.length;
      const due = began + (taken / rate) * 1_000;
      await pause(due - performance.now());
    }
    isTaking = false;
  };
  const work = async () => {
    while (isTaking) {
      if ((await compute()) === 0) await pause(50);
    }
  };
  const at = new Date(history.to).toISOString();
  const day = at.slice(0, 10);
  const lags: number[] = [];
  const probe = async () => {
    await intake.take([owned(source, at)], { source: '/bench' });
    const counted = async () => {
      const { keys } = await numbers.summary({
        ...{ from: day, to: day, slice: PROBE_TEAM },
      });
      const { current } = keys[0];
      return current.state === 'value' ? current.n : 0;
    };
    const before = await counted();
    for (let number = 1; isTaking; number++) {
      const start = performance.now();
      await intake.take([deployed(source, number, at)], { source: '/bench' });
      while ((await counted()) < before + number) await pause(100);
      lags.push(performance.now() - start);
      await pause(BETWEEN_PROBES_MS);
    }
  };
  const probing = probe();
  await Promise.all([take(), work()]);
  const lasted = (performance.now() - began) / 1_000;
  await compute();
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
) {
  return {
    ...{ specversion: '1.0', source, id, type, time },
    data: { service: PROBE, ...data },
  };
}

function pause(ms: number): Promise<void> {
  return new Promise(done => {
    setTimeout(done, Math.max(0, ms));
  });
}
