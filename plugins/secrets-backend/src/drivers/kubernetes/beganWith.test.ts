import { beganWithAll, labelSelector, writtenAt } from './beganWith';

const since = new Date('2026-11-30T12:00:00Z');
const [BEFORE, AFTER] = ['2026-11-30T11:59:58Z', '2026-11-30T12:00:03Z'];
const reads = { name: 'app', envFrom: [{ secretRef: { name: 'cart' } }] };
const pod = (
  createdAt: string,
  statuses: object[] = [],
  more: { spec?: object; metadata?: object; phase?: string } = {},
) => ({
  metadata: { creationTimestamp: createdAt, ...more.metadata },
  spec: { containers: [reads], ...more.spec },
  status: { phase: more.phase ?? 'Running', containerStatuses: statuses },
});
const running = (startedAt: string, name = 'app') => ({
  ...{ name, restartCount: 0, state: { running: { startedAt } } },
});
const waiting = (restartCount = 0) => ({
  ...{ name: 'app', restartCount, state: { waiting: { reason: 'x' } } },
});
const has = (...pods: object[]) =>
  beganWithAll(pods, { since, secret: 'cart', keys: ['A'] });

describe('pods have what a Secret holds', () => {
  it('where they were made after it was written', () => {
    expect(has(pod(AFTER, [running(AFTER)]))).toBe(true);
    expect(has(pod(BEFORE, [running(BEFORE)]))).toBe(false);
    expect(has(pod(AFTER), pod(BEFORE, [running(BEFORE)]))).toBe(false);
    expect(has(pod('2026-11-30T12:00:00Z', [running(BEFORE)]))).toBe(false);
  });

  it('where they waited for it, and began when it was there', () => {
    expect(has(pod(BEFORE, [running(AFTER)]))).toBe(true);
    expect(has(pod(BEFORE, [waiting()], { phase: 'Pending' }))).toBe(true);
    // What fails again and again is given it sooner by a restart.
    expect(has(pod(BEFORE, [waiting(3)]))).toBe(false);
  });

  it('where what began before it reads nothing of it', () => {
    const beside = { spec: { containers: [reads, { name: 'proxy' }] } };
    const statuses = [running(AFTER), running(BEFORE, 'proxy')];
    expect(has(pod(BEFORE, statuses, beside))).toBe(true);
    const mounted = {
      spec: {
        ...beside.spec,
        volumes: [{ secret: { secretName: 'cart' } }],
      },
    };
    expect(has(pod(BEFORE, statuses, mounted))).toBe(false);
  });

  it('leaving out those that end, and not where there are none', () => {
    const ending = { metadata: { deletionTimestamp: AFTER } };
    const old = [running(BEFORE)];
    expect(
      has(
        pod(AFTER, [running(AFTER)]),
        pod(BEFORE, old, ending),
        pod(BEFORE, old, { phase: 'Failed' }),
      ),
    ).toBe(true);
    expect(has()).toBe(false);
    expect(has(pod(BEFORE))).toBe(false);
  });
});

it('when a manager wrote last is said by the cluster', () => {
  const secret = (...managedFields: object[]) => ({
    metadata: { managedFields },
  });
  expect(
    writtenAt(
      secret(
        { manager: 'highroad-secrets', time: BEFORE },
        { manager: 'kubectl', time: AFTER },
      ),
      'highroad-secrets',
    ),
  ).toEqual(new Date(BEFORE));
  expect(writtenAt(secret(), 'highroad-secrets')).toBeUndefined();
});

it('pods are found by labels, and not where more than these selects them', () => {
  expect(labelSelector({ matchLabels: { app: 'cart', tier: 'web' } })).toBe(
    'app=cart,tier=web',
  );
  expect(labelSelector({})).toBeUndefined();
  expect(
    labelSelector({ matchLabels: { a: 'b' }, matchExpressions: [{}] }),
  ).toBeUndefined();
});
