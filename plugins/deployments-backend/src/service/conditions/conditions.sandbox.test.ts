import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { randomBytes } from 'node:crypto';
import { Line } from '../../__testUtils__/Line';
import { ANNA, migrate, STAGING, world } from '../../__testUtils__/world';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { podSpec } from '../../drivers/engine/direct/__testUtils__/engineWorld';
import { DirectEngine } from '../../drivers/engine/direct/DirectEngine';
import { canonicalManifests } from '@highroad/plugin-platform-node/manifests';
import { pushSample } from '../../drivers/prometheus/__testUtils__/pushSample';
import { Prometheus } from '../../drivers/prometheus/Prometheus';
import { addAnalysis } from './analysis';
import { Condition } from './Condition';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const METRIC = 'highroad_test_error_ratio';
const condition: Condition = {
  name: 'error-rate',
  query: `max(${METRIC}{namespace="{namespace}",version="{version}",service="{service}"})`,
  bound: 'max',
  threshold: 0.05,
  window: 5,
  fewSamples: 'fail',
};

const labels = { 'app.kubernetes.io/name': 'cart' };
const STEPS = [{ setWeight: 50 }, { pause: { duration: '20s' } }];
function workload(
  kind: string,
  version: string,
  steps: object[] = STEPS,
): KubernetesObject {
  return {
    apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
    kind,
    metadata: { name: 'cart', labels: { version } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: podSpec('cart', `cart:${version}`),
      },
      ...(kind === 'Rollout' && {
        strategy: { canary: { steps } },
      }),
    },
  };
}

describeWithSandbox(
  'conditions, asked of a real Prometheus',
  ['cluster', 'simulated-node'],
  sandbox => {
    let kubectl: (args: string[]) => Promise<unknown>;
    let kubeconfig: string;
    const namespaces: string[] = [];
    const stops: Array<() => Promise<void>> = [];

    beforeAll(async () => {
      ({ kubeconfig, kubectl } = await sandbox.cluster());
    });
    afterAll(async () => {
      for (const stop of stops) await stop();
      await kubectl([
        ...['delete', 'namespace', ...namespaces],
        ...['--wait=false', '--ignore-not-found'],
      ]);
    });

    /**
     * A backend with a database and a namespace of its own, so that what waits can wait side by side.
     *
     * @param asks - address at which conditions are asked
     * @param options.conditions - of a version
     */
    const start = async (
      kind: string,
      asks: string,
      options: {
        steps?: object[];
        watchSeconds?: number;
        conditions?: (version: string) => Condition[];
      } = {},
    ) => {
      const { steps, watchSeconds = 12 } = options;
      const { conditions = () => [condition] } = options;
      const db = await databases.init('SQLITE_3');
      await migrate(db);
      const tail = randomBytes(4).toString('hex');
      const namespace = `cart-${tail}`;
      namespaces.push(namespace);
      const made = world(db, {
        engine: new DirectEngine({
          access: new ClusterAccess([{ name: 'test', kubeconfig }]),
        }),
        numbers: new Prometheus({ url: asks }),
        staging: { namespace: `{service}-${tail}`, watchSeconds },
        checks: {
          run: async ({ version }) => ({
            ok: true,
            steps: [],
            digest: `sha256:${version}`,
            strategy: kind === 'Rollout' ? 'canary' : 'rolling',
            conditions: conditions(version),
            manifests: canonicalManifests(
              addAnalysis(
                [workload(kind, version, steps)],
                conditions(version),
                {
                  prometheus: asks,
                  ...{ namespace, version },
                  service: 'cart',
                  environment: 'staging',
                },
              ),
            ).text,
          }),
        },
      });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const push = (version: string, ratio: number, more: object = {}) =>
        pushSample(
          sandbox.connection.prometheus.address,
          METRIC,
          { namespace, version, service: 'cart', ...more },
          ratio,
        );
      const deploy = async (
        version: string,
        ratio?: number,
      ): Promise<DeploymentDetail> => {
        if (ratio !== undefined) await push(version, ratio);
        const place = { ...STAGING, service: `component:default/cart` };
        const { id } = await made.service.deploy(place, version, ANNA, {
          supersede: false,
        });
        return made.ended(id, 90_000);
      };
      return { ...made, deploy, push };
    };

    it.concurrent(
      'judges a canary while its traffic is shifted, through Argo Rollouts',
      async () => {
        const { address } = sandbox.connection.prometheus;
        const { deploy, ended } = await start('Rollout', address);
        expect(await deploy('1.0.0', 0.01)).toMatchObject({
          state: 'succeeded',
        });
        expect(await deploy('1.1.0', 0.01)).toMatchObject({
          state: 'succeeded',
        });
        expect(await deploy('1.1.0')).toMatchObject({ unchanged: true });

        const bad = await deploy('2.0.0', 0.5);
        expect(bad.summary).toMatch(
          /^The shifting of traffic was aborted.*platform-error-rate.*1\.1\.0 is put back\.$/s,
        );
        expect(bad.steps.at(-1)?.evidence).toEqual([
          'platform-error-rate is [0.5] (Failed)',
          'good is: result[0] <= 0.05',
          expect.stringMatching(/^asked: .*highroad_test_error_ratio/),
        ]);
        expect(await ended(String(bad.undoneBy), 90_000)).toMatchObject({
          state: 'succeeded',
          version: '1.1.0',
        });

        // Nothing is known of it: that is no pass either.
        const unknown = await deploy('3.0.0');
        expect(unknown.state).toBe('failed');
        expect(unknown.steps.at(-1)?.evidence[0]).toMatch(
          /^platform-error-rate could not be evaluated: /,
        );
        expect(await ended(String(unknown.undoneBy), 90_000)).toMatchObject({
          state: 'succeeded',
        });
      },
    );

    it.concurrent(
      'puts a canary back at once, not step by step, that is violated when it has all the traffic',
      async () => {
        const { address } = sandbox.connection.prometheus;
        const { deploy, ended, service, push } = await start(
          'Rollout',
          address,
        );
        await deploy('1.0.0', 0.01);
        await push('2.0.0', 0.01);
        const { id } = await service.deploy(STAGING, '2.0.0', ANNA, {
          supersede: false,
        });
        let seen = await service.get(id);
        while (!seen.summary.includes('watched until')) {
          seen = await service.get(id, { after: seen.revision });
          expect(seen.endedAt).toBeUndefined();
        }
        await push('2.0.0', 0.5);
        const bad = await ended(id, 30_000);
        expect(bad.summary).toBe(
          'error-rate is 0.5, but has to be at most 0.05. 1.0.0 is put back.',
        );
        const back = await ended(String(bad.undoneBy), 60_000);
        expect(back).toMatchObject({ state: 'succeeded', version: '1.0.0' });
        // Its own pause alone lasts for 20 seconds.
        expect(
          Date.parse(String(back.endedAt)) - Date.parse(back.requestedAt),
        ).toBeLessThan(15_000);
      },
    );

    const QUICK = [
      { setWeight: 25 },
      { pause: { duration: '1s' } },
      { setWeight: 50 },
    ];
    /** A canary that is quicker than anything can be known of it, from 1.0.0 to 2.0.0, through a line to Prometheus. */
    const quick = async (query = condition.query) => {
      const { address } = sandbox.connection.prometheus;
      const line = new Line(new URL(address));
      const port = await line.open();
      const made = await start('Rollout', `http://127.0.0.1:${port}`, {
        ...{ steps: QUICK, watchSeconds: 0 },
        conditions: version =>
          version === '1.0.0' ? [] : [{ ...condition, query }],
      });
      stops.push(() => line.close());
      expect(await made.deploy('1.0.0')).toMatchObject({ state: 'succeeded' });
      return { ...made, line };
    };
    const weights = ({ traffic = [] }: DeploymentDetail) =>
      traffic.map(({ weight }) => weight);

    it.concurrent.each([
      ['knows nothing of it', condition.query, undefined],
      ['knows two values', condition.query.replace(/^max/, ''), undefined],
      ['cannot read the query', 'max(', undefined],
      ['is away', condition.query, 'cut'],
    ])(
      'gives a canary no more traffic than it begins with where Prometheus %s',
      async (_, query, cut) => {
        const { deploy, ended, line, push } = await quick(query);
        if (cut) line.cut();
        if (query.startsWith('(')) await push('2.0.0', 0.01, { pod: 'other' });
        const unknown = await deploy(
          '2.0.0',
          query === condition.query && !cut ? undefined : 0.01,
        );
        expect(unknown).toMatchObject({
          state: 'failed',
          summary: expect.stringMatching(
            /^The shifting of traffic was aborted.*1\.0\.0 is put back\.$/s,
          ),
        });
        expect(unknown.steps.at(-1)?.evidence[0]).toMatch(
          /^platform-error-rate could not be evaluated: /,
        );
        expect(Math.max(...weights(unknown))).toBe(25);
        expect(await ended(String(unknown.undoneBy), 90_000)).toMatchObject({
          ...{ state: 'succeeded', version: '1.0.0' },
        });
      },
    );

    it.concurrent(
      'waits with a canary’s next traffic while Prometheus is away for a moment, and says so',
      async () => {
        const { ended, line, push, service } = await quick();
        await push('2.0.0', 0.01);
        line.cut();
        const { id } = await service.deploy(STAGING, '2.0.0', ANNA, {
          supersede: false,
        });
        let seen = await service.get(id);
        while (!seen.summary.includes('could not be evaluated')) {
          seen = await service.get(id, { after: seen.revision });
          expect(seen.endedAt).toBeUndefined();
        }
        expect(seen.summary).toMatch(
          /^Judged before it goes on: .*, 25% of the traffic; platform-error-rate could not be evaluated: /,
        );
        line.mend();
        const done = await ended(id, 90_000);
        expect(done).toMatchObject({ state: 'succeeded' });
        expect(weights(done).filter(weight => weight > 0)).toEqual([
          ...[25, 50, 100],
        ]);
      },
    );

    it.concurrent('judges a rolling update while it is watched', async () => {
      const { address } = sandbox.connection.prometheus;
      const { deploy, ended } = await start('Deployment', address);
      expect((await deploy('1.0.0', 0.01)).steps.at(-1)).toMatchObject({
        name: 'watch',
        state: 'succeeded',
        evidence: [
          'error-rate is 0.01, good is at most 0.05',
          expect.stringContaining('version="1.0.0"'),
        ],
      });
      expect((await deploy('1.0.0')).summary).toBe(
        'Nothing to do: 1.0.0 already runs in staging',
      );
      const bad = await deploy('2.0.0', 0.5);
      expect(bad.summary).toBe(
        'error-rate is 0.5, but has to be at most 0.05. 1.0.0 is put back.',
      );
      await ended(String(bad.undoneBy), 90_000);
      const unknown = await deploy('3.0.0');
      expect(unknown.summary).toBe(
        'error-rate could not be evaluated: the query comes to nothing: no such series has data. 1.0.0 is put back.',
      );
      await ended(String(unknown.undoneBy), 90_000);
    });

    it.concurrent(
      'does not take a Prometheus that is down for one that found nothing wrong',
      async () => {
        const { deploy } = await start('Deployment', 'http://127.0.0.1:9');
        expect((await deploy('1.0.0')).summary).toMatch(
          /^error-rate could not be evaluated: Prometheus does not answer at http:\/\/127\.0\.0\.1:9/,
        );
      },
    );
  },
);
