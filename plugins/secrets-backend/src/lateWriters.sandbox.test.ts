import { TestDatabases } from '@backstage/backend-test-utils';
import { SecretValue } from '@highroad/plugin-platform-common';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { Barrier } from './__testUtils__/Barrier';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import { SyncStore } from './database/SyncStore';
import { ClusterSecrets } from './drivers/kubernetes/ClusterSecrets';
import { Recorder } from './service/Recorder';
import { Syncer } from './service/Syncer';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

describeWithSandbox(
  'two who bring a Secret to a cluster, of whom one stands still right before it writes',
  ['cluster', 'vault'],
  sandbox => {
    let world: SandboxWorld;
    let syncs: SyncStore;

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases);
      syncs = new SyncStore(world.db);
      await world.deployTo('staging');
    });
    afterEach(() => world.cleanUp());

    const path = (key: string) => ({
      ...{ service: world.service, environment: 'staging', key },
    });
    /** Straight to Vault, so that nobody brings it yet. */
    const write = async (key: string, value: string) => {
      const { version } = await world.store.facts(path(key));
      await world.store.write(
        path(key),
        { value: new SecretValue(value), encoding: 'text' },
        { after: version },
      );
    };
    /** @param laterBy - how far its clock is, in milliseconds: what others hold is over by then */
    const worker = (laterBy: number, beforeWriting?: Barrier) => {
      const clusters = new ClusterSecrets({
        access: new ClusterAccess([
          { name: 'test', kubeconfig: world.cluster.kubeconfig },
        ]),
      });
      const now = () => new Date(Date.now() + laterBy);
      const syncer = new Syncer({
        ...{ now, random: () => 0, store: syncs, vault: world.store },
        clusters: {
          runsIn: place => clusters.runsIn(place),
          read: place => clusters.read(place),
          restart: (...args) => clusters.restart(...args),
          async apply(...args) {
            await beforeWriting?.pass();
            return clusters.apply(...args);
          },
        },
        recorder: new Recorder({
          auditor: {
            createEvent: async () => ({
              ...{ success: async () => {}, fail: async () => {} },
            }),
          },
        }),
        times: { pollMs: 500, vaultPollMs: 0, restartWindowMs: 0 },
      });
      return async () => {
        const at = now().getTime();
        const items = await syncs.claim({
          ...{ holder: `worker-${laterBy}`, limit: 1 },
          now: new Date(at).toISOString(),
          until: new Date(at + 15_000).toISOString(),
          which: { ids: [(await syncs.all())[0].id] },
        });
        for (const item of items) await syncer.sync(item);
        return items.length;
      };
    };
    const namespace = () => `${world.service.split('/')[1]}-staging`;
    const wanted = () =>
      syncs.know(
        {
          ...{ service: world.service, environment: 'staging' },
          ...{ cluster: 'test', namespace: namespace() },
          secret: world.service.split('/')[1],
        },
        new Date().toISOString(),
      );

    it.each([
      ['that is there', { KEY: 'zero' }],
      ['that is not there yet', {}],
    ])(
      'of a Secret %s: the older value never takes the place of the newer',
      async (_, there) => {
        await wanted();
        for (const [key, value] of Object.entries(there)) {
          await write(key, value);
          await worker(0)();
        }
        expect(await world.held('staging')).toEqual(there);
        await write('KEY', 'older');
        const barrier = new Barrier();
        const slow = worker(0, barrier)();
        await until(async () => barrier.arrived);
        await write('KEY', 'newer');
        await write('OTHER', 'new');
        expect(await worker(60_000)()).toBe(1);
        const newest = { KEY: 'newer', OTHER: 'new' };
        expect(await world.held('staging')).toEqual(newest);

        const seen: string[] = [];
        let over = false;
        const watching = (async () => {
          while (!over) seen.push((await world.held('staging')).KEY);
        })();
        barrier.open();
        await slow;
        over = true;
        await watching;
        expect(new Set(seen)).toEqual(new Set(['newer']));
        expect(await world.held('staging')).toEqual(newest);

        // Whoever took over goes on, and takes away what is deleted.
        await world.store.delete(path('OTHER'), 1);
        expect(await worker(120_000)()).toBe(1);
        expect(await world.held('staging')).toEqual({ KEY: 'newer' });
        const [{ memory }] = await syncs.all();
        expect(memory).toMatchObject({ state: 'synced', tries: 0 });
      },
    );

    it('looks again at once where somebody else changes it at that moment', async () => {
      await wanted();
      await write('KEY', 'one');
      await worker(0)();
      await write('KEY', 'two');
      const barrier = new Barrier();
      const slow = worker(0, barrier)();
      await until(async () => barrier.arrived);
      await world.cluster.kubectl(
        [
          ...['apply', '--server-side', '--field-manager=other', '-f', '-'],
          `--namespace=${namespace()}`,
        ],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Secret' },
          metadata: { name: world.service.split('/')[1] },
          stringData: { THEIRS: 'kept' },
        }),
      );
      barrier.open();
      await slow;
      expect(await world.held('staging')).toEqual({
        ...{ KEY: 'two', THEIRS: 'kept' },
      });
      const [{ memory }] = await syncs.all();
      expect(memory).toMatchObject({ state: 'synced', tries: 0 });
    });
  },
);
