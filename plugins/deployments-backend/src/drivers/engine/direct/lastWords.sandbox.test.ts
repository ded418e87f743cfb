import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { guardedWorkload } from '@highroad/plugin-platform-node/manifests/testing';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { until } from '../../../__testUtils__/until';
import { parse } from 'yaml';
import { DirectEngine } from './DirectEngine';

describeWithSandbox(
  'pods of a cluster that are never ready',
  ['cluster', 'simulated-node'],
  sandbox => {
    it('say what they do and what the cluster warned of them last', async () => {
      const cluster = await sandbox.cluster();
      const engine = new DirectEngine({
        access: new ClusterAccess([
          { name: 'test', kubeconfig: cluster.kubeconfig },
        ]),
      });
      const namespace = `cart-${randomBytes(4).toString('hex')}`;
      const destination = {
        ...{ cluster: 'test', namespace, environment: 'test' },
        service: 'component:default/cart',
      };
      const stuck: KubernetesObject = parse(
        guardedWorkload('cart:1', {
          annotations: {
            'sandbox.platform.myorg.com/outcome': 'never-ready',
          },
        }),
      );
      try {
        await engine.prepare(destination);
        await cluster.kubectl([
          ...['create', 'serviceaccount', 'cart', '-n', namespace],
        ]);
        await engine.apply(destination, [stuck], { deployment: 'd-1' });
        const lastWords = async () => {
          const { pods } = await engine.observe(destination, [stuck]);
          return engine.lastWords(destination, pods);
        };
        await until(async () => (await lastWords()).length > 0);
        const [line] = await lastWords();
        const [, name] = /^(cart-[\w-]+), container cart: /.exec(line) ?? [];
        await cluster.kubectl(
          ['create', '-n', namespace, '-f', '-'],
          JSON.stringify({
            ...{ apiVersion: 'v1', kind: 'Event', type: 'Warning' },
            metadata: { generateName: 'a-', namespace },
            ...{ reason: 'Unhealthy', message: 'Readiness probe failed: 503' },
            involvedObject: { apiVersion: 'v1', kind: 'Pod', name, namespace },
            ...{ lastTimestamp: new Date(Date.now() + 60_000), count: 1 },
          }),
        );
        expect(await lastWords()).toEqual([
          `${name}, container cart: runs, but is not ready`,
          `${name}: Unhealthy: Readiness probe failed: 503`,
        ]);
      } finally {
        await cluster.kubectl([
          'delete',
          'namespace',
          namespace,
          '--wait=false',
        ]);
      }
    });
  },
);
