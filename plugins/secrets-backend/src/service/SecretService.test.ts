import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { SecretValue } from '@highroad/plugin-platform-common';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { SecretSync } from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { MemoryVault } from '../__testUtils__/MemoryVault';
import { SyncStore } from '../database/SyncStore';
import { VersionStore } from '../database/VersionStore';
import { differences } from './differences';
import { Entry, SecretService } from './SecretService';
import { SecretReader } from './SecretReader';
import { SyncWishes } from './SyncWishes';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const service = 'component:default/cart';
const path = { service, environment: 'staging', key: 'TOKEN' };
const mona = 'user:default/mona';
const jonas = 'user:default/jonas';

describe('changing secrets', () => {
  let db: Knex;
  let reader: SecretReader;
  let secrets: SecretService;
  let syncs: SyncStore;
  let vault: MemoryVault;
  /** How often clusters were looked at for somebody */
  let looks: number;
  /** What comes of that */
  let looking: () => Promise<void>;
  /** What environments on demand were told of changes */
  let told: unknown[];

  const set = (
    text: string,
    actor: string,
    more: Partial<Entry> = {},
    environments = ['staging'],
  ) =>
    secrets.set(
      ...([service, environments] as const),
      [
        {
          ...{ key: 'TOKEN', value: new SecretValue(text) },
          ...{ encoding: 'text', ...more },
        },
      ],
      { actor, how: 'set' },
    );
  const value = async () => (await reader.reveal(path)).value.reveal();

  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    vault = new MemoryVault();
    looks = 0;
    told = [];
    // A while after what is written to Vault here.
    const now = () => new Date('2027-01-15T08:30:00Z');
    syncs = new SyncStore(db);
    const shared = {
      ...{ syncs, vault, versions: new VersionStore(db) },
      places: new Places(
        ['staging', 'qa'].map(name => ({
          ...{ name, production: false, cluster: 'main' },
          namespace: '{service}-{environment}',
        })),
      ),
      services: {
        require: async () => {},
        existing: async (all: string[]) => new Set(all),
      },
      wishes: new SyncWishes({ now, syncs }),
    };
    const reconciler = {
      look: async () => {
        looks += 1;
        await looking();
      },
    };
    looking = async () => {};
    reader = new SecretReader({ ...shared, reconciler });
    secrets = new SecretService({
      ...{ ...shared, now, reader, logger: mockServices.logger.mock() },
      reconciler,
      previews: {
        follow: async changed => {
          told.push(changed);
          return [
            {
              ...{ environment: 'pr-1', cluster: 'main', secret: 'cart' },
              ...{ namespace: 'env-pr-1', state: 'synced', message: 'lent' },
            },
          ];
        },
      },
    });
  });

  it('says which version was replaced, and who had set it', async () => {
    const first = await set('one', mona);
    expect(first.changes).toEqual([
      { environment: 'staging', key: 'TOKEN', outcome: 'set', version: 1 },
    ]);
    const second = await set('two', jonas);
    expect(second.changes[0]).toMatchObject({
      ...{ version: 2, replaced: { version: 1, by: mona } },
    });
    const same = await set('two', mona);
    expect(same.changes[0].replaced).toBeUndefined();
    await vault.write(
      path,
      { value: new SecretValue('straight'), encoding: 'text' },
      { after: 2 },
    );
    const fourth = await set('four', mona);
    expect(fourth.changes[0].replaced).toEqual({ version: 3 });
  });

  it('says who had set what was replaced also where that was kept a moment ago', async () => {
    await set('one', mona);
    const { add } = VersionStore.prototype;
    let keep = async () => {};
    jest
      .spyOn(VersionStore.prototype, 'add')
      .mockImplementationOnce(async function later(
        this: VersionStore,
        ...args
      ) {
        keep = () => add.apply(this, args);
      });
    await set('two', jonas);
    // Somebody else writes after Vault has that, and before it is kept whose it is.
    const write = vault.write.bind(vault);
    vault.write = async (...args) => {
      const version = await write(...args);
      await keep();
      return version;
    };
    const third = await set('three', mona);
    expect(third.changes[0].replaced).toEqual({ version: 2, by: jonas });
    jest.restoreAllMocks();
  });

  it('says what was written also where that could not be kept', async () => {
    jest
      .spyOn(VersionStore.prototype, 'add')
      .mockRejectedValueOnce(new Error('The database is gone.'));
    jest
      .spyOn(SyncStore.prototype, 'want')
      .mockResolvedValueOnce(undefined)
      .mockRejectedValueOnce(new Error('It is still gone.'));
    await expect(set('one', mona)).rejects.toThrow(
      'The database is gone. Before that, this was done: TOKEN in staging.',
    );
    expect(await value()).toBe('one');
  });

  it('says who had set what was replaced without reading the history again for each of many keys', async () => {
    const keys = ['A', 'B', 'C', 'D'];
    for (const text of ['one', 'two', 'three']) {
      for (const key of keys) await set(text, jonas, { key });
    }
    let rows = 0;
    const count = (answer: unknown, { sql }: { sql: string }) => {
      if (/^select .* from `versions`/.test(sql) && answer) {
        rows += Array.isArray(answer) ? answer.length : 1;
      }
    };
    db.on('query-response', count);
    const { changes } = await secrets.set(
      service,
      ['staging'],
      keys.map(key => ({
        ...{ key, value: new SecretValue('four'), encoding: 'text' },
      })),
      { actor: mona, how: 'import' },
    );
    db.off('query-response', count);
    expect(changes.map(({ replaced }) => replaced)).toEqual(
      keys.map(() => ({ version: 3, by: jonas })),
    );
    // The history once, for its sizes; then of each key its own, and the version that was replaced
    expect(rows).toBe(3 * keys.length + (3 + 1) * keys.length);
  });

  it('are behind while nobody has looked since they were set, also where they are the same already', async () => {
    const states = async (answer: Promise<{ sync: SecretSync[] }>) =>
      (await answer).sync.flatMap(({ environment, state }) =>
        environment === 'staging' ? [state] : [],
      );
    /** As a look ends that was there before. */
    const synced = async (versions: Record<string, number>) => {
      const [item] = await syncs.claim({
        ...{ holder: 'test', limit: 1 },
        ...{ now: '2027-01-15T08:30:00Z', until: '2027-01-15T08:31:00Z' },
        which: { exceptClusters: [] },
      });
      await syncs.save(
        item,
        { ...item.memory, state: 'synced', versions },
        {
          ...{ dueAt: '2027-01-15T08:30:00Z', release: true },
          vaultDueAt: '2027-01-15T10:00:00Z',
        },
      );
    };
    await set('one', mona);
    await synced({ TOKEN: 1 });
    // The control: what was looked at, and is as it was, is not behind.
    expect(await states(reader.list(service, 'staging'))).toEqual(['synced']);
    expect(await syncs.behind()).toMatchObject([{ count: 0 }]);
    expect(await states(set('two', mona))).toEqual(['behind']);
    expect(await syncs.behind()).toMatchObject([{ count: 1 }]);
    await synced({ TOKEN: 1 });
    const seen = await reader.get(path);
    expect([seen.secret.sync, seen.sync?.state]).toEqual(['behind', 'behind']);
    expect(await states(reader.list(service, 'staging'))).toEqual(['behind']);
    await synced({ TOKEN: 1 });
    const before = looks;
    const same = await set('two', mona);
    expect(same.changes).toMatchObject([{ outcome: 'unchanged' }]);
    expect(looks).toBe(before + 1);
    expect(same.sync).toMatchObject([{ state: 'behind' }]);
    await synced({ TOKEN: 2 });
    expect(await states(reader.list(service, 'staging'))).toEqual(['synced']);
    await secrets.bring(service, ['staging']);
    expect(looks).toBe(before + 2);
  });

  it('writes the same value anew where Vault is to delete it at a time of its own', async () => {
    vault.endsAt = '2027-02-01T00:00:00Z';
    await set('one', mona);
    const again = await set('one', jonas);
    expect(again.changes[0]).toMatchObject({ outcome: 'set', version: 2 });
    vault.endsAt = undefined;
    const stays = await set('one', mona);
    expect(stays.changes[0]).toMatchObject({ outcome: 'set', version: 3 });
    const same = await set('one', jonas);
    expect(same.changes[0]).toMatchObject({
      ...{ outcome: 'unchanged', version: 3 },
    });
  });

  it('replaces no version but the one that was seen, in any of the environments', async () => {
    await set('one', mona, {}, ['staging', 'qa']);
    await set('two', jonas, {}, ['qa']);
    await expect(
      set('three', mona, { ifVersions: { staging: 1, qa: 1 } }, [
        ...['staging', 'qa'],
      ]),
    ).rejects.toThrow(
      'TOKEN in qa is at version 2, not 1; it was not changed. Look at it, then try again. Before that, this was done: TOKEN in staging.',
    );
    await expect(set('x', mona, { ifVersion: 0 })).rejects.toThrow(
      'TOKEN in staging is at version 2, not 0',
    );
    const seen = { ifVersions: { staging: 2, qa: 2 } };
    const { changes } = await set('four', mona, seen, ['staging', 'qa']);
    expect(changes.map(({ version }) => version)).toEqual([3, 3]);
  });

  it('refuses the version of an environment that is not set, before anything is', async () => {
    await set('one', mona);
    const more = { ifVersions: { stagin: 1, qa: 0 } };
    await expect(set('two', jonas, more, ['qa', 'staging'])).rejects.toThrow(
      'ifVersions: "stagin" of TOKEN is none of the environments that are set (qa, staging); nothing was set. Correct the name, or leave it out.',
    );
    await expect(
      set('two', jonas, { ifVersions: { staging: 1, qa: 0 } }),
    ).rejects.toThrow(
      '"qa" of TOKEN is none of the environments that are set (staging);',
    );
    expect(await value()).toBe('one');
    const { version } = await vault.facts({ ...path, environment: 'qa' });
    expect(version).toBe(0);
    // An environment whose version is not given is set all the same.
    await set('two', jonas, { ifVersions: { qa: 0 } }, ['qa', 'staging']);
    expect(await value()).toBe('two');
  });

  it('deletes no version but the one that was seen', async () => {
    await set('one', mona);
    await set('two', jonas);
    await expect(
      secrets.delete(path, { actor: mona, ifVersion: 1 }),
    ).rejects.toThrow('TOKEN in staging is at version 2, not 1');
    expect(await value()).toBe('two');
    const { changes } = await secrets.delete(path, {
      ...{ actor: mona, ifVersion: 2 },
    });
    expect(changes[0]).toMatchObject({
      ...{
        outcome: 'deleted',
        version: 2,
        replaced: { version: 2, by: jonas },
      },
    });
    await expect(value()).rejects.toThrow('is deleted');
    const { items } = await reader.history(path);
    expect(items).toMatchObject([
      { version: 2, state: 'deleted', deletedAt: '2027-01-15T08:00:03.000Z' },
      { version: 1, state: 'superseded' },
    ]);
    expect(items[1].deletedAt).toBeUndefined();
  });

  it('tells who deleted a version when, and who put it back; of what was done straight in Vault, what Vault knows', async () => {
    const newest = async () => (await reader.history(path)).items[0];
    await set('one', mona);
    await secrets.delete(path, { actor: jonas });
    const deleted = await newest();
    expect(deleted).toMatchObject({
      ...{ state: 'deleted', by: mona, deletedBy: jonas },
      deletedAt: expect.stringMatching(/^2027-01-15T/),
    });
    expect(deleted.undeletedAt).toBeUndefined();
    const {
      items: [listed],
    } = await reader.list(service, 'staging');
    expect(listed).toMatchObject({
      ...{ state: 'deleted', updatedBy: mona, deletedBy: jonas },
      deletedAt: deleted.deletedAt,
    });
    expect((await reader.get(path)).secret).toEqual(listed);
    await secrets.undelete(path, { actor: mona });
    const back = await newest();
    expect(back).toMatchObject({
      ...{ state: 'current', undeletedBy: mona },
      undeletedAt: '2027-01-15T08:30:00.000Z',
    });
    expect(back.deletedBy).toBeUndefined();
    // Nobody is named for what another did.
    vault.deleteVersion(path, 1);
    const straight = await newest();
    expect(straight.deletedAt).not.toBe(deleted.deletedAt);
    expect(straight.deletedBy).toBeUndefined();
    await set('two', mona);
    expect((await newest()).undeletedAt).toBeUndefined();
  });

  it('tells who deleted what with as many queries for many keys as for one', async () => {
    const keys = ['A', 'B', 'C', 'D'];
    const queries = async () => {
      let count = 0;
      const counted = () => {
        count += 1;
      };
      db.on('query', counted);
      const { items } = await reader.list(service, 'staging');
      db.off('query', counted);
      return { count, by: items.map(({ deletedBy }) => deletedBy) };
    };
    for (const key of keys) await set('one', mona, { key });
    await secrets.delete({ ...path, key: 'A' }, { actor: jonas });
    const one = await queries();
    expect(one.by).toEqual([jonas, undefined, undefined, undefined]);
    expect(one.count).toBeGreaterThan(0);
    for (const key of ['B', 'D']) {
      await secrets.delete({ ...path, key }, { actor: mona });
    }
    const many = await queries();
    expect(many.by).toEqual([jonas, mona, undefined, mona]);
    expect(many.count).toBe(one.count);
  });

  describe('a key that was taken out of Vault whole, and began again', () => {
    const straight = (text: string, after = 0) =>
      vault.write(
        path,
        { value: new SecretValue(text), encoding: 'text' },
        { after },
      );
    const newest = async () => (await reader.newest(service, 'staging')).TOKEN;
    /** As the cluster's side looks at Vault, and remembers it. */
    const look = async () => {
      const { at, version } = (await vault.facts(path)).versions[0];
      const memory = (await syncs.list(service))[0]?.memory;
      await db('syncs').update({
        versions: JSON.stringify({ TOKEN: version }),
        made: JSON.stringify({ TOKEN: at }),
        anew: JSON.stringify(memory?.anew ?? []),
      });
    };

    it('has no author by the number of what somebody had set before', async () => {
      await set('one', mona);
      vault.forget(path);
      await straight('other');
      const { secret } = await reader.get(path);
      expect(secret.updatedBy).toBeUndefined();
      const { items } = await reader.list(service, 'staging');
      expect(items[0].updatedBy).toBeUndefined();
      const [version] = (await reader.history(path)).items;
      expect(version).not.toHaveProperty('by');
      const { changes } = await set('two', jonas);
      expect(changes[0].replaced).toEqual({ version: 1 });
      expect((await reader.get(path)).secret.updatedBy).toBe(jonas);
    });

    it('has nobody who put back what is another version', async () => {
      await set('one', mona);
      await secrets.delete(path, { actor: mona });
      await secrets.undelete(path, { actor: mona });
      const before = (await reader.history(path)).items[0];
      expect(before.undeletedBy).toBe(mona);
      vault.forget(path);
      vault.pass(3_600_000);
      await straight('other');
      const [version] = (await reader.history(path)).items;
      expect(version).not.toHaveProperty('undeletedBy');
    });

    it('forgets who wrote what was there before, and what Vault keeps no more', async () => {
      vault.keeps = 2;
      for (const text of ['one', 'two', 'three', 'four', 'five']) {
        await set(text, mona);
      }
      const known = async () =>
        (await new VersionStore(db).of(path)).map(({ version }) => version);
      expect(await known()).toEqual([3, 4, 5]);
      vault.forget(path);
      await set('other', jonas);
      expect(await known()).toEqual([1]);
    });

    it('has another newest for those that are lent it, with the same number or a smaller one', async () => {
      await set('one', mona);
      expect(await newest()).toBe(1);
      vault.forget(path);
      await set('other', mona);
      const again = await newest();
      expect(again).toBeGreaterThan(1_000_000);
      await set('two', mona);
      expect(await newest()).toBeGreaterThan(again);
      vault.forget(path);
      await set('three', mona);
      expect(await newest()).toBeGreaterThan(again + 1_000);
    });

    it('has another newest where it was written straight to Vault, once that was seen', async () => {
      for (const text of ['one', 'two']) await set(text, mona);
      await look();
      expect(await newest()).toBe(2);
      vault.forget(path);
      await straight('other');
      expect(await newest()).toBe(2);
      await look();
      const again = await newest();
      expect(again).toBeGreaterThan(1_000_000);
      vault.forget(path);
      await straight('another');
      await look();
      expect(await newest()).toBeGreaterThan(again);
    });
  });

  it('leaves a value there that somebody sets at the moment when it is deleted', async () => {
    await set('one', mona);
    vault.before = { delete: () => set('two', jonas) };
    await expect(secrets.delete(path, { actor: mona })).rejects.toThrow(
      'TOKEN in staging was set by somebody else at this moment, to version 2, which stays',
    );
    expect(await value()).toBe('two');
    const { items } = await reader.history(path);
    expect(items).toMatchObject([
      { version: 2, state: 'current' },
      { version: 1, state: 'deleted', deletedBy: mona },
    ]);
    // It was not taken away and put back.
    expect(items[0].undeletedAt).toBeUndefined();
  });

  it('refuses values that no Secret could hold together, before anything is written', async () => {
    const large = 'x'.repeat(500 * 1024);
    await set(large, mona, { key: 'A' });
    await set(large, mona, { key: 'B' });
    await expect(
      set(large, mona, { key: 'C' }, ['qa', 'staging']),
    ).rejects.toThrow(
      'value: all values of component:default/cart in staging would be 1500 KiB together, and a Secret of Kubernetes holds 1024 KiB. Nothing was written. The largest are A (500 KiB), B (500 KiB), C (500 KiB): delete what is not used,',
    );
    const keys = (environment: string) => vault.keys({ service, environment });
    expect([await keys('staging'), await keys('qa')]).toEqual([['A', 'B'], []]);
    // What is replaced or deleted takes no room, until it is put back.
    await set(`${large}y`, mona, { key: 'B' });
    await secrets.delete({ ...path, key: 'A' }, { actor: mona });
    await set(large, mona, { key: 'C' });
    await expect(
      secrets.undelete({ ...path, key: 'A' }, { actor: mona }),
    ).rejects.toThrow('would be 1501 KiB together');
  });

  it('counts what was written straight to Vault, once it was looked at', async () => {
    const large = 'x'.repeat(500 * 1024);
    await set(large, mona, { key: 'A' });
    await vault.write(
      { ...path, key: 'DIRECT' },
      { value: new SecretValue(large), encoding: 'text' },
      { after: 0 },
    );
    const [item] = await syncs.claim({
      ...{ holder: 'test', limit: 1 },
      ...{ now: '2027-01-15T08:30:00Z', until: '2027-01-15T08:31:00Z' },
      which: { exceptClusters: [] },
    });
    const weighed = { DIRECT: { version: 1, bytes: 500 * 1024 } };
    await syncs.save(
      item,
      { ...item.memory, weighed },
      { dueAt: '2027-01-15T08:30:00Z', release: true },
    );
    await expect(set(large, mona, { key: 'B' })).rejects.toThrow(
      'would be 1500 KiB together, and a Secret of Kubernetes holds 1024 KiB. Nothing was written. The largest are DIRECT (500 KiB), A (500 KiB), B (500 KiB)',
    );
    // What is there no more takes no room.
    vault.deleteVersion({ ...path, key: 'DIRECT' }, 1);
    await set(large, mona, { key: 'B' });
  });

  it('are looked at once before the service runs where they were written straight to Vault, so that it is known which cannot be brought', async () => {
    const direct = { ...path, key: 'DIRECT' };
    const straight = (after: number) =>
      vault.write(
        direct,
        { value: new SecretValue('odd'), encoding: 'text' },
        { after },
      );
    looking = async () => {
      const [item] = await syncs.claim({
        ...{ holder: 'test', limit: 1 },
        ...{ now: '2027-01-15T08:30:00Z', until: '2027-01-15T08:31:00Z' },
        which: { exceptClusters: [] },
      });
      const { version } = await vault.facts(direct);
      const weighed = {
        DIRECT: { version, bytes: 0, foreign: true as const },
      };
      await syncs.save(
        item,
        { ...item.memory, state: 'waiting', weighed },
        { dueAt: '2027-01-15T08:30:00Z', release: true },
      );
    };
    const listed = async () => {
      const { items } = await reader.list(service, 'staging');
      return items.map(one => [one.key, one.sync, one.leftOut?.slice(0, 28)]);
    };
    await straight(0);
    const why = 'DIRECT stands in Vault in a ';
    expect(await listed()).toEqual([['DIRECT', 'waiting', why]]);
    expect(await listed()).toEqual([['DIRECT', 'waiting', why]]);
    expect(looks).toBe(1);
    await straight(1);
    expect(await listed()).toEqual([['DIRECT', 'waiting', why]]);
    expect(looks).toBe(2);
    // What the platform wrote can be brought.
    await set('one', mona);
    const after = looks;
    expect(await listed()).toEqual([
      ['DIRECT', 'waiting', why],
      ['TOKEN', 'waiting', undefined],
    ]);
    expect(looks).toBe(after);
  });

  it('are behind one by one where some find no room, and Vault is asked again for what is new only', async () => {
    const direct = { ...path, key: 'DIRECT' };
    const straight = (after: number) =>
      vault.write(
        direct,
        { value: new SecretValue('large'), encoding: 'text' },
        { after },
      );
    await set('one', mona);
    await straight(0);
    const [item] = await syncs.claim({
      ...{ holder: 'test', limit: 1 },
      ...{ now: '2027-01-15T08:30:00Z', until: '2027-01-15T08:31:00Z' },
      which: { exceptClusters: [] },
    });
    const weighed = {
      TOKEN: { version: 1, bytes: 64 },
      DIRECT: { version: 1, bytes: 2_000_000 },
    };
    await syncs.save(
      item,
      { ...item.memory, state: 'behind', versions: { TOKEN: 1 }, weighed },
      { dueAt: '2027-01-15T08:30:00Z', release: true },
    );
    const listed = async () => {
      const { items } = await reader.list(service, 'staging');
      const [{ generation }] = await syncs.list(service);
      return {
        asked: generation - item.generation,
        states: items.map(({ key, sync }) => `${key} ${sync}`),
      };
    };
    const states = ['TOKEN synced', 'DIRECT behind'];
    expect(await listed()).toEqual({ asked: 0, states });
    await straight(1);
    expect(await listed()).toEqual({ asked: 1, states });
  });

  it('are read and compared but for those that are not understood, which are named', async () => {
    const both = ['staging', 'qa'];
    await set('the same', mona, { key: 'SAME' }, both);
    await set('here', mona, {}, ['staging']);
    await set('there', mona, {}, ['qa']);
    await set('odd', mona, { key: 'ODD' }, ['qa']);
    vault.foreign.add('ODD');
    const { found, leftOut } = await reader.values(service, 'qa');
    expect([[...found.keys()], [...leftOut]]).toEqual([
      ['SAME', 'TOKEN'],
      [['ODD', 'qa/cart/ODD has a shape of its own.']],
    ]);
    await expect(
      reader.reveal({ ...path, environment: 'qa', key: 'ODD' }),
    ).rejects.toThrow('qa/cart/ODD has a shape of its own.');
    const compared = async () => {
      const [from, to] = await Promise.all(
        both.map(async environment => ({
          ...{ environment },
          ...(await reader.fingerprints(service, environment)),
        })),
      );
      return differences(from, to).map(
        ({ key, outcome, foreignIn }) =>
          `${key} ${[outcome, ...(foreignIn ?? [])].join(' ')}`,
      );
    };
    const others = ['SAME same', 'TOKEN differs'];
    expect(await compared()).toEqual(['ODD not-comparable qa', ...others]);
    vault.foreign.clear();
    expect(await compared()).toEqual(['ODD missing-left', ...others]);
    // Whatever else is wrong, is.
    vault.read = async () => {
      throw new Error('Vault is sealed.');
    };
    await expect(reader.values(service, 'qa')).rejects.toThrow('sealed');
  });

  describe('where Vault refuses some', () => {
    const why = (refused: string) =>
      `Vault refused ${refused}. See docs/runbooks/vault-permission-denied.md.`;
    const both = ['staging', 'qa'];
    const listed = async (environment?: string) => {
      const { items, unseen } = await reader.list(service, environment);
      return {
        items: items.map(one => `${one.environment} ${one.key}`),
        unseen,
      };
    };

    beforeEach(async () => {
      for (const key of ['A', 'B']) await set('one', mona, { key }, both);
    });

    it('are listed without these, which are named with the reason', async () => {
      vault.refused.add('staging/cart/B');
      expect(await listed()).toEqual({
        items: ['staging A', 'qa A', 'qa B'],
        unseen: [
          { environment: 'staging', key: 'B', why: why('staging/cart/B') },
        ],
      });
    });

    it.each([
      ['a whole environment', ['qa/cart/']],
      ['each of an environment', ['qa/cart/A', 'qa/cart/B']],
    ])('are listed where others are, if it is %s', async (_, refused) => {
      refused.forEach(one => vault.refused.add(one));
      expect(await listed()).toEqual({
        items: ['staging A', 'staging B'],
        unseen: [{ environment: 'qa', why: why(refused[0]) }],
      });
      await expect(listed('qa')).rejects.toThrow(why(refused[0]));
      vault.refused.add('staging/cart/');
      await expect(listed()).rejects.toThrow(why('staging/cart/'));
    });

    it('are read without these', async () => {
      vault.refused.add('qa/cart/B');
      const { found, refused } = await reader.values(service, 'qa');
      expect([[...found.keys()], [...refused]]).toEqual([
        ...[['A'], [['B', why('qa/cart/B')]]],
      ]);
      vault.refused.add('qa/cart/A');
      await expect(reader.values(service, 'qa')).rejects.toThrow('refused');
    });

    it.each(['fingerprints', 'keptFingerprints'] as const)(
      'are compared without these by %s',
      async read => {
        vault.refused.add('qa/cart/B');
        const sideOf = async (environment: string) => ({
          environment,
          ...(await reader[read](service, environment)),
        });
        expect(
          differences(await sideOf('staging'), await sideOf('qa')),
        ).toMatchObject([
          { key: 'A', outcome: 'same' },
          { key: 'B', outcome: 'not-comparable', refusedIn: ['qa'] },
        ]);
        vault.refused.add('qa/cart/A');
        await expect(sideOf('qa')).rejects.toThrow('refused');
      },
    );

    it('are not listed where something else is wrong', async () => {
      vault.refused.add('qa/cart/B');
      const facts = vault.facts.bind(vault);
      vault.facts = async at => {
        if (at.key === 'A') throw new Error('Vault is sealed.');
        return facts(at);
      };
      await expect(listed()).rejects.toThrow('sealed');
    });
  });

  it('are compared by the fingerprints that are kept with them, without reading a value', async () => {
    const both = ['staging', 'qa'];
    await set('the same', mona, { key: 'SAME' }, both);
    await set('here', mona, {}, ['staging']);
    await set('there', mona, {}, ['qa']);
    await set('gone', mona, { key: 'GONE' }, both);
    await secrets.delete({ ...path, key: 'GONE' }, { actor: mona });
    for (const environment of both) {
      await vault.write(
        { service, environment, key: 'STRAIGHT' },
        { value: new SecretValue('straight'), encoding: 'text' },
        { after: 0 },
      );
    }
    const read = jest.spyOn(vault, 'read');
    const [from, to] = await Promise.all(
      both.map(async environment => ({
        ...{ environment },
        ...(await reader.keptFingerprints(service, environment)),
      })),
    );
    expect(
      differences(from, to).map(
        ({ key, outcome, foreignIn = [] }) =>
          `${key} ${[outcome, ...foreignIn].join(' ')}`,
      ),
    ).toEqual([
      'GONE missing-left',
      'SAME same',
      'STRAIGHT not-comparable staging qa',
      'TOKEN differs',
    ]);
    expect(read).not.toHaveBeenCalled();
  });

  it('are not taken for others where the key of fingerprints was made anew, and have theirs again once they are set', async () => {
    const both = ['staging', 'qa'];
    await set('the same', mona, {}, both);
    vault.hmacKey = Buffer.alloc(32, 2);
    const compared = async () => {
      const [from, to] = await Promise.all(
        both.map(async environment => ({
          ...{ environment },
          ...(await reader.keptFingerprints(service, environment)),
        })),
      );
      return [differences(from, to)[0].outcome, from.leftOut.get('TOKEN')];
    };
    const another = 'Its fingerprint was made with another key.';
    expect(await compared()).toEqual(['not-comparable', another]);
    const { changes } = await set('the same', mona, {}, ['staging']);
    expect(changes).toMatchObject([{ outcome: 'unchanged' }]);
    expect(await compared()).toEqual(['not-comparable', undefined]);
    await set('the same', mona, {}, ['qa']);
    expect(await compared()).toEqual(['same', undefined]);
  });

  it('restores no version that is deleted, destroyed or gone, says what to do, and writes nothing', async () => {
    for (const text of ['one', 'two', 'three', 'four']) await set(text, mona);
    const restore = (version: number) =>
      secrets.restore(path, version, { actor: mona });
    vault.deleteVersion(path, 2);
    vault.destroy(path, 3);
    await expect(restore(2)).rejects.toThrow(
      'Version 2 of TOKEN in staging is deleted, so it can be neither seen nor restored. Put it back first: vault kv undelete -mount=secret -versions=2 staging/cart/TOKEN',
    );
    await expect(restore(3)).rejects.toThrow(
      'Version 3 of TOKEN in staging was destroyed in Vault and cannot come back. Restore another version, or set the key.',
    );
    await expect(restore(7)).rejects.toThrow(
      'There is no version 7 of TOKEN in staging: the newest is 4.',
    );
    await expect(reader.reveal(path, 3)).rejects.toThrow('was destroyed');
    vault.keeps = 3;
    await expect(restore(1)).rejects.toThrow(
      'Version 1 of TOKEN in staging is gone: Vault keeps the newest 3 only.',
    );
    expect((await reader.get(path)).secret.version).toBe(4);
    expect(await value()).toBe('four');
    await secrets.delete(path, { actor: mona });
    await expect(restore(4)).rejects.toThrow(
      'Put it back first: platform secrets undelete cart/TOKEN --env staging',
    );
    // What is put back can be restored.
    await vault.undelete(path, 2);
    const { changes } = await restore(2);
    expect(changes).toMatchObject([{ outcome: 'restored', version: 5 }]);
    expect(await value()).toBe('two');
  });

  it('tells environments on demand of what was changed, and answers how far these are', async () => {
    const { sync } = await set('one', mona);
    expect(sync.map(({ environment }) => environment)).toEqual([
      ...['staging', 'pr-1'],
    ]);
    await set('one', mona);
    await secrets.delete(path, { actor: mona });
    await secrets.undelete(path, { actor: mona });
    await set('two', mona);
    await secrets.restore(path, 1, { actor: mona });
    const changed = {
      ...{ service, environment: 'staging', keys: ['TOKEN'], deleted: [] },
    };
    expect(told).toEqual([
      changed,
      { ...changed, deleted: ['TOKEN'] },
      ...[changed, changed, changed],
    ]);
  });
});
