import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { randomBytes } from 'node:crypto';
import { ANNA, migrate, STAGING, world } from '../../__testUtils__/world';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
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
function workload(kind: string, version: string): KubernetesObject {
  return {
    apiVersion: kind === 'Rollout' ? 'argoproj.io/v1alpha1' : 'apps/v1',
    kind,
    metadata: { name: 'cart', labels: { version } },
    spec: {
      replicas: 2,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          automountServiceAccountToken: false,
          securityContext: {
            runAsNonRoot: true,
            runAsUser: 65532,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'cart',
              image: `cart:${version}`,
              resources: {
                requests: { cpu: '10m', memory: '16Mi' },
                limits: { memory: '32Mi' },
              },
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
              },
            },
          ],
        },
      },
      ...(kind === 'Rollout' && {
        strategy: {
          canary: {
            steps: [{ setWeight: 50 }, { pause: { duration: '20s' } }],
          },
        },
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
     */
    const start = async (kind: string, asks: string) => {
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
        staging: { namespace: `{service}-${tail}`, watchSeconds: 12 },
        checks: {
          run: async ({ version }) => ({
            ok: true,
            steps: [],
            digest: `sha256:${version}`,
            strategy: kind === 'Rollout' ? 'canary' : 'rolling',
            conditions: [condition],
            manifests: canonicalManifests(
              addAnalysis([workload(kind, version)], [condition], {
                prometheus: asks,
                ...{ namespace, version },
                service: 'cart',
                environment: 'staging',
              }),
            ).text,
          }),
        },
      });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const push = (version: string, ratio: number) =>
        pushSample(
          sandbox.connection.prometheus.address,
          METRIC,
          { namespace, version, service: 'cart' },
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
