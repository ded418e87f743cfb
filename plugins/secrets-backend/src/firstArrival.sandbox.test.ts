import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { setTimeout as sleep } from 'node:timers/promises';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import { RESTART_ANNOTATION } from './drivers/kubernetes/ClusterSecrets';

jest.setTimeout(120_000);

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
        const [item] = await world.secrets.standing(world.service, ['staging']);
        return item.state === 'synced' && item.restartAt === undefined;
      });

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases, {
        restartWindowMs: 6_000,
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
      // Times in the cluster are to the second.
      await sleep(1_200);
      await world.deployTo('staging');
      await until(async () => (await pods()).includes('-uses-'), 5_000);
      await settled();
      expect(await restartedAt()).toBeUndefined();

      await sleep(1_200);
      await world.set('staging', { A: 'two' });
      await settled();
      expect(await restartedAt()).toBeDefined();
    });
  },
);
