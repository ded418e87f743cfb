import { TestDatabases } from '@backstage/backend-test-utils';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  FakeCluster,
  goodChecks,
  PRODUCTION,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };
const instead = { supersede: true };

describe.each(databases.eachSupportedId())(
  'taking the place of a deployment, on %s',
  databaseId => {
    const { db, stops } = eachOnItsDatabase(databases, databaseId);

    /** 1.0.0 runs, and 2.0.0 has been applied and is not ready yet; there is no image 9.9.9. */
    const shifting = async () => {
      const cluster = new FakeCluster();
      cluster.looks['2.0.0'] = WAITING;
      const checking = new Set<string>();
      let goOn: () => void = () => {};
      const slow = new Promise<void>(open => {
        goOn = open;
      });
      const made = world(db(), {
        cluster,
        checks: {
          async run(deployment, ...rest) {
            const { version } = deployment;
            checking.add(version);
            if (version === '3.0.0') await slow;
            if (version !== '9.9.9') return goodChecks.run(deployment, ...rest);
            return {
              ...{ ok: false, passing: false, steps: [] },
              summary: 'There is no image 9.9.9.',
            };
          },
        },
      });
      const worker = made.newWorker();
      worker.start();
      stops.push(() => worker.stop());
      const { service, ended } = made;
      await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
      const { id } = await service.deploy(STAGING, '2.0.0', ANNA, once);
      await until(async () => (await service.get(id)).state === 'shifting');
      return { ...made, worker, checking, goOn, id };
    };

    it('puts back what ran before it if the new one is refused', async () => {
      const { service, cluster, ended, id } = await shifting();
      const third = await service.deploy(STAGING, '9.9.9', ANNA, instead);
      const failed = await ended(third.id);
      expect(failed).toMatchObject({
        state: 'failed',
        summary: 'There is no image 9.9.9. 1.0.0 is put back.',
      });
      expect((await service.get(id)).state).toBe('superseded');
      expect(await ended(String(failed.undoneBy))).toMatchObject({
        ...{ kind: 'rollback', version: '1.0.0', state: 'succeeded' },
        undoes: third.id,
      });
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
    });

    it('puts it back too if the new one’s place was taken before it was checked', async () => {
      const { reader, service, cluster, ended, newWorker, worker } =
        await shifting();
      await worker.stop();
      await service.deploy(STAGING, '9.9.9', ANNA, instead);
      const last = await service.deploy(STAGING, '9.9.9', ANNA, instead);
      const next = newWorker('next');
      next.start();
      stops.push(() => next.stop());
      const failed = await ended(last.id);
      await ended(String(failed.undoneBy));
      expect((await reader.lastGood(STAGING))?.version).toBe('1.0.0');
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
      expect((await service.status({}))[0].running?.version).toBe('1.0.0');
    });

    it('is for each of several who want it at the same moment', async () => {
      const { service, id } = await shifting();
      const versions = ['4.0.0', '5.0.0', '6.0.0'];
      const asked = await Promise.all(
        versions.map(version =>
          service.deploy(STAGING, version, ANNA, instead),
        ),
      );
      const states = await Promise.all(
        asked.map(async one => (await service.get(one.id)).state),
      );
      expect((await service.get(id)).state).toBe('superseded');
      expect(states.filter(state => state === 'superseded')).toHaveLength(2);
    });

    it('puts it back if the new one is cancelled before it has any effect', async () => {
      const { service, cluster, ended, checking, goOn } = await shifting();
      const { id } = await service.deploy(STAGING, '3.0.0', ANNA, instead);
      await until(async () => checking.has('3.0.0'));
      const why = 'the wrong version';
      await service.wish(id, 'cancel', ANNA.requestedBy, {
        reason: why,
      });
      goOn();
      const cancelled = await ended(id);
      expect(cancelled).toMatchObject({
        state: 'cancelled',
        summary: 'Stopped by anna: the wrong version. 1.0.0 is put back.',
      });
      await ended(String(cancelled.undoneBy));
      expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
    });

    it('is refused where the new one would wait for an approval while nobody watches what was applied', async () => {
      const { service, cluster, ended } = await shifting();
      const approved = async (version: string) => {
        const { id } = await service.deploy(PRODUCTION, version, ANNA, instead);
        await until(
          async () => (await service.get(id)).state === 'waiting-for-approval',
        );
        return id;
      };
      // What was not applied yet leaves nothing behind.
      await approved('1.0.0');
      const first = await approved('2.0.0');
      await service.approve(first, 'user:default/bert');
      await until(async () => (await service.get(first)).state === 'shifting');
      await expect(
        service.deploy(PRODUCTION, '3.0.0', ANNA, instead),
      ).rejects.toThrow(
        /nobody would watch over it.*Cancel it or roll it back/,
      );
      expect((await service.get(first)).state).toBe('shifting');
      cluster.looks = {};
      expect((await ended(first)).state).toBe('succeeded');
    });

    it('leaves nothing of one that waits for an approval, which is then nobody’s to give', async () => {
      const { service, reader, cluster, ended, id } = await shifting();
      await service.wish(id, 'cancel', ANNA.requestedBy);
      await ended(String((await ended(id)).undoneBy));
      const before = [...cluster.versions];
      const ask = async (version: string, by = once) => {
        const one = await service.deploy(PRODUCTION, version, ANNA, by);
        await until(
          async () =>
            (await service.get(one.id)).state === 'waiting-for-approval',
        );
        return one.id;
      };
      const first = await ask('1.0.0');
      await expect(ask('1.1.0')).rejects.toThrow(
        /^1\.0\.0 of .* is being deployed to production \(waiting-for-approval, .*take its place\.$/,
      );
      const second = await ask('1.1.0', instead);
      expect(await service.get(first)).toMatchObject({
        state: 'superseded',
        endedAt: expect.any(String),
      });
      const bert = 'user:default/bert';
      await expect(service.approve(first, bert)).rejects.toThrow(
        'does not wait for an approval: it is superseded',
      );
      expect((await service.get(second)).approvedBy).toBeUndefined();
      await service.approve(second, bert);
      expect(await ended(second)).toMatchObject({
        ...{ state: 'succeeded', version: '1.1.0', approvedBy: bert },
      });
      expect(cluster.versions).toEqual([...before, '1.1.0']);
      expect((await reader.lastGood(PRODUCTION))?.id).toBe(second);
      const ends = (await service.events(0, 500)).filter(({ type }) =>
        type.includes('.finished.'),
      );
      for (const one of [first, second]) {
        expect(ends.filter(({ subject }) => subject === one)).toHaveLength(1);
      }
    });

    it('has no effect of one whose approval and whose end come at the same moment', async () => {
      const { service, cluster, ended, id } = await shifting();
      await service.wish(id, 'cancel', ANNA.requestedBy);
      await ended(String((await ended(id)).undoneBy));
      for (let round = 0; round < 10; round++) {
        const version = `5.${round}.0`;
        const first = await service.deploy(PRODUCTION, version, ANNA, once);
        await until(
          async () =>
            (await service.get(first.id)).state === 'waiting-for-approval',
        );
        const [, second] = await Promise.all([
          service.approve(first.id, 'user:default/bert').catch(() => undefined),
          service
            .deploy(PRODUCTION, `6.${round}.0`, ANNA, instead)
            .catch(() => undefined),
        ]);
        const { state } = await ended(first.id);
        const was = cluster.versions.includes(version);
        // Either it was approved in time and was not to be left alone, or nothing of it was ever applied.
        expect([state, was, second !== undefined]).toEqual(
          was ? ['succeeded', true, false] : ['superseded', false, true],
        );
        if (!second) continue;
        await until(
          async () =>
            (await service.get(second.id)).state === 'waiting-for-approval',
        );
        await service.wish(second.id, 'cancel', ANNA.requestedBy);
        await ended(second.id);
      }
    });

    // SQLite has one writer at a time.
    if (databaseId !== 'SQLITE_3') {
      it('leaves the end of one as it is that is just ending', async () => {
        const { requests, reader, service, work } = world(db());
        const now = new Date().toISOString();
        const asked = (version: string, supersede: boolean) =>
          requests.request(
            {
              ...{ ...STAGING, ...ANNA, kind: 'deploy', version },
              image: 'registry.example/cart',
            },
            { now, supersede },
          );
        const { id } = await asked('1.0.0', false);
        const [item] = await work.claim({
          ...{ holder: 'worker', now, limit: 1 },
          until: new Date(Date.now() + 30_000).toISOString(),
        });
        // The worker's transaction has written the end, and is not over yet.
        const ending = await db().transaction();
        await ending('deployments')
          .where({ id, lease_token: item.token })
          .update({ state: 'succeeded', ended_at: now, slot: null });
        const superseding = asked('2.0.0', true);
        await until(async () => {
          const { rows } = await db().raw(
            `select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`,
          );
          return rows.length > 0;
        });
        await ending.commit();
        const second = await superseding;
        expect(await reader.get(id)).toMatchObject({
          state: 'succeeded',
          endedAt: now,
        });
        expect(await reader.get(second.id)).toMatchObject({ state: 'queued' });
        const finished = (await service.events(0, 100)).filter(
          ({ type, subject }) => type.includes('.finished.') && subject === id,
        );
        expect(finished).toEqual([]);
      });
    }
  },
);
