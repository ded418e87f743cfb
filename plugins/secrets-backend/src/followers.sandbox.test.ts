import { TestDatabases } from '@backstage/backend-test-utils';
import {
  ClusterAccess,
  ENVIRONMENT_ANNOTATION,
  Places,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import { SyncStore } from './database/SyncStore';
import { ClusterSecrets } from './drivers/kubernetes/ClusterSecrets';
import { Discovery } from './service/Discovery';
import { LeftPlaces } from './service/LeftPlaces';
import { SyncFollowers } from './service/rotation/SyncFollowers';

jest.setTimeout(180_000);

describeWithSandbox(
  'what a cluster still has of secrets that were changed',
  ['cluster', 'vault'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let world: SandboxWorld;
    const name = () => world.service.split('/')[1];
    const there = () => `--namespace=${name()}-staging`;
    const sync = async () =>
      (await world.reader.list(world.service, 'staging')).sync[0];

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases, {
        restartWindowMs: 0,
      });
    });
    afterEach(() => world.cleanUp());

    const clusters = () =>
      new ClusterSecrets({
        access: new ClusterAccess([
          { name: 'test', kubeconfig: world.cluster.kubeconfig },
        ]),
      });
    const followers = () =>
      new SyncFollowers({
        ...{ clusters: clusters(), syncs: new SyncStore(world.db) },
        vault: world.store,
      });
    const writeToVault = (key: string, value: string) =>
      world.vault.request(
        'POST',
        `${world.vault.mount}/data/staging/${name()}/${key}`,
        { data: { value } },
      );
    /** A pod that nobody replaces, which uses A. */
    const makePod = () =>
      world.apply({
        ...{ apiVersion: 'v1', kind: 'Pod' },
        metadata: { name: 'by-hand', namespace: `${name()}-staging` },
        spec: {
          terminationGracePeriodSeconds: 0,
          containers: [
            {
              ...{ name: 'app', image: '127.0.0.1:1/none' },
              env: [
                {
                  name: 'A',
                  valueFrom: { secretKeyRef: { name: name(), key: 'A' } },
                },
              ],
            },
          ],
        },
      });
    const deletePod = () =>
      world.cluster.kubectl([
        ...['delete', 'pod', 'by-hand', '--force', '--wait', there()],
      ]);
    const makeNamespace = (suffix = 'staging') =>
      world.apply({
        ...{ apiVersion: 'v1', kind: 'Namespace' },
        metadata: {
          name: `${name()}-${suffix}`,
          annotations: {
            [SERVICE_ANNOTATION]: world.service,
            [ENVIRONMENT_ANNOTATION]: 'staging',
          },
        },
      });

    it('is the value before in a pod that nobody replaces, until that is gone', async () => {
      const { service } = world;
      const behind = (key: string) =>
        followers().behind({ service, environment: 'staging', key });
      await makeNamespace();
      await world.set('staging', { A: 'one', B: 'one' });
      await makePod();
      expect(await behind('A')).toBeUndefined();
      const { changes } = await world.set('staging', { A: 'two', B: 'two' });
      expect(changes).toMatchObject([{ version: 2 }, { version: 2 }]);
      await until(async () => !(await sync()).restartAt);
      expect(await behind('A')).toBe(
        `Pod by-hand in ${name()}-staging began before it was replaced, and still runs.`,
      );
      expect(await behind('B')).toBeUndefined();
      // Written to Vault, and not brought yet.
      await writeToVault('B', 'three');
      expect(await behind('B')).toMatch(/does not have the newest value yet/);
      await deletePod();
      expect(await behind('A')).toBeUndefined();
    });

    it('is what stands at the place before of an environment that was moved, until that is gone', async () => {
      const { service, store: vault } = world;
      const syncs = new SyncStore(world.db);
      const now = () => new Date();
      await makeNamespace();
      await world.set('staging', { A: 'one' });
      await makePod();
      const moved = new Discovery({
        ...{ clusters: clusters(), now, syncs, vault },
        places: new Places([
          {
            ...{ name: 'staging', production: false, cluster: 'test' },
            namespace: '{service}-moved',
          },
        ]),
      });
      const left = new LeftPlaces({ clusters: clusters(), now, syncs });
      await moved.leave();
      await makeNamespace('moved');
      world.namespaces.push(`${name()}-moved`);
      await writeToVault('A', 'two');
      await world.reconciler.look(service, ['staging']);
      const places = async () =>
        (await syncs.list(service)).map(
          ({ place, memory }) => `${place.namespace} ${memory.state}`,
        );
      const both = [`${name()}-moved synced`, `${name()}-staging left`];
      expect(await places()).toEqual(expect.arrayContaining(both));
      expect(await world.held('moved')).toEqual({ A: 'two' });
      expect(await world.held('staging')).toEqual({ A: 'one' });

      const behind = () =>
        followers().behind({ service, environment: 'staging', key: 'A' });
      expect(await behind()).toMatch(
        /^Pod by-hand in .*-staging of test had an earlier value when that was left/,
      );
      await world.cluster.kubectl(['delete', 'secret', name(), there()]);
      await left.sweep();
      expect(await places()).toHaveLength(2);
      await deletePod();
      expect(await behind()).toBeUndefined();
      await left.sweep();
      expect(await places()).toEqual([both[0]]);
    });

    it('is a key that somebody else wrote too, which is said, and no more when it is taken away there', async () => {
      await makeNamespace();
      await world.set('staging', { A: 'one', B: 'one' });
      await world.cluster.kubectl(
        [
          ...['apply', '--server-side', '--field-manager=other', '-f', '-'],
          there(),
        ],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'Secret' },
          metadata: { name: name() },
          data: { A: Buffer.from('one').toString('base64') },
        }),
      );
      world.reconciler.start();
      const { service } = world;
      await world.secrets.delete(
        { service, environment: 'staging', key: 'A' },
        { actor: 'user:default/anna' },
      );
      expect(await world.held('staging')).toEqual({ A: 'one', B: 'one' });
      expect(await sync()).toMatchObject({
        state: 'behind',
        message: expect.stringMatching(
          /^A is deleted, and still in the Secret/,
        ),
      });
      await world.cluster.kubectl([
        ...['patch', 'secret', name(), '--type=json', there()],
        ...['-p', '[{"op":"remove","path":"/data/A"}]'],
      ]);
      await until(async () => (await sync()).state === 'synced');
      expect(await world.held('staging')).toEqual({ B: 'one' });
    });

    it('cannot be what stands in Vault in another shape, which is known before the service runs', async () => {
      await world.set('staging', { A: 'one' });
      await world.vault.request(
        ...([
          'POST',
          `${world.vault.mount}/data/staging/${name()}/ODD`,
          { data: { user: 'me' } },
        ] as const),
      );
      const { items } = await world.reader.list(world.service, 'staging');
      expect(items).toMatchObject([
        { key: 'A', sync: 'waiting' },
        {
          ...{ key: 'ODD', sync: 'waiting' },
          leftOut: expect.stringMatching(/^ODD stands in Vault in a shape/),
        },
      ]);
      expect(items[0]).not.toHaveProperty('leftOut');
    });
  },
);
