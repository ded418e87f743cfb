import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { SandboxWorld, until } from './__testUtils__/SandboxWorld';
import {
  FIELD_MANAGER,
  RESTART_ANNOTATION,
} from './drivers/kubernetes/ClusterSecrets';

describeWithSandbox(
  'secrets, with a real Vault and a real cluster',
  ['cluster', 'vault'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let world: SandboxWorld;
    const restarts = async () => {
      const uses = await world.object('deployment', 'staging', '-uses');
      const annotations = uses?.spec.template.metadata.annotations ?? {};
      return {
        generation: uses?.metadata.generation as number,
        at: annotations[RESTART_ANNOTATION] as string | undefined,
      };
    };

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases, {
        restartWindowMs: 8_000,
      });
    });
    afterEach(() => world.cleanUp());

    it('brings a value to the namespace of the service at once, and restarts what uses it once for five keys', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      const before = await restarts();
      for (const key of ['A', 'B', 'C', 'D', 'E']) {
        const { changes, sync } = await world.set('staging', {
          [key]: `${key}-1`,
        });
        expect(changes).toEqual([
          { environment: 'staging', key, outcome: 'set', version: 1 },
        ]);
        expect(sync[0].state).toBe('synced');
        // At once: nothing is waited for.
        expect(await world.held('staging')).toHaveProperty(key, `${key}-1`);
      }
      await until(async () => (await restarts()).at !== undefined, 60_000);
      const after = await restarts();
      expect(after.generation).toBe(before.generation + 1);
      const other = await world.object('deployment', 'staging', '-other');
      expect(other?.metadata.generation).toBe(1);
      const rollout = await world.object('rollout', 'staging', '-rollout');
      expect(rollout?.spec.restartAt).toBe(after.at?.replace(/\.\d+Z/, 'Z'));

      // The same value again writes nothing and restarts nothing.
      await until(async () => {
        const again = await world.set('staging', { A: 'A-1' });
        expect(again.changes[0]).toMatchObject({
          outcome: 'unchanged',
          version: 1,
        });
        // Whoever restarted them writes down afterwards that they were.
        return again.sync[0].restartAt === undefined;
      }, 60_000);
      expect(await restarts()).toEqual(after);
    });

    it('touches only its own keys, puts back what was changed by hand, and takes away what was deleted', async () => {
      await world.deployTo('staging');
      const name = world.service.split('/')[1];
      await world.apply({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name, namespace: `${name}-staging` },
        stringData: { THEIRS: 'stays' },
      });
      world.reconciler.start();
      await world.set('staging', { A: 'right', B: 'too' });
      expect(await world.held('staging')).toEqual({
        ...{ A: 'right', B: 'too', THEIRS: 'stays' },
      });
      const secret = await world.object('secret', 'staging');
      await world.cluster.kubectl([
        ...['patch', 'secret', name, `--namespace=${name}-staging`],
        ...[
          '--type=merge',
          '-p',
          JSON.stringify({ stringData: { A: 'wrong' } }),
        ],
      ]);
      await until(async () => (await world.held('staging')).A === 'right');
      expect(secret?.kind).toBe('Secret');

      await world.secrets.delete(
        { service: world.service, environment: 'staging', key: 'B' },
        { actor: 'user:default/anna' },
      );
      expect(await world.held('staging')).toEqual({
        ...{ A: 'right', THEIRS: 'stays' },
      });
      await world.secrets.undelete(
        { service: world.service, environment: 'staging', key: 'B' },
        { actor: 'user:default/anna' },
      );
      expect(await world.held('staging')).toHaveProperty('B', 'too');
      const managed = await world.cluster.kubectl([
        ...['get', 'secret', name, `--namespace=${name}-staging`],
        ...['-o', 'json', '--show-managed-fields'],
      ]);
      expect(managed).toContain(`"manager": "${FIELD_MANAGER}"`);
    });

    it('says of a Secret that somebody made immutable what to do, and makes it anew once it is gone', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      await world.set('staging', { A: 'one', B: 'other' });
      const name = world.service.split('/')[1];
      const there = `--namespace=${name}-staging`;
      await world.cluster.kubectl([
        ...['patch', 'secret', name, there, '--type=merge'],
        ...['--patch', JSON.stringify({ immutable: true })],
      ]);
      const { sync } = await world.set('staging', { A: 'two' });
      expect(sync[0].state).toBe('behind');
      expect(sync[0].message).toContain(
        `Somebody made the Secret ${name} there immutable. Delete it (kubectl delete secret ${name} --namespace ${name}-staging)`,
      );
      expect(await world.held('staging')).toEqual({ A: 'one', B: 'other' });
      await world.cluster.kubectl(['delete', 'secret', name, there]);
      await until(async () => (await world.held('staging')).A === 'two');
      expect(await world.held('staging')).toEqual({ A: 'two', B: 'other' });
    });

    it('catches what was written straight to Vault, also for a service that it did not know', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      const name = world.service.split('/')[1];
      const { mount } = world.vault;
      await world.vault.request(
        'POST',
        `${mount}/data/staging/${name}/DIRECT`,
        {
          data: { value: 'straight' },
        },
      );
      await until(
        async () => (await world.held('staging')).DIRECT === 'straight',
      );
      const {
        items: [version],
      } = await world.reader.history({
        ...{ service: world.service, environment: 'staging', key: 'DIRECT' },
      });
      expect(version).toMatchObject({ version: 1, state: 'current' });
      expect(version.by).toBeUndefined();
    });

    it('waits for a service that does not run there yet, and gives it nothing of a namespace that is not its own', async () => {
      world.reconciler.start();
      const { sync } = await world.set('staging', { A: 'early' });
      expect(sync[0]).toMatchObject({ state: 'waiting' });
      await world.deployTo('staging');
      await until(async () => (await world.held('staging')).A === 'early');

      const name = world.service.split('/')[1];
      await world.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: `${name}-qa` },
      });
      const refused = await world.set('qa', { A: 'early' });
      expect(refused.sync[0].state).toBe('behind');
      expect(refused.sync[0].message).toContain('was not made for');
      expect(await world.held('qa')).toEqual({});
    });

    it('lets one of two writers win, and says so to the other', async () => {
      await world.set('staging', { A: '1' });
      const outcomes = await Promise.allSettled(
        ['2', '3', '4'].map(value => world.set('staging', { A: value })),
      );
      const won = outcomes.filter(one => one.status === 'fulfilled');
      const { secret } = await world.reader.get({
        ...{ service: world.service, environment: 'staging', key: 'A' },
      });
      expect(secret.version).toBe(1 + won.length);
      const refusals = outcomes.flatMap(one =>
        one.status === 'rejected' ? [one.reason.name] : [],
      );
      expect(refusals).toEqual(refusals.map(() => 'ConflictError'));
      const path = { service: world.service, environment: 'staging', key: 'A' };
      await expect(
        world.secrets.restore(path, 1, {
          actor: 'user:default/anna',
          ifVersion: 1,
        }),
      ).rejects.toThrow(/is at version/);
      const restored = await world.secrets.restore(path, 1, {
        actor: 'user:default/jonas',
      });
      expect(restored.changes[0].outcome).toBe('restored');
      const [newest] = (await world.reader.history(path)).items;
      expect(newest).toMatchObject({
        by: 'user:default/jonas',
        how: 'restore',
      });
      expect((await world.reader.reveal(path)).value.reveal()).toBe('1');
    });

    it('does nothing with values that it cannot record, and goes on when it can', async () => {
      await world.deployTo('staging');
      world.reconciler.start();
      world.recording = false;
      const { sync } = await world.set('staging', { A: 'unrecorded' });
      expect(sync[0]).toMatchObject({ state: 'behind' });
      expect(await world.held('staging')).toEqual({});
      world.recording = true;
      await until(async () => (await world.held('staging')).A === 'unrecorded');
      expect(world.records.map(one => one.event)).toContain('sync');
    });
  },
);
