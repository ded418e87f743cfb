import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { DyingServer } from './__testUtils__/DyingServer';
import { EnvironmentWorld } from './__testUtils__/EnvironmentWorld';
import { ServerDriver } from './drivers/databases/server/ServerDriver';

jest.setTimeout(240_000);

describeWithSandbox(
  'environments whose database server is lost while they go',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    let world: EnvironmentWorld;
    let server: DyingServer;

    beforeAll(async () => {
      const { host, port, user, password } = sandbox.connection.postgres;
      server = await DyingServer.before({ host, port });
      const settings = {
        ...{ host: '127.0.0.1', port: server.port, user, password },
        ...{ database: 'postgres', ssl: false },
      };
      world = new EnvironmentWorld({
        cluster: await sandbox.cluster(),
        drivers: new Map<string, DatabaseDriver>([
          ['server', new ServerDriver({ settings, adminMs: 12_000 })],
        ]),
      });
      await world.start();
    });
    afterAll(async () => {
      server.comeBack();
      await world.cleanUp();
      server.close();
    });

    it('say that they go and what they wait for, hold up no other, and go when it is back', async () => {
      const name = world.name('hanging');
      await world.apply(name, { databases: [{ type: 'postgres' }] });
      await world.untilPhase(name, 'ready');
      server.dieAt('DROP DATABASE');
      await world.resources.delete({ home: world.settings.namespace, name });
      await world.until(() => server.deaths > 0, 'the loss of the server');
      server.comeBack();
      const going = await world.get(name);
      expect(going?.status).toMatchObject({
        phase: 'deleting',
        message: expect.stringContaining('is being removed'),
      });
      // Its place is free for others while the server says nothing.
      const before = world.looks.length;
      await world.until(
        () => world.looks.slice(before).filter(one => one === name).length > 1,
        'looks at it while it waits',
        5_000,
      );
      const { status } = await world.untilResource(
        name,
        one => /databases/.test(one.status.message ?? ''),
        'what it waits for',
        10_000,
      );
      expect(status.conditions).toContainEqual(
        expect.objectContaining({
          ...{ type: 'TeardownUnblocked', status: 'False' },
          message: expect.stringMatching(/database/),
        }),
      );
      await world.untilGone(name, 60_000);
    });
  },
);
