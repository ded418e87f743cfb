import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { observeService } from './observeService';

const NAME = 'cart';
const podsSchema = z.object({
  items: z.array(z.object({ metadata: z.object({ name: z.string() }) })),
});

describeWithSandbox('what pods say of a service', ['cluster'], sandbox => {
  let cluster: TestCluster;
  let client: ClusterClient;
  let pod: string;

  const until = async <T>(look: () => Promise<T | undefined>): Promise<T> => {
    for (const end = Date.now() + 30_000; Date.now() < end; ) {
      const found = await look();
      if (found !== undefined) return found;
      await pause(100);
    }
    throw new Error('It did not come to that');
  };
  beforeAll(async () => {
    cluster = await sandbox.cluster();
    client = new ClusterClient({
      config: new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]).config('test'),
    });
    // Nobody starts its pod, so that its state is what this test says.
    await cluster.kubectl(
      ['apply', '--filename=-'],
      JSON.stringify({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
        metadata: { name: NAME },
        spec: {
          selector: { matchLabels: { app: NAME } },
          template: {
            metadata: { labels: { app: NAME } },
            spec: {
              schedulerName: 'nobody',
              initContainers: [{ name: 'migrate', image: 'myorg/migrate:1' }],
              containers: [{ name: NAME, image: 'myorg/cart:1' }],
            },
          },
        },
      }),
    );
    pod = await until(async () => {
      const listed = await cluster.kubectl([
        ...['get', 'pods', '--output=json', `--selector=app=${NAME}`],
      ]);
      return podsSchema.parse(JSON.parse(listed)).items[0]?.metadata.name;
    });
  });
  afterAll(() => client?.close());

  const say = (status: object) =>
    cluster.kubectl([
      ...['patch', 'pod', pod, '--type=merge', '--subresource=status'],
      `--patch=${JSON.stringify({ status })}`,
    ]);
  const observed = async () => {
    const deployment = await client.find({
      ...{ kind: 'Deployment', name: NAME },
      namespace: cluster.namespace,
    });
    if (!deployment) throw new Error('It is gone');
    return observeService(client, deployment, {
      now: new Date(),
      wasReady: false,
    });
  };
  const container = (name: string, state: object, lastState: object = {}) => ({
    ...{ name, image: `myorg/${name}:1`, imageID: '', ready: false },
    ...{ restartCount: 0, state, lastState },
  });
  const waiting = (reason: string, message?: string) => ({
    waiting: { reason, message },
  });

  it.each([
    [
      'an init container that ends again and again',
      [
        container('migrate', waiting('CrashLoopBackOff'), {
          terminated: { exitCode: 3, containerID: '' },
        }),
      ],
      [container(NAME, waiting('PodInitializing'))],
      'failing',
      /^Its init container migrate ends again and again, with exit code 3\./,
    ],
    [
      'an image of an init container that is not there',
      [container('migrate', waiting('ImagePullBackOff', 'not found'))],
      [container(NAME, waiting('PodInitializing'))],
      'waiting-for-image',
      /^The image myorg\/migrate:1 of its init container migrate is not in the registry yet/,
    ],
    [
      'a container that could not be made',
      [],
      [container(NAME, waiting('CreateContainerError', 'no such command'))],
      'failing',
      /^It can't be started: no such command/,
    ],
    [
      'nothing that fails',
      [],
      [container(NAME, waiting('ContainerCreating'))],
      'starting',
      /^0 of 1 pods are ready\.$/,
    ],
  ])('names %s', async (_, init, others, state, message) => {
    await say({
      ...{ initContainerStatuses: init, containerStatuses: others },
    });
    const found = await until(async () => {
      const seen = await observed();
      return message.test(seen.message ?? '') ? seen : undefined;
    });
    expect(found.state).toBe(state);
  });
});
