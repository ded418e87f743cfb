import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { z } from 'zod';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';

const metadataSchema = z.object({
  data: z.object({ custom_metadata: z.record(z.string()) }),
});

describeWithSandbox(
  'secrets of which others do something straight in Vault',
  ['cluster', 'vault'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let world: SandboxWorld;
    /** Asks Vault as somebody who may do everything. */
    const inVault = (kind: 'data' | 'metadata', key: string, body?: object) =>
      world.vault.request(
        body ? 'POST' : 'GET',
        `${world.vault.mount}/${kind}/staging/${
          world.service.split('/')[1]
        }/${key}`,
        body,
      );
    const outcome = async (value: string) =>
      (await world.set('staging', { A: value })).changes[0];

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases);
    });
    afterEach(() => world.cleanUp());

    it('leave with a key what others keep with it', async () => {
      const kept = async () =>
        metadataSchema.parse(await inVault('metadata', 'A')).data
          .custom_metadata;
      await outcome('one');
      const theirs = { owner: 'payments', ticket: 'PAY-12' };
      await inVault('metadata', 'A', { custom_metadata: theirs });
      // The fingerprint is gone, so what is there is read to be compared, and marked again.
      expect(await outcome('one')).toMatchObject({ outcome: 'unchanged' });
      const marked = { ...theirs, 'highroad-fingerprint': expect.anything() };
      const first = await kept();
      expect(first).toEqual(marked);
      expect(await outcome('two')).toMatchObject({ outcome: 'set' });
      const second = await kept();
      expect(second).toEqual(marked);
      expect(second['highroad-fingerprint']).not.toBe(
        first['highroad-fingerprint'],
      );
    });

    it('are set where others keep with a key all that Vault takes', async () => {
      const theirs = Object.fromEntries(
        Array.from({ length: 64 }, (_, at) => [`entry-${at}`, 'theirs']),
      );
      await inVault('metadata', 'A', { custom_metadata: theirs });
      expect(await outcome('one')).toMatchObject({ outcome: 'set' });
      expect(await outcome('one')).toMatchObject({ outcome: 'unchanged' });
      expect(await outcome('two')).toMatchObject({ version: 2 });
      const kept = metadataSchema.parse(await inVault('metadata', 'A'));
      expect(kept.data.custom_metadata).toEqual(theirs);
    });

    it('are written anew with the same value where Vault is to delete it', async () => {
      await inVault('metadata', 'A', { delete_version_after: '2h' });
      expect(await outcome('one')).toMatchObject({ version: 1 });
      expect(await outcome('one')).toMatchObject({
        ...{ outcome: 'set', version: 2 },
      });
      await inVault('metadata', 'A', { delete_version_after: '0s' });
      expect(await outcome('one')).toMatchObject({ version: 3 });
      expect(await outcome('one')).toMatchObject({
        ...{ outcome: 'unchanged', version: 3 },
      });
    });

    it('are left out one by one where they cannot be understood, and come when they are set', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      await world.set('staging', { A: 'one', B: 'two' });
      await inVault('data', 'A', { data: { user: 'cart', password: 'x' } });
      await inVault('data', 'C', { data: { value: 'three' } });
      await inVault('data', 'D', {
        data: { value: 'no base64!', encoding: 'base64' },
      });
      await inVault('data', 'no name', { data: { value: 'four' } });
      await until(async () => (await world.held('staging')).C === 'three');
      expect(await world.held('staging')).toEqual({
        ...{ A: 'one', B: 'two', C: 'three' },
      });
      const list = async () => {
        const { items, sync } = await world.reader.list(
          ...([world.service, 'staging'] as const),
        );
        const states = items.map(({ key, sync: state }) => `${key} ${state}`);
        return { message: sync[0].message, states };
      };
      expect(await list()).toEqual({
        message: expect.stringMatching(
          /^A, D stand in Vault in a shape of its own: .* no name has a name that no Secret can have/,
        ),
        states: [
          ...['A behind', 'B synced', 'C synced'],
          ...['D behind', 'no name behind'],
        ],
      });

      const { found, leftOut } = await world.reader.values(
        ...([world.service, 'staging'] as const),
      );
      expect([...found.keys()]).toEqual(['B', 'C', 'no name']);
      expect([...leftOut.keys()]).toEqual(['A', 'D']);

      await world.set('staging', { A: 'five', D: 'six' });
      expect(await world.held('staging')).toEqual({
        ...{ A: 'five', B: 'two', C: 'three', D: 'six' },
      });
      expect((await list()).message).toMatch(/^no name has a name/);
    });

    it('are brought again where a key was taken out of Vault whole, whoever writes it anew with the same number', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      const path = `${world.vault.mount}/metadata/staging/${
        world.service.split('/')[1]
      }/A`;
      const purge = () => world.vault.request('DELETE', path);
      const held = async () => (await world.held('staging')).A;
      const listed = async () => {
        const { items } = await world.reader.list(
          ...([world.service, 'staging'] as const),
        );
        return items.map(({ key, version, sync }) => [key, version, sync]);
      };
      /** Who is said to have set it, and what previews are told is the newest. */
      const known = async () => {
        const at = { service: world.service, environment: 'staging', key: 'A' };
        const { secret } = await world.reader.get(at);
        const newest = await world.reader.newest(world.service, 'staging');
        return [secret.updatedBy, newest.A] as const;
      };
      await world.set('staging', { A: 'leaked', B: 'other' });
      const [setBy, first] = await known();
      expect([typeof setBy, first]).toEqual(['string', 1]);
      await purge();
      expect(await outcome('mended')).toMatchObject({
        ...{ outcome: 'set', version: 1 },
      });
      expect(await held()).toBe('mended');
      const [, second] = await known();
      expect(await known()).toEqual([setBy, expect.any(Number)]);
      expect(second).toBeGreaterThan(first);

      await purge();
      await inVault('data', 'A', { data: { value: 'by hand' } });
      expect(await listed()).toEqual([
        ['A', 1, 'behind'],
        ['B', 1, 'synced'],
      ]);
      await until(async () => (await held()) === 'by hand');
      expect((await listed())[0]).toEqual(['A', 1, 'synced']);
      const [handBy, third] = await known();
      expect(handBy).toBeUndefined();
      expect(third).toBeGreaterThan(second);

      // It is gone from the cluster too as soon as somebody looks.
      await purge();
      expect(await listed()).toEqual([['B', 1, 'synced']]);
      await until(async () => (await held()) === undefined);
      expect(await world.held('staging')).toEqual({ B: 'other' });
    });

    it.each(['A%ZZ', 'A?B', 'A#B', 'A%2FB'])(
      'keep nothing else from being brought by being called %s',
      async key => {
        await world.deployTo('staging');
        world.reconciler.start();
        await inVault('data', encodeURIComponent(key), {
          data: { value: 'of a strange name' },
        });
        await world.set('staging', { A: 'one' });
        await until(async () => (await world.held('staging')).A === 'one');
        const read = await world.reader.values(world.service, 'staging');
        expect(read.found.get(key)?.value.reveal()).toBe('of a strange name');
        const { items, sync } = await world.reader.list(
          ...([world.service, 'staging'] as const),
        );
        expect(items).toMatchObject([
          { key: 'A', sync: 'synced' },
          { key, version: 1, sync: 'behind' },
        ]);
        expect(sync[0].message).toContain(`${key} has a name`);
      },
    );
  },
);
