import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { DeployedUses } from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { AttentionStore } from '../database/AttentionStore';
import { RotationStore } from '../database/RotationStore';
import { SyncStore } from '../database/SyncStore';
import { VersionStore } from '../database/VersionStore';
import { VaultError } from '../drivers/vault/vaultErrors';
import { AttentionReader, Seen } from './AttentionReader';
import { PROVIDER } from './provider';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const [CART, SHOP] = ['component:default/cart', 'component:default/shop'];
const NOW = '2027-01-10T12:00:00.000Z';
const LATER = '2027-03-01T00:00:00.000Z';
const rule = {
  ...{ everyDays: 30, timeZone: 'UTC', generator: 'random', settings: {} },
  overlapHours: 24,
};
const needing = (
  more: Partial<DeployedUses>,
  ...keys: string[]
): DeployedUses => ({
  ...{ environment: 'staging', version: '1.0', at: NOW },
  references: keys.map(key => ({
    ...{ object: 'Deployment cart', secret: 'cart', key, optional: false },
  })),
  ...more,
});

describe.each(databases.eachSupportedId())(
  'what of the secrets of all services needs somebody, on %s',
  databaseId => {
    let db: Knex;
    let needs: Map<string, DeployedUses[]> | Error;
    let inVault: Set<string>;
    let vaultAnswers: boolean;
    let gone: Set<string>;

    beforeEach(async () => {
      db = await databases.init(databaseId);
      await db.migrate.latest({
        directory: resolvePackagePath(
          '@highroad/plugin-secrets-backend',
          'migrations',
        ),
      });
      needs = new Map();
      inVault = new Set();
      vaultAnswers = true;
      gone = new Set();
    });

    const rotate = (key: string, dueAt: string, service = CART) =>
      new RotationStore(db).set(
        { service, environment: 'staging', key },
        rule,
        {
          ...{ now: NOW, dueAt, dueAfter: () => dueAt },
          ...{ newest: 1, ends: () => false },
        },
      );
    const written = (
      key: string,
      environment = 'staging',
      actor = 'user:default/ann',
    ) =>
      new VersionStore(db).add(
        { service: CART, environment, key },
        { version: 1, actor, how: 'set' },
        NOW,
      );
    const reader = () =>
      new AttentionReader({
        logger: mockServices.logger.mock(),
        needs: {
          async all() {
            if (needs instanceof Error) throw needs;
            return needs;
          },
        },
        now: () => new Date(NOW),
        places: new Places(
          ['staging', 'production'].map(name => ({
            ...{ name, production: name === 'production', cluster: 'main' },
            namespace: '{service}-{environment}',
          })),
        ),
        services: {
          existing: async refs => new Set(refs.filter(ref => !gone.has(ref))),
        },
        store: new AttentionStore(db),
        versions: new VersionStore(db),
        vault: {
          async facts({ environment, key }) {
            if (!vaultAnswers) throw new VaultError('sealed', 'Sealed.');
            const readable = inVault.has(`${environment}/${key}`);
            return { version: 1, readable, versions: [] };
          },
        },
      });
    const all: Seen = async () => undefined;
    const page = async (seen = all, asked = { from: 0, limit: 50 }) => {
      const found = await reader().page(asked, seen);
      return {
        ...found,
        items: found.items.map(one =>
          [one.kind, one.environment, one.key].filter(Boolean).join(' '),
        ),
      };
    };

    it('is what is late, fails, is due or behind, most urgent first, and nothing that goes well', async () => {
      await rotate('FINE', LATER);
      await rotate('DUE', '2027-01-11T11:00:00.000Z');
      await rotate('LATE', '2027-01-01T00:00:00.000Z');
      await rotate('FAILS', LATER);
      await db('rotations').where({ key: 'FAILS' }).update({ problem: 'No.' });
      // Deleted keys are waited for, and ended rotations are nobody's business.
      await rotate('WAITS', '2027-01-01T00:00:00.000Z');
      await db('rotations').where({ key: 'WAITS' }).update({ waiting: 1 });
      await rotate('ENDED', '2027-01-01T00:00:00.000Z');
      await db('rotations').where({ key: 'ENDED' }).update({ ended: 1 });
      const place = { cluster: 'main', namespace: 'x', secret: 'cart' };
      const syncs = new SyncStore(db);
      await syncs.want(
        { ...place, service: CART, environment: 'production' },
        NOW,
      );
      // Of an environment that is not configured any more.
      await syncs.want({ ...place, service: CART, environment: 'old' }, NOW);
      const { items, next } = await page();
      expect(items).toEqual([
        ...['overdue staging LATE', 'behind production'],
        ...['failing staging FAILS', 'due staging DUE'],
      ]);
      expect(next).toBeUndefined();
    });

    it('is what programs need and is not set, first where they run', async () => {
      await written('SET');
      await written('GONE');
      await new VersionStore(db).addRemoval(
        { service: CART, environment: 'staging', key: 'GONE' },
        { version: 1, what: 'deleted', actor: 'user:default/ann', at: NOW },
      );
      await written('BACK');
      for (const what of ['deleted', 'undeleted'] as const) {
        await new VersionStore(db).addRemoval(
          { service: CART, environment: 'staging', key: 'BACK' },
          { version: 1, what, actor: 'user:default/ann', at: NOW },
        );
      }
      // Written straight to Vault, which the platform's tables do not know.
      inVault.add('staging/STRAIGHT');
      needs = new Map([
        [CART, [needing({}, 'SET', 'GONE', 'BACK', 'STRAIGHT', 'NEVER')]],
      ]);
      const { items } = await page();
      expect(items).toEqual([
        ...['missing staging GONE', 'missing staging NEVER'],
        ...['BACK', 'GONE', 'NEVER', 'SET', 'STRAIGHT'].map(
          key => `missing-next production ${key}`,
        ),
      ]);
      const [first] = (await reader().page({ from: 0, limit: 1 }, all)).items;
      expect(first.message).toBe('Deployment cart of 1.0 needs it.');
    });

    it('is nothing that the platform makes with the first deployment, before that', async () => {
      await written('TOKEN');
      await written('DATABASE_URL', 'staging', PROVIDER);
      needs = new Map([[CART, [needing({}, 'TOKEN', 'DATABASE_URL')]]]);
      expect((await page()).items).toEqual(['missing-next production TOKEN']);
    });

    it('is also what was deleted straight in Vault, as soon as a look there has seen it gone', async () => {
      await written('KEPT');
      await written('TAKEN');
      needs = new Map([[CART, [needing({}, 'KEPT', 'TAKEN')]]]);
      const inStaging = async () =>
        (await page()).items.filter(one => one.includes(' staging '));
      const syncs = new SyncStore(db);
      const place = {
        ...{ service: CART, environment: 'staging', cluster: 'main' },
        ...{ namespace: 'cart-staging', secret: 'cart' },
      };
      const looked = async (versions: Record<string, number>) => {
        const [item] = await syncs.claim({
          ...{ holder: 'a', now: NOW, until: LATER, limit: 1 },
          which: { exceptClusters: [] },
        });
        await syncs.save(
          item,
          { ...item.memory, state: 'synced', versions },
          { dueAt: NOW, vaultDueAt: LATER, release: true },
        );
      };
      await syncs.want(place, NOW);
      await looked({ KEPT: 1, TAKEN: 1 });
      expect(await inStaging()).toEqual([]);
      await looked({ KEPT: 1 });
      expect(await inStaging()).toEqual(['missing staging TAKEN']);
      // Set again, it is not looked for before it is said to be there.
      await syncs.want(place, NOW);
      expect(await inStaging()).toEqual([]);
      // What stands where the environment was before says nothing of it.
      needs = new Map([[CART, [needing({}, 'KEPT', 'EARLIER')]]]);
      await looked({ KEPT: 1, EARLIER: 1 });
      expect(await inStaging()).toEqual([]);
      await syncs.leave(place, 'It is elsewhere.', NOW);
      await syncs.know({ ...place, namespace: 'apps-cart' }, NOW);
      expect(await inStaging()).toEqual(['missing staging EARLIER']);
    });

    it('is told as far as it is known where others do not answer', async () => {
      await rotate('LATE', '2027-01-01T00:00:00.000Z');
      needs = new Error('It does not answer.');
      expect(await page()).toEqual({
        items: ['overdue staging LATE'],
        missingUnknown: expect.stringMatching(/cannot be seen now/),
      });
      needs = new Map([[CART, [needing({}, 'NEVER')]]]);
      vaultAnswers = false;
      expect((await page()).items).toContain('missing staging NEVER');
    });

    it('is of services that are there and may be seen, and goes on where it ended', async () => {
      for (let at = 0; at < 3; at++) {
        await rotate(`CART_${at}`, '2027-01-01T00:00:00.000Z');
        await rotate(`SHOP_${at}`, '2027-01-02T00:00:00.000Z', SHOP);
      }
      const asked: string[][] = [];
      const seen: Seen = async services => {
        asked.push(services);
        return services.filter(one => one === SHOP);
      };
      const first = await page(seen, { from: 0, limit: 2 });
      expect(first.items).toEqual([
        'overdue staging SHOP_0',
        'overdue staging SHOP_1',
      ]);
      const second = await page(seen, { from: first.next ?? 0, limit: 2 });
      expect(second).toEqual({ items: ['overdue staging SHOP_2'] });
      // Each is asked about once for a page.
      expect(asked[0].sort()).toEqual([CART, SHOP]);
      gone.add(SHOP);
      expect((await page(seen)).items).toEqual([]);
    });

    it('is found quickly among 5,000 services', async () => {
      const rows = Array.from({ length: 5_000 }, (_, at) => ({
        ...{ service: `component:default/s${at}`, environment: 'staging' },
        ...{ key: 'TOKEN', rule: JSON.stringify(rule), look_at: NOW },
        due_at: at % 10 ? LATER : '2027-01-01T00:00:00.000Z',
      }));
      await db.batchInsert('rotations', rows, 100);
      needs = new Map(
        rows.map(({ service }) => [service, [needing({}, 'SET')]]),
      );
      const began = performance.now();
      const { items, next } = await page();
      const took = performance.now() - began;
      expect([items.length, next]).toEqual([50, expect.any(Number)]);
      expect(took).toBeLessThan(5_000);
    });
  },
);
