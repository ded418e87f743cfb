import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { SyncStore } from '../database/SyncStore';
import { ClusterError } from '../drivers/kubernetes/clusterErrors';
import { LeftPlaces } from './LeftPlaces';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const DAY_MS = 86_400_000;
const START = 1_800_000_000_000;
const place = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  ...{ cluster: 'old', namespace: 'cart-staging', secret: 'cart' },
};

describe.each(databases.eachSupportedId())(
  'places that were left, in %s',
  (...ids) => {
    let syncs: SyncStore;
    let now: number;
    let secret: 'ours' | 'theirs' | undefined;
    let pods: string[];
    let clusters: string[];
    /** Keys by which pods were asked for, each time */
    let asked: string[][];
    let down: string | undefined;

    const left = new LeftPlaces({
      now: () => new Date(now),
      syncs: {
        all: () => syncs.all(),
        forget: which => syncs.forget(which),
      },
      clusters: {
        knows: cluster => clusters.includes(cluster),
        async read({ namespace }) {
          if (namespace === down) throw new ClusterError('It does not answer.');
          return (
            secret && {
              ...{ revision: '1', data: new Map() },
              ...(secret === 'ours' && { writtenAt: new Date(START) }),
            }
          );
        },
        before: async (_, { keys }) => {
          asked.push(keys);
          return pods;
        },
      },
    });
    const names = async () =>
      (await syncs.all()).map(
        one => `${one.place.namespace} ${one.memory.state}`,
      );
    /** As if something had been brought there, before it was left. */
    const leave = async (
      namespace: string,
      versions: Record<string, number>,
    ) => {
      const iso = new Date(now).toISOString();
      await syncs.know({ ...place, namespace }, iso);
      const [item] = await syncs.claim({
        ...{ holder: 'test', now: '2050', until: '2051', limit: 1 },
        which: { exceptClusters: [] },
      });
      await syncs.save(
        item,
        { ...item.memory, state: 'synced', versions },
        { dueAt: '2060', vaultDueAt: '2060', release: true },
      );
      await syncs.leave({ ...place, namespace }, 'It is elsewhere.', iso);
    };

    beforeEach(async () => {
      const db = await databases.init(ids[0]);
      await db.migrate.latest({
        directory: resolvePackagePath(
          '@highroad/plugin-secrets-backend',
          'migrations',
        ),
      });
      syncs = new SyncStore(db);
      now = START;
      [secret, pods, clusters, down] = ['ours', [], ['old'], undefined];
      asked = [];
      await leave('cart-staging', { URL: 1 });
    });

    it('are told of until what was brought is gone, and no program has it', async () => {
      await left.sweep();
      expect(await names()).toEqual(['cart-staging left']);
      // Somebody else's by now; but programs go on with what they had.
      secret = 'theirs';
      pods = ['cart-1'];
      await left.sweep();
      expect(await names()).toEqual(['cart-staging left']);
      pods = [];
      await left.sweep();
      expect(await names()).toEqual([]);
    });

    it('are looked for programs in once, however many keys were brought', async () => {
      await leave('apps-cart', { URL: 1, TOKEN: 2, SALT: 1 });
      secret = undefined;
      pods = ['cart-1'];
      await left.sweep();
      expect(asked.map(keys => [...keys].sort().join())).toEqual(
        expect.arrayContaining(['URL', 'SALT,TOKEN,URL']),
      );
      expect(asked).toHaveLength(2);
    });

    it('are told of for a month where the configuration does not name the cluster', async () => {
      clusters = [];
      secret = undefined;
      now += 29 * DAY_MS;
      await left.sweep();
      expect(await names()).toEqual(['cart-staging left']);
      now += 2 * DAY_MS;
      await left.sweep();
      expect(await names()).toEqual([]);
    });

    it('are told of no more where nothing was ever brought', async () => {
      clusters = [];
      await leave('apps-cart', {});
      await left.sweep();
      expect(await names()).toEqual(['cart-staging left']);
    });

    it('that cannot be looked at stay, and keep no others', async () => {
      await leave('apps-cart', { URL: 1 });
      down = 'cart-staging';
      secret = undefined;
      await expect(left.sweep()).rejects.toThrow('It does not answer.');
      expect(await names()).toEqual(['cart-staging left']);
    });

    it('are looked after again where they are wanted again, and not forgotten then', async () => {
      secret = undefined;
      await syncs.want(place, new Date(now).toISOString());
      await left.sweep();
      await syncs.forget(place);
      expect(await names()).toEqual(['cart-staging behind']);
    });
  },
);
