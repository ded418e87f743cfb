import {
  Death,
  describeWithSandbox,
  killSweep,
} from '@highroad/sandbox/testing';
import { Client } from 'pg';
import { EnvironmentWorld, OWNER } from './__testUtils__/EnvironmentWorld';
import { Life, MortalClient, MortalLine } from './__testUtils__/MortalProcess';
import { SeedSource } from './controller/SeedSource';
import { ServerDriver } from './drivers/databases/server/ServerDriver';

const SEED = 'CREATE TABLE demo (id int);\nINSERT INTO demo VALUES (1), (2);\n';

jest.setTimeout(60 * 60_000);

const seeds: SeedSource = {
  async find(_target, path) {
    return {
      ...{ path, repository: 'https://git.test/shop/cart' },
      ...{ commit: 'c'.repeat(40), content: path, size: SEED.length },
      async *open() {
        yield Buffer.from(SEED);
      },
      release: async () => {},
    };
  },
};

describeWithSandbox(
  'a process that is killed at any of its calls',
  ['cluster', 'simulated-node', 'postgres'],
  sandbox => {
    const server = () => {
      const { host, port, user, password } = sandbox.connection.postgres;
      return { ...{ host, port, user, password }, ssl: false };
    };
    const driverAt = (port = server().port) =>
      new Map([
        [
          'server',
          new ServerDriver({
            settings: {
              ...{ ...server(), port, database: 'postgres' },
              portFromPods: server().port,
            },
          }),
        ],
      ]);
    const query = async (text: string, database = 'postgres') => {
      const client = new Client({ ...server(), database });
      await client.connect();
      try {
        return (await client.query<{ name: string }>(text)).rows;
      } finally {
        await client.end();
      }
    };
    /** Databases and roles of an environment */
    const held = async (name: string) => {
      const like = `'env\\_${name.replace(/-/g, '\\_')}%'`;
      const [databases, roles] = await Promise.all([
        query(
          `SELECT datname AS name FROM pg_database WHERE datname LIKE ${like}`,
        ),
        query(
          `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE ${like}`,
        ),
      ]);
      return { databases, roles };
    };

    const end = (world: EnvironmentWorld, name: string) =>
      world.cluster.kubectl(['delete', 'environment', name, '--wait=false']);

    /**
     * Makes an environment and ends it again, by processes of which one is killed on the way.
     *
     * @returns where that was, unless all was done before
     */
    const kill = async (during: 'making' | 'ending', death: Death) => {
      const world = new EnvironmentWorld({
        ...{ cluster: await sandbox.cluster(), drivers: driverAt(), seeds },
      });
      const name = world.name('killed');
      const home = world.settings.namespace;
      const life = new Life(death);
      const line = await MortalLine.open(server(), life);
      const mortal = () =>
        world.startAnother(`mortal-${name}`, {
          client: new MortalClient({ config: world.kubeConfig(), life }),
          drivers: driverAt(line.port),
        });
      /** Has it die, or come to its end. */
      const live = async (isOver: () => Promise<boolean>) => {
        await world.until(
          async () => life.dead || (await isOver()),
          `death ${death.moment} call ${death.at}`,
          90_000,
        );
      };
      try {
        if (during === 'making') {
          const doomed = await mortal();
          // It dies while it works, not while it installs what it needs.
          life.begin();
          await world.cluster.kubectl(
            ['apply', '--filename=-'],
            JSON.stringify(
              world.manifest(name, {
                owner: OWNER,
                databases: [{ type: 'postgres', seed: 'fixtures/demo.sql' }],
              }),
            ),
          );
          await live(
            async () =>
              doomed.environments.get(name, home)?.status !== undefined &&
              JSON.stringify(doomed.environments.get(name, home)).includes(
                '"phase":"ready"',
              ),
          );
          await doomed.stop();
          await world.start();
        } else {
          await world.start();
          await world.apply(name, {
            databases: [{ type: 'postgres', seed: 'fixtures/demo.sql' }],
          });
        }
        await world.untilPhase(name, 'ready', 90_000);
        const namespaces = await world.cluster.kubectl([
          ...['get', 'namespaces', '--output=name'],
          `--selector=platform.myorg.com/environment-name=${name}`,
        ]);
        expect(namespaces.trim()).toBe(`namespace/env-${name}`);
        const { databases, roles } = await held(name);
        expect({ databases, roles }).toMatchObject({
          ...{ databases: [{}], roles: [{}] },
        });
        const rows = await query(
          'SELECT id AS name FROM demo ORDER BY id',
          databases[0].name,
        );
        expect(rows).toEqual([{ name: 1 }, { name: 2 }]);

        if (during === 'ending') {
          await world.stop();
          const doomed = await mortal();
          life.begin();
          await end(world, name);
          await live(async () => !doomed.environments.get(name, home));
          await doomed.stop();
          await world.start();
        } else await end(world, name);
        await world.untilGone(name);
        expect(await world.object('namespace', `env-${name}`)).toBeUndefined();
        expect(await held(name)).toEqual({ databases: [], roles: [] });
      } catch (error) {
        throw new Error(
          `Killed ${death.moment} call ${death.at} (${life.calls.at(
            death.at - 1,
          )}): ${error}`,
        );
      } finally {
        await line.close();
        await world.cleanUp();
      }
      return {
        ...(life.dead && { died: life.calls.at(-1) }),
        calls: life.calls.length,
      };
    };

    const killEverywhere = (during: 'making' | 'ending') =>
      killSweep({
        name: during,
        about: 20,
        kill: death => kill(during, death),
      });

    it('leaves one namespace and one seeded database while it makes an environment', async () => {
      const deaths = await killEverywhere('making');
      expect(deaths).not.toHaveLength(0);
    });

    it('leaves nothing at the end while it takes one away', async () => {
      const deaths = await killEverywhere('ending');
      expect(deaths).not.toHaveLength(0);
    });
  },
);
