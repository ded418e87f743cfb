import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { createServer, Server } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DirectEngine } from './DirectEngine';

const DESTINATION = {
  ...{ cluster: 'test', namespace: 'cart-staging' },
  ...{ service: 'component:default/cart', environment: 'staging' },
};
const PODS = { hashes: ['abc'], restarts: 0 };
const NAMESPACE = '/api/v1/namespaces/cart-staging';

const pod = (
  name: string,
  container: object,
  { hash = 'abc', ready = false } = {},
) => ({
  metadata: {
    ...{ name, creationTimestamp: '2026-01-01T00:00:00Z' },
    labels: { 'pod-template-hash': hash },
  },
  status: {
    phase: 'Running',
    conditions: [{ type: 'Ready', status: ready ? 'True' : 'False' }],
    containerStatuses: [
      { ...{ name: 'cart', restartCount: 0, ready }, ...container },
    ],
  },
});
const running = { state: { running: {} } };

describe('what pods say before they are removed', () => {
  let server: Server;
  let pods: object[];
  let events: object[];
  /** By name of the pod, and whether of the run before */
  let logs: Record<string, string>;
  /** What happens after each look at a present run */
  let afterLook: () => void;
  /** Paths that are never answered */
  let silent: RegExp;
  let asked: URL[];
  let engine: DirectEngine;
  let folder: string;

  beforeEach(async () => {
    [pods, events, logs, silent, asked] = [[], [], {}, /^$/, []];
    afterLook = () => {};
    server = createServer((request, response) => {
      const url = new URL(String(request.url), 'http://cluster');
      asked.push(url);
      if (silent.test(url.pathname)) return;
      const [, of, isLog] = /\/pods\/([^/]+)(\/log)$/.exec(url.pathname) ?? [];
      if (isLog) {
        const log = logs[`${of} ${url.searchParams.get('previous')}`];
        if (url.searchParams.get('previous') === 'false') afterLook();
        response.statusCode = log === undefined ? 400 : 200;
        response.setHeader('content-type', 'text/plain');
        response.end(log ?? '{}');
        return;
      }
      const resource = (name: string, kind: string) => ({
        ...{ name, kind, namespaced: true, verbs: ['list'] },
      });
      const answers: Record<string, unknown> = {
        '/api/v1': {
          kind: 'APIResourceList',
          groupVersion: 'v1',
          resources: [resource('pods', 'Pod'), resource('events', 'Event')],
        },
        [`${NAMESPACE}/pods`]: { kind: 'PodList', items: pods },
        [`${NAMESPACE}/events`]: {
          kind: 'EventList',
          items: events.map(one => ({
            involvedObject: { kind: 'Pod' },
            ...one,
          })),
        },
      };
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(answers[url.pathname] ?? {}));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const { port } = server.address() as AddressInfo;
    folder = await mkdtemp(join(tmpdir(), 'highroad-last-words-'));
    const kubeconfig = join(folder, 'kubeconfig');
    const named = { name: 'test' };
    await writeFile(
      kubeconfig,
      JSON.stringify({
        clusters: [
          {
            ...named,
            cluster: {
              server: `http://127.0.0.1:${port}`,
              'insecure-skip-tls-verify': true,
            },
          },
        ],
        users: [{ ...named, user: { token: 'a' } }],
        contexts: [{ ...named, context: { cluster: 'test', user: 'test' } }],
        'current-context': 'test',
      }),
    );
    engine = new DirectEngine({
      access: new ClusterAccess([{ ...named, kubeconfig }]),
    });
  });
  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(done => server.close(done));
    await rm(folder, { recursive: true });
  });

  const lastWords = () => engine.lastWords(DESTINATION, PODS);

  it('are the state, the last warning and the log of one whose probe fails', async () => {
    pods = [pod('cart-abc-1', running)];
    events = [
      {
        metadata: { creationTimestamp: '2026-01-01T00:00:01Z' },
        ...{ reason: 'FailedMount', message: 'not yet' },
      },
      {
        metadata: { creationTimestamp: '2026-01-01T00:00:00Z' },
        lastTimestamp: '2026-01-01T00:01:00Z',
        reason: 'Unhealthy',
        message:
          'Readiness probe failed: HTTP probe failed with statuscode: 503',
      },
    ];
    logs['cart-abc-1 false'] = 'listens on 8080\nno connection to orders\n';
    expect(await lastWords()).toEqual([
      'cart-abc-1, container cart: runs, but is not ready',
      'cart-abc-1: Unhealthy: Readiness probe failed: HTTP probe failed with statuscode: 503',
      'cart-abc-1, container cart, its last lines:',
      'listens on 8080',
      'no connection to orders',
    ]);
    const [of] = asked.filter(({ pathname }) => pathname.endsWith('/events'));
    expect(of.searchParams.get('fieldSelector')).toBe(
      'involvedObject.kind=Pod,involvedObject.name=cart-abc-1,type=Warning',
    );
  });

  it('are of the run that ended, where a container was started again', async () => {
    pods = [
      pod(
        'cart-abc-1',
        {
          ...{ restartCount: 1, ...running },
          lastState: { terminated: { reason: 'OOMKilled', exitCode: 137 } },
        },
        { ready: true },
      ),
    ];
    logs['cart-abc-1 true'] = 'the end\n';
    logs['cart-abc-1 false'] = 'a new beginning\n';
    expect(await lastWords()).toEqual([
      'cart-abc-1, container cart: is ready; started again 1 times; its last run ended: OOMKilled, exit code 137',
      'cart-abc-1, container cart, its last lines:',
      'the end',
    ]);
  });

  it('are asked for again while a node has thrown the log of one run away and not told of the next yet', async () => {
    pods = [
      pod('cart-abc-1', {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        restartCount: 2,
      }),
    ];
    logs['cart-abc-1 true'] =
      'unable to retrieve container logs for containerd://abc';
    let looks = 0;
    afterLook = () => {
      looks += 1;
      if (looks === 2) logs['cart-abc-1 true'] = 'PORT must be a number\n';
    };
    expect(await lastWords()).toEqual([
      'cart-abc-1, container cart: waits (CrashLoopBackOff); started again 2 times',
      'cart-abc-1, container cart, its last lines:',
      'PORT must be a number',
    ]);
    expect(looks).toBe(2);
  });

  it('are nothing where there is no log, however often it is asked for', async () => {
    pods = [
      pod('cart-abc-1', {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        restartCount: 2,
      }),
    ];
    logs['cart-abc-1 true'] =
      'unable to retrieve container logs for containerd://abc';
    expect(await lastWords()).toEqual([
      'cart-abc-1, container cart: waits (CrashLoopBackOff); started again 2 times',
    ]);
  });

  it('are none of pods that do well, nor of those of another version', async () => {
    pods = [
      pod('cart-abc-1', running, { ready: true }),
      pod('cart-old-1', running, { hash: 'old' }),
    ];
    expect(await lastWords()).toEqual([]);
  });

  it('hold no secret that a program prints', async () => {
    const address = 'postgres://cart:hunter2secret@db:5432/cart';
    pods = [
      pod('cart-abc-1', {
        state: { waiting: { reason: 'CrashLoopBackOff' } },
        restartCount: 1,
        lastState: { terminated: { message: `cannot reach ${address}` } },
      }),
    ];
    logs['cart-abc-1 true'] = `DATABASE_URL=${address}\nTOKEN=abcdef123456\n`;
    const told = (await lastWords()).join('\n');
    expect(told).toContain('DATABASE_URL=postgres://[redacted]@db:5432/cart');
    expect(told).toContain('cannot reach postgres://[redacted]@db');
    expect(told).not.toMatch(/hunter2|abcdef123456/);
  });

  it('are of few pods and few lines, however many there are', async () => {
    pods = Array.from({ length: 50 }, (_, at) =>
      pod(`cart-abc-${at}`, running),
    );
    for (let at = 0; at < 50; at++) {
      logs[`cart-abc-${at} false`] = `${'x'.repeat(10_000)}\n`.repeat(15);
    }
    const told = await lastWords();
    expect(told.at(-1)).toBe('48 more pods are not ready or were restarted');
    expect(told.length).toBeLessThan(50);
    expect(Math.max(...told.map(({ length }) => length))).toBeLessThan(600);
    const log = asked.find(({ pathname }) => pathname.endsWith('/log'));
    expect(Number(log?.searchParams.get('tailLines'))).toBeLessThan(50);
    expect(Number(log?.searchParams.get('limitBytes'))).toBeGreaterThan(0);
  });

  it('are what is known where a node does not give its logs', async () => {
    pods = [pod('cart-abc-1', running)];
    silent = /\/log$/;
    expect(await lastWords()).toEqual([
      'cart-abc-1, container cart: runs, but is not ready',
      'cart-abc-1, container cart: its log cannot be read: the cluster does not answer',
    ]);
  });

  it('are not waited for where the cluster does not answer', async () => {
    silent = /\/pods$/;
    const began = Date.now();
    expect(await lastWords()).toEqual([
      'Its pods cannot be read: the cluster does not answer',
    ]);
    expect(Date.now() - began).toBeLessThan(6_000);
  });

  it('are not asked for by who has lost the deployment', async () => {
    await expect(
      engine.lastWords(DESTINATION, PODS, AbortSignal.abort(new Error('lost'))),
    ).rejects.toThrow('lost');
    expect(asked).toEqual([]);
  });
});
