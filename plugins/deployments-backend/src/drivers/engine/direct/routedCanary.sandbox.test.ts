import { describeWithSandbox } from '@highroad/sandbox/testing';
import {
  Destination,
  KubernetesObject,
  Observation,
} from '@highroad/plugin-deployments-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { DirectEngine } from './DirectEngine';

jest.setTimeout(180_000);

const WEIGHT = 'nginx.ingress.kubernetes.io/canary-weight';
const ingressSchema = z.object({
  metadata: z.object({ annotations: z.record(z.string()) }),
  spec: z.object({ ingressClassName: z.string() }),
});
const serviceSchema = z.object({
  spec: z.object({ selector: z.record(z.string()) }),
});
const labels = { 'app.kubernetes.io/name': 'cart' };

function service(name: string): KubernetesObject {
  return {
    ...{ apiVersion: 'v1', kind: 'Service', metadata: { name } },
    spec: { selector: labels, ports: [{ name: 'http', port: 80 }] },
  };
}

const ingress: KubernetesObject = {
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'cart' },
  spec: {
    rules: [
      {
        host: 'cart.example.com',
        http: {
          paths: [
            {
              ...{ path: '/', pathType: 'Prefix' },
              backend: { service: { name: 'cart', port: { name: 'http' } } },
            },
          ],
        },
      },
    ],
  },
};

function rollout(image: string): KubernetesObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'cart' },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          securityContext: {
            ...{ runAsNonRoot: true, runAsUser: 65532 },
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              ...{ name: 'cart', image },
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
      strategy: {
        canary: {
          ...{ stableService: 'cart', canaryService: 'cart-canary' },
          trafficRouting: { nginx: { stableIngress: 'cart' } },
          steps: [{ setWeight: 5 }, { pause: {} }],
        },
      },
    },
  };
}

describeWithSandbox(
  'a canary whose traffic an ingress splits',
  ['cluster', 'simulated-node'],
  sandbox => {
    let engine: DirectEngine;
    let destination: Destination;
    let kubectl: (args: string[]) => Promise<string>;

    beforeAll(async () => {
      const cluster = await sandbox.cluster();
      kubectl = cluster.kubectl;
      engine = new DirectEngine({
        access: new ClusterAccess([
          { name: 'test', kubeconfig: cluster.kubeconfig },
        ]),
      });
      destination = {
        cluster: 'test',
        namespace: `cart-${randomBytes(4).toString('hex')}`,
        ...{ service: 'component:default/cart', environment: 'test' },
      };
      await engine.prepare(destination);
    });
    afterAll(async () => {
      await kubectl([
        ...['delete', 'namespace', destination.namespace, '--wait=false'],
      ]);
    });

    const whole = (image: string) => [
      ...[rollout(image), ingress],
      ...[service('cart'), service('cart-canary')],
    ];
    const until = async (
      objects: KubernetesObject[],
      verdict: Observation['verdict'],
      onLook: (seen: Observation) => void = () => {},
    ) => {
      let seen = await engine.observe(destination, objects);
      for (let tries = 0; tries < 500 && seen.verdict !== verdict; tries++) {
        await sleep(150);
        onLook(seen);
        seen = await engine.observe(destination, objects);
        expect([seen.verdict, seen.summary]).not.toContain('failed');
      }
      return seen;
    };
    const canaryIngress = async () =>
      ingressSchema.parse(
        JSON.parse(
          await kubectl([
            ...['get', 'ingress', 'cart-cart-canary', '--output=json'],
            `--namespace=${destination.namespace}`,
          ]),
        ),
      );
    const selectorOf = async (name: string) =>
      serviceSchema.parse(
        JSON.parse(
          await kubectl([
            ...['get', 'service', name, '--output=json'],
            `--namespace=${destination.namespace}`,
          ]),
        ),
      ).spec.selector;

    it('is waited for while what it refers to is not there yet', async () => {
      const objects = [rollout('cart:1')];
      await engine.apply(destination, objects, { deployment: 'd-1' });
      let seen = await engine.observe(destination, objects);
      for (let tries = 0; tries < 100; tries++) {
        if (/does not take it/.test(seen.summary)) break;
        await sleep(150);
        seen = await engine.observe(destination, objects);
      }
      expect(seen).toMatchObject({
        verdict: 'progressing',
        summary: expect.stringMatching(/not found/),
      });
    });

    it('is led its weight, however few pods there are, while the rest goes to what ran before', async () => {
      await engine.apply(destination, whole('cart:1'), { deployment: 'd-2' });
      const first = await until(whole('cart:1'), 'ready');
      expect(first).toMatchObject({
        verdict: 'ready',
        progress: { weight: 100 },
      });

      await engine.apply(destination, whole('cart:2'), { deployment: 'd-3' });
      const weights = new Set<number | undefined>();
      const paused = await until(whole('cart:2'), 'paused', one =>
        weights.add(one.progress.weight),
      );
      // Not that of the version before, which has all of it.
      expect([...weights]).not.toContain(100);
      expect(paused).toMatchObject({
        verdict: 'paused',
        progress: { weight: 5, ready: 1 },
      });
      expect(await canaryIngress()).toMatchObject({
        metadata: { annotations: { [WEIGHT]: '5' } },
        spec: { ingressClassName: 'skipper' },
      });
      expect(await selectorOf('cart')).not.toEqual(
        await selectorOf('cart-canary'),
      );
    });

    it('is led nothing any more when what ran before is put back', async () => {
      await engine.apply(destination, whole('cart:1'), { deployment: 'd-4' });
      const back = await until(whole('cart:1'), 'ready');
      expect(back).toMatchObject({
        verdict: 'ready',
        progress: { weight: 100 },
      });
      expect(await canaryIngress()).toMatchObject({
        metadata: { annotations: { [WEIGHT]: '0' } },
      });
      expect(await selectorOf('cart')).toEqual(await selectorOf('cart-canary'));
    });

    it('changes nothing that is the manifests’ own, so that the same again is nothing to do', async () => {
      expect(
        await engine.holds(destination, whole('cart:1'), { deployment: 'd-4' }),
      ).toBe(true);
    });
  },
);
