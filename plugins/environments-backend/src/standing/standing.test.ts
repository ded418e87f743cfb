import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  DatabaseDriver,
  DatabaseRequest,
} from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { StandingDatabases } from './StandingDatabases';
import { StandingTurns } from './StandingTurns';
import { WantedDatabases } from './WantedDatabases';

const CART = 'component:default/cart';
const relation = (type: string, targetRef: string) => ({ type, targetRef });
const cart: Entity = {
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name: 'cart' },
  relations: [
    relation('ownedBy', 'group:default/shop'),
    relation('dependsOn', 'resource:default/cart-db'),
    relation('dependsOn', 'component:default/payment'),
  ],
};
const database = (rest: {
  spec?: object;
  annotations?: Record<string, string>;
  owner?: string;
  users?: string[];
  system?: string;
}): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Resource',
  metadata: {
    name: 'cart-db',
    annotations: rest.annotations ?? {
      'platform.myorg.com/database-key': 'DATABASE_URL',
    },
  },
  spec: { type: 'database', ...rest.spec },
  relations: [
    relation('ownedBy', rest.owner ?? 'group:default/shop'),
    ...(rest.system ? [relation('partOf', rest.system)] : []),
    ...(rest.users ?? [CART]).map(ref => relation('dependencyOf', ref)),
  ],
});

/** Another component that says it depends on the database. */
const user = (
  name: string,
  relations: ReturnType<typeof relation>[],
): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name },
  relations,
});
const users = [
  user('other', [relation('ownedBy', 'group:default/shop')]),
  user('beside', [
    relation('ownedBy', 'group:default/payments'),
    relation('partOf', 'system:default/shop'),
  ]),
  user('stranger', [relation('ownedBy', 'group:default/payments')]),
];

/** A platform with a server and a store for secrets. */
function platform(
  options: {
    resource?: Entity;
    connected?: boolean;
    secrets?: Record<string, string>;
    fails?: Error;
    provided?: boolean;
  } = {},
) {
  const { resource = database({}), connected = true } = options;
  const secrets = new Map(Object.entries(options.secrets ?? {}));
  const made: Array<DatabaseRequest & { password: string }> = [];
  const driver: DatabaseDriver = {
    connectionOf: ({ name }) => ({
      ...{ host: 'db.example', port: 5432, user: name, database: name },
    }),
    async provide(request, { password }) {
      if (options.fails) throw options.fails;
      made.push({ ...request, password: password.reveal() });
      return undefined;
    },
    removeAll: async () => {},
    holdings: async () => [],
  };
  let passwords = 0;
  const databases = new StandingDatabases({
    driver: connected ? driver : undefined,
    turns: { alone: (_place, work) => work() },
    newPassword: () => {
      passwords += 1;
      return new SecretValue(`password-${passwords}`);
    },
    wanted: new WantedDatabases({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities: [cart, resource, ...users] }),
    }),
    secrets: {
      list: async ({ service, environment }) => ({
        ...{ environments: [], sync: [], lent: [], unseen: [], provided: [] },
        items: [...secrets.keys()].map(key => ({
          ...{ service, key, version: 1, state: 'set' as const },
          ...{ environment: String(environment), updatedAt: '' },
        })),
      }),
      async provide({ key, value }) {
        secrets.set(key, value);
        return { provided: options.provided ?? true };
      },
    },
  });
  const provide = (dryRun = false) =>
    databases.provide(CART, 'staging', { dryRun });
  return { made, provide, secrets };
}

describe('databases that stay', () => {
  it('are made once, and their address is kept where the service reads it', async () => {
    const { made, provide, secrets } = platform();
    const resource = 'resource:default/cart-db';
    const about = { resource, key: 'DATABASE_URL' };
    expect(await provide()).toEqual({
      databases: [{ ...about, outcome: 'made' }],
      left: [],
    });
    expect(made).toEqual([
      {
        environmentUid: 'staging component:default/cart',
        ...{ environment: 'staging', name: 'cart-db' },
        password: 'password-1',
      },
    ]);
    expect(secrets.get('DATABASE_URL')).toBe(
      'postgresql://cart-db:password-1@db.example:5432/cart-db',
    );
    expect(await provide()).toEqual({
      databases: [{ ...about, outcome: 'there' }],
      left: [],
    });
    expect(made).toHaveLength(1);
  });

  it('are not made by who only asks what would be', async () => {
    const { made, provide, secrets } = platform();
    expect((await provide(true)).databases).toMatchObject([
      { outcome: 'would-be-made' },
    ]);
    expect(made).toEqual([]);
    expect(secrets.size).toBe(0);
  });

  it('leave an address alone that somebody set', async () => {
    const { made, provide } = platform({ secrets: { DATABASE_URL: 'mine' } });
    expect((await provide()).databases).toMatchObject([{ outcome: 'there' }]);
    expect(made).toEqual([]);
  });

  it('are made also where somebody else’s file says that it depends on them', async () => {
    const { provide } = platform({
      resource: database({
        users: [CART, 'component:default/stranger', 'component:default/none'],
        system: 'system:default/shop',
      }),
    });
    expect((await provide()).databases).toMatchObject([{ outcome: 'made' }]);
  });

  it.each([
    [{ users: [CART, 'component:default/other'] }, /other services depend/],
    [
      {
        users: [CART, 'component:default/beside'],
        system: 'system:default/shop',
      },
      /other services depend/,
    ],
    [{ owner: 'group:default/payments' }, /owned by group:default\/payments/],
    [{ spec: { type: 's3-bucket' } }, /its type is not "database"/],
  ])('are left where they are not of one service: %j', async (rest, why) => {
    const { made, provide } = platform({ resource: database(rest) });
    expect(await provide()).toEqual({
      databases: [],
      left: [expect.stringMatching(why)],
    });
    expect(made).toEqual([]);
  });

  it('are nothing to the platform where the catalog does not ask for them', async () => {
    const { provide } = platform({ resource: database({ annotations: {} }) });
    expect(await provide()).toEqual({ databases: [], left: [] });
  });

  it('say where to connect a server', async () => {
    expect(await platform({ connected: false }).provide()).toEqual({
      databases: [],
      left: [expect.stringContaining('platform.previews.databases')],
    });
  });

  it('are not said to be made where somebody sets the address meanwhile', async () => {
    const { provide } = platform({ provided: false });
    await expect(provide()).rejects.toThrow(/was set by somebody/);
  });

  it('can be made later where the server does not answer now', async () => {
    const fails = new Error('connect ECONNREFUSED');
    const { provide, secrets } = platform({ fails });
    await expect(provide()).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.stringContaining('ECONNREFUSED'),
    });
    expect(secrets.size).toBe(0);
  });
});

describe.each(
  TestDatabases.create({
    ids: ['SQLITE_3', 'POSTGRES_18'],
  }).eachSupportedId(),
)('turns at databases that stay, in %s', databaseId => {
  const databases = TestDatabases.create({ ids: [databaseId] });
  const place = { service: CART, environment: 'staging' };

  it('are one’s alone, until it is done or its process is gone', async () => {
    const db = await databases.init(databaseId);
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    let now = Date.now();
    let ids = 0;
    const turns = new StandingTurns(db, {
      newId: () => `holder-${++ids}`,
      now: () => new Date(now),
    });
    const other = { ...place, environment: 'production' };
    const log: string[] = [];
    await turns.alone(place, async () => {
      await expect(
        turns.alone(place, async () => log.push('second')),
      ).rejects.toThrow('are being made at this moment');
      await turns.alone(other, async () => log.push('elsewhere'));
    });
    await turns.alone(place, async () => log.push('after'));
    // One that was gone before it could say that it is done.
    await turns.alone(place, async () => {
      now += 301_000;
      await turns.alone(place, async () => log.push('instead'));
    });
    expect(log).toEqual(['elsewhere', 'after', 'instead']);
    expect(await db('standing_work')).toEqual([]);
  }, 60_000);
});
