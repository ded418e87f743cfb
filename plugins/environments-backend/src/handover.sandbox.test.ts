import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { Life, MortalClient } from './__testUtils__/MortalProcess';
import { ServerDriver } from './drivers/databases/server/ServerDriver';

jest.setTimeout(240_000);

const COUNT = 30;

describeWithSandbox(
  'two processes that look after environments',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    let world: EnvironmentWorld;
    let driver: ServerDriver;

    beforeAll(async () => {
      const { host, port, user, password } = sandbox.connection.postgres;
      driver = new ServerDriver({
        settings: {
          ...{ host, port, user, password },
          ...{ database: 'postgres', ssl: false },
        },
      });
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        drivers: new Map<string, DatabaseDriver>([['server', driver]]),
        settings: { quota: { perTeam: COUNT, total: COUNT } },
      });
    });
    afterAll(() => world.cleanUp());

    it('make each of many environments once, also if the one that leads is killed amid them', async () => {
      // Each takes about ten calls, so that some are done then, some begun, and some not.
      const life = new Life({ at: COUNT * 5, moment: 'after' });
      const doomed = await world.startAnother('doomed', {
        client: new MortalClient({ config: world.kubeConfig(), life }),
      });
      await world.until(() => doomed.controller.leading, 'a leader');
      const standby = world.start('standby');
      const names = Array.from({ length: COUNT }, () => world.name('many'));
      life.begin();
      await world.cluster.kubectl(
        ['apply', '--filename=-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'List' },
          items: names.map(name =>
            world.manifest(name, {
              owner: OWNER,
              databases: [{ type: 'postgres' }],
            }),
          ),
        }),
      );
      await world.until(() => life.dead, 'the death of the leader');
      await doomed.stop();
      const { controller } = await standby;
      await world.until(() => controller.leading, 'the next leader');
      await Promise.all(
        names.map(name => world.untilPhase(name, 'ready', 120_000)),
      );
      const uids = (await world.resources.list()).map(({ uid }) => uid);
      const held = (await driver.holdings(AbortSignal.timeout(10_000))).filter(
        one => uids.includes(one.environmentUid),
      );
      expect(held.map(one => one.names.length)).toEqual(names.map(() => 1));
      // What one has made whole, the other finds as it should be.
      const made = await world.cluster.kubectl([
        ...['get', 'deployments', '--all-namespaces'],
        '--selector=platform.myorg.com/environment-name',
        `--output=jsonpath={range .items[?(@.metadata.labels.platform\\.myorg\\.com/environment-home=="${world.settings.namespace}")]}{.metadata.namespace} {.metadata.generation}{"\\n"}{end}`,
      ]);
      expect(made.trim().split('\n').sort()).toEqual(
        names.map(name => `env-${name} 1`).sort(),
      );
    });
  },
);
