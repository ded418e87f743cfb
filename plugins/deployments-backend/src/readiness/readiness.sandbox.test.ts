import { mockServices } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { randomBytes } from 'node:crypto';
import { until } from '../__testUtils__/until';
import { ReadinessWatch } from './ReadinessWatch';

const labels = { 'app.kubernetes.io/name': 'cart' };

describeWithSandbox(
  'how many pods are ready',
  ['cluster', 'simulated-node'],
  sandbox => {
    const id = randomBytes(4).toString('hex');
    let namespace: string;
    let kubectl: (args: string[], input?: string) => Promise<unknown>;
    let watch: ReadinessWatch;
    const onChange = jest.fn();

    /** A workload that a deployment brought. */
    const bring = (deployment: string, options: object = {}) =>
      kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          apiVersion: 'apps/v1',
          kind: 'Deployment',
          metadata: {
            ...{ name: 'cart', namespace },
            labels: { 'platform.myorg.com/deployment': deployment },
          },
          spec: {
            replicas: 2,
            selector: { matchLabels: labels },
            template: {
              metadata: { labels, ...options },
              spec: {
                containers: [
                  {
                    ...{ name: 'cart', image: 'registry.k8s.io/pause:3.10' },
                    resources: { requests: { cpu: '1m', memory: '1Mi' } },
                  },
                ],
              },
            },
          },
        }),
      );

    beforeAll(async () => {
      const cluster = await sandbox.cluster();
      ({ kubectl, namespace } = cluster);
      const { kubeconfig } = cluster;
      watch = new ReadinessWatch({
        access: new ClusterAccess([{ name: 'test', kubeconfig }]),
        clusters: ['test', 'test'],
        jitter: () => 0,
        logger: mockServices.logger.mock(),
        onChange,
      });
      watch.start();
    });
    afterAll(() => watch?.stop());

    it('is known of what deployments brought, as it changes', async () => {
      const first = `first-${id}`;
      expect(watch.of([first])).toBeUndefined();
      await bring(first, {
        annotations: { 'sandbox.platform.myorg.com/ready-after': '10s' },
      });
      await until(async () => watch.unready().includes(first));
      expect(watch.of([first])).toEqual({ wanted: 2, ready: 0 });
      await until(async () => !watch.unready().includes(first));
      expect(watch.of([first])).toEqual({ wanted: 2, ready: 2 });
      expect(onChange).toHaveBeenCalled();
      expect(watch.problem('test')).toBeUndefined();
    });

    it('belongs to the deployment that came last, and to none once it is gone', async () => {
      const [first, second] = [`first-${id}`, `second-${id}`];
      await bring(second);
      await until(async () => watch.of([second]) !== undefined);
      expect(watch.of([first])).toBeUndefined();
      // Old and new ones together, while one takes the place of the other.
      expect(watch.of([first, second])?.wanted).toBe(2);
      await kubectl(['delete', 'deployment', 'cart']);
      await until(async () => watch.of([second]) === undefined);
      expect(watch.unready()).not.toContain(second);
    });
  },
);
