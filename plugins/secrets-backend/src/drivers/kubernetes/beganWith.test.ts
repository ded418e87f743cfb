import { beganWithAll, labelSelector, writtenAt } from './beganWith';
import { FirstArrival } from './usesSecret';

const since = new Date('2026-11-30T12:00:00Z');
const [BEFORE, AFTER] = ['2026-11-30T11:59:55Z', '2026-11-30T12:00:06Z'];
const SOON = '2026-11-30T12:00:05Z';
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
/** Where some of it was never there before. */
const hasFirst = (spec: object, status: object, first: Partial<FirstArrival>) =>
  beganWithAll([pod(BEFORE, [status], { spec })], {
    ...{ since, secret: 'cart', keys: ['A'] },
    first: { keys: [], whole: false, ...first },
  });
const env = (key: string, optional?: boolean) => ({
  valueFrom: { secretKeyRef: { name: 'cart', key, optional } },
});

describe('pods have what a Secret holds', () => {
  it('where they were made well after it was written', () => {
    expect(has(pod(AFTER, [running(AFTER)]))).toBe(true);
    expect(has(pod(BEFORE, [running(BEFORE)]))).toBe(false);
    expect(has(pod(AFTER), pod(BEFORE, [running(BEFORE)]))).toBe(false);
    // Clocks differ, and kubelet may know the Secret as it was a moment ago.
    expect(has(pod(SOON, [running(AFTER)]))).toBe(false);
  });

  it.each([
    ['began after it was written', running(AFTER)],
    ['wait for their image', waiting()],
    ['wait to begin again', waiting(3)],
  ])('not for sure where they were made before, and %s', (_, status) => {
    expect(has(pod(BEFORE, [status]))).toBe(false);
    const mounted = {
      spec: {
        containers: [{ name: 'app' }],
        volumes: [{ secret: { secretName: 'cart' } }],
      },
    };
    // Kubelet mounts files before it gets images, and not anew when a container begins again.
    expect(has(pod(BEFORE, [status], mounted))).toBe(false);
    expect(hasFirst(mounted.spec, status, { keys: ['A'], whole: true })).toBe(
      false,
    );
  });

  it('where they had to wait for it, since it was never there before', () => {
    const needs = { containers: [{ name: 'app', env: [env('A')] }] };
    for (const status of [running(AFTER), running(SOON), waiting()]) {
      expect(hasFirst(needs, status, { keys: ['A'] })).toBe(true);
      expect(hasFirst(needs, status, { keys: ['B'] })).toBe(false);
    }
    expect(hasFirst(needs, running(BEFORE), { keys: ['A'] })).toBe(false);
    // What fails again and again is given it sooner by a restart.
    expect(hasFirst(needs, waiting(3), { keys: ['A'] })).toBe(false);
    expect(hasFirst(needs, { ...waiting(), name: 'x' }, { keys: ['A'] })).toBe(
      false,
    );
  });

  it('where they had to wait for the first Secret, with all of it', () => {
    const all = { containers: [reads] };
    expect(hasFirst(all, waiting(), { keys: ['A'], whole: true })).toBe(true);
    expect(hasFirst(all, waiting(), { keys: ['A'] })).toBe(false);
  });

  it.each([
    ['a key', { env: [env('A', true)] }],
    ['one key of two', { env: [env('A'), env('A', true)] }],
    [
      'all of it',
      { envFrom: [{ secretRef: { name: 'cart', optional: true } }] },
    ],
  ])('not for sure where they can begin without %s', (_, container) => {
    const spec = { containers: [{ name: 'app', ...container }] };
    const first = { keys: ['A'], whole: true };
    expect(hasFirst(spec, waiting(), first)).toBe(false);
    expect(hasFirst(spec, running(AFTER), first)).toBe(false);
  });

  it('where what began before it reads nothing of it', () => {
    const spec = {
      containers: [
        { name: 'app', env: [env('A')] },
        { name: 'proxy', env: [env('B', true)] },
      ],
    };
    const statuses = [running(AFTER), running(BEFORE, 'proxy')];
    const written = {
      ...{ since, secret: 'cart', keys: ['A'] },
      first: { keys: ['A'], whole: false },
    };
    expect(beganWithAll([pod(BEFORE, statuses, { spec })], written)).toBe(true);
    expect(
      beganWithAll([pod(BEFORE, statuses, { spec })], {
        ...written,
        keys: ['A', 'B'],
      }),
    ).toBe(false);
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
