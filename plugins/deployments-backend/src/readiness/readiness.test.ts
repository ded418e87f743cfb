import { mockServices } from '@backstage/backend-test-utils';
import { KubeConfig } from '@kubernetes/client-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { until } from '../__testUtils__/until';
import { ReadinessWatch } from './ReadinessWatch';
import { withReadiness } from './withReadiness';

describe('how many pods are ready, where clusters are not as they should be', () => {
  const stops: Array<() => Promise<unknown>> = [];
  const logger = mockServices.logger.mock();
  afterEach(async () => {
    // A watch before what it watches: it would tell of that otherwise.
    for (const stop of stops.splice(0).reverse()) await stop();
    jest.clearAllMocks();
  });

  const watchOf = (access: Pick<ClusterAccess, 'config'>) => {
    const watch = new ReadinessWatch({
      access,
      clusters: ['test'],
      ...{ jitter: () => 0, logger, onChange: () => {} },
    });
    stops.push(() => watch.stop());
    return watch;
  };
  /** An API server that answers as the test says. */
  const served = async (
    answer: (path: string) => { code: number; body: object } | undefined,
  ) => {
    const asked: string[] = [];
    const server: Server = createServer((request, response) => {
      const path = request.url ?? '';
      asked.push(path);
      const { code, body } = answer(path) ?? {};
      // A watch that is agreed to, and says nothing.
      if (code === undefined) response.writeHead(200).flushHeaders();
      else response.writeHead(code).end(JSON.stringify(body));
    });
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    stops.push(async () => {
      server.closeAllConnections();
      await new Promise(done => server.close(done));
    });
    const { port } = server.address() as AddressInfo;
    const config = new KubeConfig();
    config.loadFromClusterAndUser(
      {
        ...{ name: 'test', server: `http://127.0.0.1:${port}` },
        skipTLSVerify: true,
      },
      { name: 'nobody' },
    );
    return { asked, access: { config: () => config } };
  };
  const empty = { code: 200, body: { metadata: {}, items: [] } };
  const missing = { code: 404, body: { message: 'not found' } };
  const forbidden = { code: 403, body: { message: 'you may not watch' } };

  it('is not known before anybody has looked', async () => {
    const { access } = await served(() => empty);
    expect(watchOf(access).problem('test')).toBe(
      'The cluster test has not been looked at yet.',
    );
  });

  it('is not known where the kubeconfig is missing, and nothing else stops for that', () => {
    const kubeconfig = '/nowhere/kubeconfig';
    const watch = watchOf(new ClusterAccess([{ name: 'test', kubeconfig }]));
    watch.start();
    expect(watch.problem('test')).toMatch(
      /^The cluster test cannot be watched: .*\/nowhere\/kubeconfig/,
    );
  });

  it('is known where there are no Rollouts, and not where there is nothing at all', async () => {
    const some = await served(path => {
      if (path.includes('/rollouts')) return missing;
      return path.includes('watch=') ? undefined : empty;
    });
    const watch = watchOf(some.access);
    watch.start();
    await until(async () => watch.problem('test') === undefined);
    expect(logger.warn).not.toHaveBeenCalled();

    const none = watchOf((await served(() => missing)).access);
    none.start();
    await until(async () => /not found/.test(none.problem('test') ?? ''));
  });

  it('asks less and less often where it may list and not watch, and says so once', async () => {
    const { asked, access } = await served(path =>
      path.includes('watch=') ? forbidden : empty,
    );
    const watch = watchOf(access);
    watch.start();
    const watched = () =>
      asked.filter(path => /deployments.*watch=/.test(path)).length;
    const began = Date.now();
    await until(async () => watched() >= 5);
    // Half of 250, 500, 1,000 and 2,000 ms between them.
    expect(Date.now() - began).toBeGreaterThan(1_800);
    expect(watch.problem('test')).toMatch(/you may not watch/);
    const told = jest.mocked(logger.warn).mock.calls.map(([words]) => words);
    expect([...new Set(told)]).toEqual([
      expect.stringContaining('you may not watch'),
    ]);
    expect(told.length).toBeLessThanOrEqual(2);
  });
});

it('counts what is to be undone until its rollback is applied', () => {
  const of = jest.fn(() => undefined);
  const latest = { id: 'back', undoes: 'bad' };
  withReadiness([{ running: { id: 'good' }, latest } as never], { of });
  expect(of).toHaveBeenCalledWith(['good', 'back', 'bad']);
});
