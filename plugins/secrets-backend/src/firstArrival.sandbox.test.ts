import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import { RESTART_ANNOTATION } from './drivers/kubernetes/ClusterSecrets';

describeWithSandbox(
  'programs that begin after their Secret is there',
  ['cluster', 'vault'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let world: SandboxWorld;
    const restartedAt = async () =>
      (await world.object('deployment', 'staging', '-uses'))?.spec.template
        .metadata.annotations?.[RESTART_ANNOTATION];
    const pods = async () =>
      world.cluster.kubectl([
        ...['get', 'pods', '--output=name'],
        `--namespace=${world.service.split('/')[1]}-staging`,
      ]);
    /** Waits until all restarts that are to come have come. */
    const settled = () =>
      until(async () => {
        const { sync } = await world.reader.list(world.service, 'staging');
        const [item] = sync;
        return item.state === 'synced' && item.restartAt === undefined;
      });

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases, {
        restartWindowMs: 12_000,
      });
    });
    afterEach(() => world.cleanUp());

    it('are not restarted for it, and are for the next value', async () => {
      const name = world.service.split('/')[1];
      await world.apply({
        ...{ apiVersion: 'v1', kind: 'Namespace' },
        metadata: {
          name: `${name}-staging`,
          annotations: {
            [SERVICE_ANNOTATION]: world.service,
            [ENVIRONMENT_ANNOTATION]: 'staging',
          },
        },
      });
      world.reconciler.start();
      const { sync } = await world.set('staging', { A: 'one' });
      expect(sync).toMatchObject([{ state: 'synced' }]);
      // So much later it is sure that pods have it.
      await sleep(6_100);
      await world.deployTo('staging');
      await until(async () => (await pods()).includes('-uses-'), 5_000);
      await settled();
      expect(await restartedAt()).toBeUndefined();

      await world.set('staging', { A: 'two' });
      await settled();
      expect(await restartedAt()).toBeDefined();
    });

    it('are restarted where their files were there before it, and their image only after', async () => {
      await world.deployTo('staging');
      const name = world.service.split('/')[1];
      const namespace = `${name}-staging`;
      world.reconciler.start();
      await world.set('staging', { A: 'one' });
      await settled();
      const labels = { app: `${name}-mounted` };
      await world.apply({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
        metadata: { name: `${name}-mounted`, namespace },
        spec: {
          ...{ replicas: 1, selector: { matchLabels: labels } },
          template: {
            metadata: { labels },
            spec: {
              // No node takes it, so that this test says what becomes of it.
              schedulingGates: [{ name: 'platform.myorg.com/held' }],
              containers: [
                {
                  ...{ name: 'app', image: '127.0.0.1:1/slow' },
                  volumeMounts: [{ name: 'secrets', mountPath: '/secrets' }],
                },
              ],
              volumes: [{ name: 'secrets', secret: { secretName: name } }],
            },
          },
        },
      });
      const kubectl = (...more: string[]) =>
        world.cluster.kubectl([...more, `--namespace=${namespace}`]);
      let pod = '';
      await until(async () => {
        pod = (await kubectl('get', 'pods', '--output=name'))
          .split('\n')
          .find(one => one.includes('-mounted-'))!;
        return pod !== undefined;
      });
      await world.set('staging', { A: 'two' });
      const state = {
        running: {
          startedAt: new Date(Date.now() + 60_000)
            .toISOString()
            .replace(/\.\d+Z/, 'Z'),
        },
      };
      const app = {
        ...{ name: 'app', image: '127.0.0.1:1/slow', imageID: '' },
        ...{ ready: true, restartCount: 0, state },
      };
      await kubectl(
        ...['patch', pod, '--subresource=status', '--type=merge', '--patch'],
        JSON.stringify({ status: { containerStatuses: [app] } }),
      );
      await settled();
      const { spec } = (await world.object(
        'deployment',
        'staging',
        '-mounted',
      ))!;
      expect(
        spec.template.metadata.annotations?.[RESTART_ANNOTATION],
      ).toBeDefined();
    });
  },
);
