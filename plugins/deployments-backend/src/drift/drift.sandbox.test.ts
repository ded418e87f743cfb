import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { DirectEngine } from '../drivers/engine/direct/DirectEngine';
import { ClusterComparer } from './ClusterComparer';

const labels = { 'app.kubernetes.io/name': 'cart' };
const objects: KubernetesObject[] = [
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: { containers: [{ name: 'cart', image: 'cart:1' }] },
      },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name: 'settings' },
    data: { colour: 'red' },
  },
];

describeWithSandbox(
  'what was changed by hand, in a cluster',
  ['cluster'],
  sandbox => {
    const namespace = `cart-${randomBytes(4).toString('hex')}`;
    const destination = {
      cluster: 'test',
      namespace,
      service: 'component:default/cart',
      environment: 'test',
    };
    let kubectl: (args: string[], input?: string) => Promise<unknown>;
    let comparer: ClusterComparer;
    let engine: DirectEngine;

    beforeAll(async () => {
      const cluster = await sandbox.cluster();
      kubectl = cluster.kubectl;
      const access = new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]);
      engine = new DirectEngine({ access });
      comparer = new ClusterComparer({ access });
      await engine.prepare(destination);
      await engine.apply(destination, objects, { deployment: 'd-1' });
    });
    afterAll(async () => {
      await kubectl(['delete', 'namespace', namespace, '--wait=false']);
    });

    it('is nothing after deploying, whatever the cluster fills in and does', async () => {
      expect(await comparer.compare(destination, objects)).toEqual([]);
      await kubectl([
        ...['annotate', 'deployment', 'cart', '-n', namespace],
        'somebody.example/note=seen',
      ]);
      expect(await comparer.compare(destination, objects)).toEqual([]);
    });

    it('is told by its fields, and ended by applying again and taking them over', async () => {
      await kubectl([
        ...['scale', 'deployment', 'cart', '-n', namespace, '--replicas=3'],
      ]);
      await kubectl([
        ...['set', 'image', 'deployment/cart', 'cart=other:9', '-n', namespace],
      ]);
      await kubectl(['delete', 'configmap', 'settings', '-n', namespace]);
      const changes = await comparer.compare(destination, objects);
      expect(changes).toEqual([
        {
          object: 'Deployment cart',
          change: 'changed',
          fields: expect.arrayContaining([
            { path: 'spec.replicas', before: '1', after: '3' },
            {
              path: 'spec.template.spec.containers[cart].image',
              before: 'cart:1',
              after: 'other:9',
            },
          ]),
        },
        { object: 'ConfigMap settings', change: 'removed', fields: [] },
      ]);
      // Looking has changed nothing.
      expect(await comparer.compare(destination, objects)).toEqual(changes);
      const again = { deployment: 'd-2' };
      expect(await engine.conflicts(destination, objects, again)).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/^Deployment cart \.spec\.replicas: .*kubectl/),
          expect.stringMatching(
            /^Deployment cart \.spec\.template\.spec\.containers.*\.image: /,
          ),
        ]),
      );
      await expect(engine.apply(destination, objects, again)).rejects.toThrow(
        'Somebody else manages',
      );
      await engine.apply(destination, objects, { ...again, takeOver: true });
      expect(await comparer.compare(destination, objects)).toEqual([]);
    });

    it('is all of it where the namespace is gone', async () => {
      expect(
        await comparer.compare(
          { ...destination, namespace: `${namespace}-gone` },
          objects,
        ),
      ).toEqual([
        { object: 'Deployment cart', change: 'removed', fields: [] },
        { object: 'ConfigMap settings', change: 'removed', fields: [] },
      ]);
    });

    it('is not known where the cluster does not let it be looked', async () => {
      await expect(
        comparer.compare({ ...destination, namespace: 'default' }, objects),
      ).rejects.toThrow(/^Deployment cart could not be compared: .*forbidden/);
    });
  },
);
