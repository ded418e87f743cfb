import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { Place, Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  LostLeaseError,
  standingIn,
  syncOf,
  SyncStore,
} from '../database/SyncStore';
import { Discovery } from './Discovery';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const CART = 'component:default/cart';
const LONG = `component:default/${'long'.repeat(13)}`;

describe('finding where Secrets are to be', () => {
  let syncs: SyncStore;
  let inVault: string[];
  let seconds: number;

  const discovery = (change: Partial<Place> = {}) =>
    new Discovery({
      now: () => new Date(1_800_000_000_000 + seconds++ * 1000),
      places: new Places([
        {
          ...{ name: 'staging', production: false, cluster: 'old' },
          ...{ namespace: '{service}-{environment}', ...change },
        },
      ]),
      ...{ syncs, vault: { services: async () => inVault } },
      clusters: { knows: cluster => cluster !== 'unknown' },
    });
  const sweep = (change: Partial<Place> = {}) => discovery(change).sweep();
  const known = async (service = CART) =>
    (await syncs.list(service)).map(
      ({ place, memory }) =>
        `${place.cluster} ${place.namespace}/${place.secret}: ${memory.state}`,
    );
  /** As if it had been brought there. */
  const bring = async () => {
    const items = await syncs.claim({
      ...{ holder: 'test', now: '2030', until: '2031', limit: 20 },
      which: { exceptClusters: [] },
    });
    for (const item of items) {
      await syncs.save(
        item,
        { ...item.memory, state: 'synced', versions: { URL: 1 } },
        { dueAt: '2040', vaultDueAt: '2040', release: true },
      );
    }
    return items.length;
  };

  beforeEach(async () => {
    const db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    syncs = new SyncStore(db);
    inVault = [CART];
    seconds = 0;
    await sweep();
    await bring();
  });

  it('leaves alone what is where it is to be', async () => {
    await sweep();
    expect(await known()).toEqual(['old cart-staging/cart: synced']);
    expect(await bring()).toBe(0);
  });

  it('follows an environment to another cluster at once, and says what was left in the one before', async () => {
    await discovery({ cluster: 'new' }).leave();
    const both = [
      'new cart-staging/cart: behind',
      'old cart-staging/cart: left',
    ];
    expect(await known()).toEqual(both);
    const [, { memory }] = await syncs.list(CART);
    expect(memory.message).toBe(
      'staging is in cart-staging of new by now, and no longer configured here: what was brought to cart-staging in old was left there as it was. Delete it with its namespace.',
    );
    expect(await bring()).toBe(1);
    await sweep({ cluster: 'new' });
    expect(await known()).toEqual([
      ...['new cart-staging/cart: synced', both[1]],
    ]);
    expect(standingIn(await syncs.list(CART), 'staging')?.place.cluster).toBe(
      'new',
    );
    expect(await discovery({ cluster: 'new' }).left()).toEqual([
      expect.stringMatching(
        /^staging is no longer configured for the cluster old: 1 Secret was left there as they were.* until they are gone/,
      ),
    ]);
    // And back.
    await sweep();
    expect(await known()).toEqual([
      ...['new cart-staging/cart: left', 'old cart-staging/cart: behind'],
    ]);
  });

  it('follows an environment to other namespaces of its cluster', async () => {
    const change = { namespace: 'apps-{service}' };
    await sweep(change);
    expect(await known()).toEqual([
      'old apps-cart/cart: behind',
      'old cart-staging/cart: left',
    ]);
    expect(await bring()).toBe(1);
    expect(await discovery(change).left()).toEqual([
      expect.stringMatching(
        /^staging has other namespaces in the cluster old by now: 1 Secret was left in those before/,
      ),
    ]);
  });

  it.each([
    ['has no cluster', { cluster: undefined }],
    ['is not configured', { name: 'another', cluster: undefined }],
  ])(
    'leaves what was brought where the environment %s any more, says so, and goes on when it is again',
    async (_, change) => {
      const [item] = await syncs.claim({
        ...{ holder: 'test', now: '2050', until: '2051', limit: 1 },
        which: { exceptClusters: [] },
      });
      await sweep(change);
      expect(await known()).toEqual(['old cart-staging/cart: left']);
      // Who was at it meanwhile writes nothing more, and nobody looks at it again.
      await expect(
        syncs.save(item, item.memory, { dueAt: '2020', release: true }),
      ).rejects.toThrow(LostLeaseError);
      expect(await bring()).toBe(0);
      expect(await syncs.behind()).toMatchObject([{ count: 0 }]);
      const [{ memory }] = await syncs.list(CART);
      expect(memory.message).toMatch(
        /no longer configured.*: what was brought to cart-staging in old was left there/,
      );
      expect(await discovery(change).left()).toEqual([
        expect.stringMatching(
          /^staging is no longer configured for the cluster old: 1 Secret was left/,
        ),
      ]);
      await sweep();
      expect(await bring()).toBe(1);
      expect(await known()).toEqual(['old cart-staging/cart: synced']);
      expect(await discovery().left()).toEqual([]);
    },
  );

  it('restarts programs for what was brought before an environment was left, when it is configured again', async () => {
    await syncs.want(
      {
        ...{ service: CART, environment: 'staging', cluster: 'old' },
        ...{ namespace: 'cart-staging', secret: 'cart' },
      },
      '2029',
    );
    const [item] = await syncs.claim({
      ...{ holder: 'test', now: '2050', until: '2051', limit: 1 },
      which: { exceptClusters: [] },
    });
    await syncs.save(
      item,
      {
        ...item.memory,
        ...{ restartAt: '2050', restartKeys: ['URL'] },
        first: { keys: ['URL'], whole: false },
      },
      { dueAt: '2050', release: true },
    );
    await sweep({ cluster: undefined });
    const [left] = await syncs.list(CART);
    // Until then none is to come.
    expect(syncOf(left)).not.toHaveProperty('restartAt');
    await sweep();
    const [{ memory }] = await syncs.list(CART);
    expect(memory).toMatchObject({
      ...{ state: 'behind', restartAt: '2050', restartKeys: ['URL'] },
      first: undefined,
    });
  });

  it('counts by one question to the database what was left', async () => {
    inVault = [CART, `${CART}-2`];
    await sweep();
    await sweep({ cluster: undefined });
    const all = jest.spyOn(syncs, 'all');
    expect(await discovery({ cluster: undefined }).left()).toEqual([
      expect.stringMatching(/cluster old: 2 Secrets were left/),
    ]);
    expect(all).not.toHaveBeenCalled();
  });

  it('follows with all others where the new namespace of one would be no name, and says which', async () => {
    inVault = [LONG, CART];
    await sweep();
    const moved = discovery({
      cluster: 'new',
      namespace: 'applications-{service}',
    });
    await expect(moved.sweep()).rejects.toThrow(
      `applications-${LONG.split('/')[1]}`,
    );
    // Once: it is no better the next time, and keeps the others from nothing.
    await moved.sweep();
    expect(await known()).toEqual([
      'new applications-cart/cart: behind',
      'old cart-staging/cart: left',
    ]);
    expect(await known(LONG)).toHaveLength(1);
  });

  it('says at once all that no name can be made for, once as long as it is so, and again where it comes back', async () => {
    const other = 'wide'.repeat(13);
    const names = [LONG.split('/')[1], other];
    const all = [CART, LONG, `component:default/${other}`];
    inVault = all;
    const moved = discovery({ namespace: 'applications-{service}' });
    for (let time = 0; time < 2; time++) {
      const told = await moved.sweep().catch(String);
      expect(told).toMatch(/^InputError/);
      for (const name of names) expect(told).toContain(`applications-${name}`);
      await moved.sweep();
      inVault = [CART];
      await moved.sweep();
      inVault = all;
    }
  });
});
