import { TestDatabases } from '@backstage/backend-test-utils';
import { LostLeaseError } from '../database/WorkStore';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  BROKEN,
  CART,
  FakeCluster,
  goodChecks,
  mortal,
  PRODUCTION,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';
import { EngineRefusedError } from '@highroad/plugin-deployments-node';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('deploying, on %s', databaseId => {
  const { db, stops } = eachOnItsDatabase(databases, databaseId);

  const start = (options: Parameters<typeof world>[1] = {}) => {
    const made = world(db(), options);
    const worker = made.newWorker();
    worker.start();
    stops.push(() => worker.stop());
    return made;
  };
  const once = { supersede: false };

  it('goes from request to success, and says each step', async () => {
    const { service, cluster, ended } = start();
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    const done = await ended(id);
    expect(done).toMatchObject({
      state: 'succeeded',
      summary: '1.0.0 runs in staging',
      digest: 'sha256:1.0.0',
      commit: 'c0ffee',
      strategy: 'rolling',
      steps: [
        { number: 1, name: 'image', state: 'succeeded' },
        { number: 2, name: 'apply', evidence: ['1.0.0 applied'] },
        { number: 3, name: 'ready', summary: '1 of 1 pods are ready' },
      ],
    });
    expect(cluster.versions).toEqual(['1.0.0']);
    const events = await service.events(0, 100);
    expect(events.map(event => event.type)).toEqual([
      'com.myorg.platform.deployment.requested.1',
      'com.myorg.platform.deployment.started.1',
      'com.myorg.platform.deployment.advanced.1',
      'com.myorg.platform.deployment.advanced.1',
      'com.myorg.platform.deployment.finished.1',
      'dev.cdevents.service.deployed.0.2.0',
    ]);
    expect(await service.events(events[3].seq, 1)).toMatchObject([
      { subject: id, data: { state: 'succeeded', digest: 'sha256:1.0.0' } },
    ]);
  });

  it('shows each check as it passes, with its times, and begins anew with them where it has to', async () => {
    const at = (seconds: number) =>
      new Date(Date.UTC(2026, 0, 1, 0, 0, seconds)).toISOString();
    const passed = (name: string, startedAt: string, endedAt: string) => ({
      ...{ name, state: 'succeeded' as const, summary: `${name} is well` },
      ...{ evidence: [], startedAt, endedAt },
    });
    const gates = [gate(), gate()];
    let runs = 0;
    const { service, ended } = start({
      checks: {
        async run(deployment, environment, signal, options) {
          runs += 1;
          const image = passed('image', at(10 * runs), at(10 * runs + 4));
          await options?.onStep?.({ ...image, state: 'running' });
          await options?.onStep?.(image);
          if (runs === 1) {
            await gates[0].opened;
            return {
              ...{ ok: false, passing: true, steps: [image] },
              summary: 'Git does not answer',
            };
          }
          await gates[1].opened;
          const good = await goodChecks.run(deployment, environment, signal);
          const manifests = passed('manifests', at(24), at(25));
          return { ...good, steps: [image, manifests] };
        },
      },
    });
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    const steps = async () =>
      (await service.get(id)).steps.map(
        ({ number, name, state, startedAt, endedAt }) =>
          [number, name, state, startedAt, endedAt].join(' '),
      );
    await until(async () => (await steps()).length > 0);
    expect(await steps()).toEqual([`1 image succeeded ${at(10)} ${at(14)}`]);
    expect((await service.get(id)).state).toBe('checking');
    gates[0].open();
    await until(async () => (await steps())[0].includes(at(20)));
    expect(await steps()).toEqual([`1 image succeeded ${at(20)} ${at(24)}`]);
    gates[1].open();
    expect((await ended(id)).state).toBe('succeeded');
    expect((await steps()).slice(0, 3)).toEqual([
      `1 image succeeded ${at(20)} ${at(24)}`,
      `2 manifests succeeded ${at(24)} ${at(25)}`,
      expect.stringMatching(/^3 apply succeeded/),
    ]);
  });

  it('stops at once what is cancelled while a check takes long', async () => {
    const slow = gate();
    const { service, ended, cluster } = start({
      checks: {
        async run(deployment, environment, signal, options) {
          const good = await goodChecks.run(deployment, environment, signal);
          await options?.onStep?.(good.steps[0]);
          await slow.opened;
          // Who has asked for it to be stopped does not wait until it is tried again.
          return {
            ...{ ok: false, passing: true, steps: good.steps },
            ...{ summary: 'Asks to be left alone', retryAfterSeconds: 300 },
          };
        },
      },
    });
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(async () => (await service.get(id)).steps.length === 1);
    await service.wish(id, 'cancel', ANNA.requestedBy);
    slow.open();
    expect((await ended(id)).state).toBe('cancelled');
    expect(cluster.applied).toEqual([]);
  });

  it('leaves no step that runs behind, however it ends', async () => {
    const { service, cluster, ended } = start();
    for (const version of ['2.0.0', '3.0.0']) cluster.looks[version] = WAITING;
    const running = async (version: string) => {
      const { id } = await service.deploy(STAGING, version, ANNA, {
        supersede: true,
      });
      await until(async () =>
        (await service.get(id)).steps.some(({ state }) => state === 'running'),
      );
      return id;
    };
    const ready = async (id: string) =>
      (await ended(id)).steps.find(({ name }) => name === 'ready');
    const second = await running('2.0.0');
    const third = await running('3.0.0');
    expect(await ready(second)).toMatchObject({
      state: 'skipped',
      endedAt: (await service.get(second)).endedAt,
    });
    await service.wish(third, 'cancel', ANNA.requestedBy);
    expect(await ready(third)).toMatchObject({
      state: 'skipped',
      endedAt: (await service.get(third)).endedAt,
    });
  });

  it('ends with why a check failed, and writes nothing', async () => {
    const { service, cluster, ended } = start({
      checks: {
        run: async () => ({
          ok: false,
          passing: false,
          summary: 'There is no image 9.9.9.',
          steps: [
            {
              name: 'image',
              state: 'failed',
              summary: 'There is no image 9.9.9.',
              evidence: ['There is 1.0.0.'],
            },
          ],
        }),
      },
    });
    const { id } = await service.deploy(STAGING, '9.9.9', ANNA, once);
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      summary: 'There is no image 9.9.9.',
      undoneBy: undefined,
    });
    expect(cluster.applied).toEqual([]);
  });

  it('tries again what only does not answer, and gives up with the reason', async () => {
    let calls = 0;
    const { service, ended } = start({
      checks: {
        run: async (...args) => {
          calls += 1;
          return calls < 3
            ? {
                ok: false,
                passing: true,
                summary: 'The registry does not answer',
                steps: [],
              }
            : goodChecks.run(...args);
        },
      },
    });
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    expect((await ended(id)).state).toBe('succeeded');
    expect(calls).toBe(3);
  });

  it('puts the last good version back when a new one fails, from what was kept', async () => {
    const { service, cluster, ended } = start();
    cluster.looks['2.0.0'] = BROKEN;
    const first = await service.deploy(STAGING, '1.0.0', ANNA, once);
    await ended(first.id);
    const second = await service.deploy(STAGING, '2.0.0', ANNA, once);
    const failed = await ended(second.id);
    expect(failed).toMatchObject({
      state: 'failed',
      summary: 'The image cannot be pulled. 1.0.0 is put back.',
    });
    const rollback = await ended(String(failed.undoneBy));
    expect(rollback).toMatchObject({
      kind: 'rollback',
      state: 'succeeded',
      version: '1.0.0',
      undoes: second.id,
      manifestsOf: first.id,
      requestedBy: 'plugin:deployments',
    });
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
  });

  it('keeps and tells what a deployment repairs, of the same place only, and that it was not planned', async () => {
    const { service, ended } = start();
    const first = await service.deploy(STAGING, '1.0.0', ANNA, once);
    await ended(first.id);
    const elsewhere = await service.deploy(PRODUCTION, '1.0.0', ANNA, once);
    for (const fixes of [elsewhere.id, crypto.randomUUID()]) {
      await expect(
        service.deploy(STAGING, '1.0.1', ANNA, { ...once, fixes }),
      ).rejects.toThrow(`fixes: ${fixes} is no deployment of ${CART} to`);
    }
    const repair = await service.deploy(STAGING, '1.0.1', ANNA, {
      ...{ ...once, fixes: first.id, unplanned: true },
    });
    await ended(repair.id);
    const said = { fixes: first.id, unplanned: true };
    expect(await service.get(repair.id)).toMatchObject(said);
    const events = await service.events(0, 100);
    expect(
      events.filter(one => one.subject === repair.id).map(one => one.data),
    ).toEqual(Array(6).fill(expect.objectContaining(said)));
    expect(await service.get(first.id)).not.toHaveProperty('unplanned');
  });

  it('says that there is nothing to roll back to, and does not roll back a rollback', async () => {
    const { service, cluster, ended } = start();
    cluster.looks['1.0.0'] = BROKEN;
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    expect((await ended(id)).summary).toBe(
      'The image cannot be pulled. Nothing to roll back to: 1.0.0 is the first version here.',
    );
    await expect(service.rollback(STAGING, undefined, ANNA)).rejects.toThrow(
      `Nothing to roll back to: there is no version of ${CART} in staging before 1.0.0 that did well and was not rolled back.`,
    );
    await expect(service.rollback(PRODUCTION, undefined, ANNA)).rejects.toThrow(
      `Nothing to roll back: ${CART} was never deployed to production.`,
    );
    cluster.looks = {};
    await ended((await service.deploy(STAGING, '1.1.0', ANNA, once)).id);
    await ended((await service.deploy(STAGING, '1.2.0', ANNA, once)).id);
    cluster.looks['1.1.0'] = BROKEN;
    const rollback = await service.rollback(STAGING, undefined, ANNA);
    expect(await ended(rollback.id)).toMatchObject({
      state: 'failed',
      undoneBy: undefined,
    });
    expect(cluster.versions).toEqual(['1.0.0', '1.1.0', '1.2.0', '1.1.0']);
  });

  it('rolls back to the one before, or to any that was good', async () => {
    const { service, cluster, ended } = start();
    const ids: string[] = [];
    for (const version of ['1', '2', '3']) {
      const { id } = await service.deploy(STAGING, version, ANNA, once);
      ids.push(id);
      await ended(id);
    }
    const back = await service.rollback(STAGING, undefined, ANNA);
    expect(await ended(back.id)).toMatchObject({
      version: '2',
      undoes: ids[2],
    });
    const far = await service.rollback(STAGING, ids[0], ANNA);
    expect(await ended(far.id)).toMatchObject({ version: '1' });
    expect(cluster.versions).toEqual(['1', '2', '3', '2', '1']);
    expect(await service.status({})).toMatchObject([
      { running: { version: '1', kind: 'rollback' } },
    ]);
    expect((await service.status({}))[0].latest).toBeUndefined();
  });

  it('has nothing to do for what runs there already, and says so', async () => {
    const { service, cluster, ended } = start();
    const deploy = async (version: string, options = {}) =>
      ended(
        (await service.deploy(STAGING, version, ANNA, { ...once, ...options }))
          .id,
      );
    await deploy('1.0.0');
    const second = await deploy('2.0.0');
    const before = (await service.events(0, 100)).at(-1)?.seq ?? 0;
    const again = await deploy('2.0.0');
    expect(again).toMatchObject({
      state: 'succeeded',
      unchanged: true,
      summary: 'Nothing to do: 2.0.0 already runs in staging',
      digest: second.digest,
    });
    expect(again.steps.at(-1)).toMatchObject({
      name: 'compare',
      state: 'skipped',
      evidence: [`deployment ${second.id}`],
    });
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0']);
    expect((await service.events(before, 100)).map(({ type }) => type)).toEqual(
      [
        'com.myorg.platform.deployment.requested.1',
        'com.myorg.platform.deployment.started.1',
        'com.myorg.platform.deployment.finished.1',
      ],
    );
    // It is neither what runs nor what a rollback comes back to.
    expect(await service.status({})).toMatchObject([
      { running: { id: second.id } },
    ]);
    const back = await service.rollback(STAGING, undefined, ANNA);
    expect(await ended(back.id)).toMatchObject({ version: '1.0.0' });
    expect((await deploy('1.0.0')).unchanged).toBe(true);
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
  });

  it('applies again what was changed since, does not do well, or is asked for', async () => {
    const { service, cluster, ended } = start();
    const deploy = async (options = {}) =>
      ended(
        (await service.deploy(STAGING, '1.0.0', ANNA, { ...once, ...options }))
          .id,
      );
    await deploy();
    expect((await deploy({ again: true })).unchanged).toBeUndefined();
    expect(cluster.versions).toHaveLength(2);
    cluster.applied.push('by somebody else');
    expect((await deploy()).unchanged).toBeUndefined();
    expect((await deploy()).unchanged).toBe(true);
    cluster.looks['1.0.0'] = WAITING;
    cluster.before = call => {
      if (call === 'apply') cluster.looks = {};
    };
    expect((await deploy()).unchanged).toBeUndefined();
  });

  it('does not take for unchanged what one whose place it took may be changing', async () => {
    const { service, cluster, ended } = start();
    await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
    let goOn: () => void = () => {};
    const reached = new Promise<void>(resolve => {
      cluster.before = call => {
        if (call !== 'apply') return undefined;
        resolve();
        return new Promise<void>(open => {
          goOn = open;
        });
      };
    });
    await service.deploy(STAGING, '2.0.0', ANNA, once);
    await reached;
    cluster.before = () => {};
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, {
      supersede: true,
    });
    await until(async () => (await service.get(id)).state === 'applying');
    goOn();
    expect((await ended(id)).unchanged).toBeUndefined();
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
  });

  it('says what failed even after it was rolled back', async () => {
    const { service, cluster, ended } = start();
    cluster.looks['2.0.0'] = BROKEN;
    await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
    const bad = await service.deploy(STAGING, '2.0.0', ANNA, once);
    await ended(String((await ended(bad.id)).undoneBy));
    expect(await service.status({})).toMatchObject([
      {
        running: { kind: 'rollback', version: '1.0.0' },
        undone: { id: bad.id, state: 'failed', version: '2.0.0' },
      },
    ]);
    expect((await service.status({}))[0].latest).toBeUndefined();
    await ended((await service.deploy(STAGING, '3.0.0', ANNA, once)).id);
    expect((await service.status({}))[0].undone).toBeUndefined();
  });

  it('lets one of two in, and names the one that is there', async () => {
    const { service, cluster, ended } = start();
    cluster.looks['1.0.0'] = WAITING;
    const asked = await Promise.allSettled(
      ['1.0.0', '1.0.0', '1.0.0'].map(version =>
        service.deploy(STAGING, version, ANNA, once),
      ),
    );
    const won = asked.flatMap(one =>
      one.status === 'fulfilled' ? [one.value] : [],
    );
    expect(won).toHaveLength(1);
    expect(
      asked.flatMap(one =>
        one.status === 'rejected' ? [one.reason.message] : [],
      ),
    ).toEqual([
      expect.stringContaining(won[0].id),
      expect.stringContaining('is being deployed to staging'),
    ]);
    await expect(
      service.deploy(
        { ...STAGING, service: 'component:default/other' },
        '1',
        ANNA,
        once,
      ),
    ).resolves.toBeDefined();
    await service.wish(won[0].id, 'cancel', ANNA.requestedBy);
    await ended(won[0].id);
  });

  it('takes the place of what is under way when asked to, and has no effect before that has let go', async () => {
    const { service, cluster, ended } = start();
    cluster.looks['1.0.0'] = WAITING;
    const first = await service.deploy(STAGING, '1.0.0', ANNA, once);
    const second = await service.deploy(STAGING, '2.0.0', ANNA, {
      supersede: true,
    });
    expect(await ended(first.id)).toMatchObject({ state: 'superseded' });
    expect(await ended(second.id)).toMatchObject({ state: 'succeeded' });
    expect(cluster.versions.at(-1)).toBe('2.0.0');
  });

  it('waits for a second person where the environment wants one, who is not the first', async () => {
    const { service, cluster, ended } = start();
    const { id, revision } = await service.deploy(
      PRODUCTION,
      '1.0.0',
      ANNA,
      once,
    );
    let seen = await service.get(id, { after: revision });
    while (seen.state !== 'waiting-for-approval') {
      seen = await service.get(id, { after: seen.revision });
    }
    expect(seen.summary).toContain('somebody other than user:default/anna');
    await expect(service.approve(id, ANNA.requestedBy)).rejects.toThrow(
      'You asked for it yourself. production wants a second person.',
    );
    expect(cluster.applied).toEqual([]);
    await service.approve(id, 'user:default/bert');
    expect(await ended(id)).toMatchObject({
      state: 'succeeded',
      approvedBy: 'user:default/bert',
    });
    await expect(service.approve(id, 'user:default/carl')).rejects.toThrow(
      'does not wait for an approval: it is succeeded',
    );
    const second = await service.deploy(PRODUCTION, '2.0.0', ANNA, once);
    await service.wish(second.id, 'cancel', ANNA.requestedBy);
    expect(await ended(second.id)).toMatchObject({ state: 'cancelled' });
    // Owners may always roll back.
    await ended((await service.deploy(STAGING, '1', ANNA, once)).id);
  });

  it('promotes the very image that was good elsewhere', async () => {
    const { service, ended } = start();
    await expect(
      service.promote(CART, 'staging', 'production', ANNA, once),
    ).rejects.toThrow('so there is nothing to promote');
    await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
    const promotion = await service.promote(
      CART,
      'staging',
      'production',
      ANNA,
      once,
    );
    expect(promotion).toMatchObject({
      kind: 'promotion',
      digest: 'sha256:1.0.0',
      commit: 'c0ffee',
      environment: 'production',
    });
    await service.wish(promotion.id, 'cancel', ANNA.requestedBy);
    await ended(promotion.id);
  });

  it('ends at once what the cluster will not have', async () => {
    const { service, cluster, ended } = start();
    cluster.before = call => {
      if (call === 'apply') throw new EngineRefusedError('quota exceeded');
    };
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    expect(await ended(id)).toMatchObject({
      state: 'failed',
      summary: expect.stringContaining('quota exceeded'),
    });
  });

  it('refuses what a worker writes that is not at it any more', async () => {
    const { requests, work } = world(db());
    const now = new Date().toISOString();
    await requests.request(
      {
        ...{ ...STAGING, ...ANNA, kind: 'deploy' },
        ...{ version: '1', image: 'cart' },
      },
      { now, supersede: false },
    );
    const claim = (holder: string, at: string) =>
      work.claim({ holder, now: at, until: later(at, 1000), limit: 5 });
    const [first] = await claim('first', now);
    expect(await claim('second', now)).toEqual([]);
    const [second] = await claim('second', later(now, 2000));
    expect(second.token).toBeGreaterThan(first.token);
    const change = { dueAt: now, deployment: { state: 'checking' } } as const;
    await expect(work.advance(first, change, now)).rejects.toThrow(
      LostLeaseError,
    );
    await expect(
      work.end(first, { state: 'failed', summary: 'x', now }),
    ).rejects.toThrow(LostLeaseError);
    await expect(work.advance(second, change, now)).resolves.toBeDefined();
  });

  it('looks at once at what a person changed while it was being looked at', async () => {
    const { service, requests, work } = world(db());
    const now = new Date().toISOString();
    const { id } = await requests.request(
      {
        ...{ ...PRODUCTION, ...ANNA, kind: 'deploy' },
        ...{ version: '1', image: 'cart' },
      },
      { now, supersede: false },
    );
    const claim = () =>
      work.claim({ holder: 'w', now, until: later(now, 1000), limit: 5 });
    const [item] = await claim();
    const waiting = { state: 'waiting-for-approval' } as const;
    const read = await work.advance(
      item,
      { dueAt: now, deployment: waiting },
      now,
    );
    await service.approve(id, 'user:default/bert');
    // The worker, who has not seen that, wants to look again in an hour.
    await work.advance(read, { dueAt: later(now, 3_600_000) }, now);
    await work.release(read);
    const [again] = await work.claim({
      ...{ holder: 'w', now: later(now, 1_000) },
      ...{ until: later(now, 2_000), limit: 5 },
    });
    expect(again.deployment.approvedBy).toBe('user:default/bert');
  });

  it('looks at once at what was let go of while it was being looked at', async () => {
    const { requests, work } = world(db());
    const now = new Date().toISOString();
    const ask = (supersede: boolean) =>
      requests.request(
        {
          ...{ ...STAGING, ...ANNA, kind: 'deploy' },
          ...{ version: '1', image: 'cart' },
        },
        { now, supersede },
      );
    const claim = (at: string) =>
      work.claim({
        ...{ holder: 'w', now: at, until: later(at, 30_000), limit: 5 },
      });
    await ask(false);
    const [before] = await claim(now);
    await ask(true);
    const [after] = await claim(now);
    expect(after.holds).toMatchObject([{ deployment: before.deployment.id }]);
    // It is let go of just when its worker has read that it has to wait.
    await work.letGo(before, now);
    await work.advance(after, { dueAt: after.holds[0].until }, now);
    await work.release(after);
    const [again] = await claim(later(now, 1_000));
    expect(again?.holds).toEqual([]);
  });

  it('records each effect before and after, its own rollbacks too, and does nothing in production that it cannot record', async () => {
    const told: string[] = [];
    let records = true;
    const { service, cluster, ended } = start({
      auditor: {
        async createEvent({ eventId, severityLevel, meta }) {
          if (!records && severityLevel === 'critical') {
            throw new Error('It cannot be recorded.');
          }
          const name = `${eventId} ${severityLevel} ${meta?.version} ${meta?.kind}`;
          told.push(name);
          return {
            success: async () => {
              told.push(`${name} succeeded`);
            },
            fail: async () => {
              told.push(`${name} failed`);
            },
          };
        },
      },
    });
    cluster.looks['2.0.0'] = BROKEN;
    await ended((await service.deploy(STAGING, '1.0.0', ANNA, once)).id);
    const bad = await service.deploy(STAGING, '2.0.0', ANNA, once);
    await ended(String((await ended(bad.id)).undoneBy));
    expect(told.filter(line => line.startsWith('apply'))).toEqual(
      [
        'apply high 1.0.0 deploy',
        'apply high 2.0.0 deploy',
        'apply high 1.0.0 rollback',
      ].flatMap(line => [line, `${line} succeeded`]),
    );
    expect(told).toContain('end high 2.0.0 deploy failed');

    records = false;
    const { id } = await service.deploy(PRODUCTION, '1.0.0', ANNA, once);
    await until(
      async () => (await service.get(id)).state === 'waiting-for-approval',
    );
    await service.approve(id, 'user:default/bert');
    await until(async () =>
      (await service.get(id)).summary.includes('cannot be recorded'),
    );
    expect(cluster.versions).toEqual(['1.0.0', '2.0.0', '1.0.0']);
    records = true;
    expect((await ended(id)).state).toBe('succeeded');
  });

  it('puts nothing back for what could not be recorded, since nothing was done', async () => {
    let records = true;
    let ahead = 0;
    const record = { success: async () => {}, fail: async () => {} };
    const { service, cluster, ended } = start({
      now: () => new Date(Date.now() + ahead),
      auditor: {
        async createEvent({ severityLevel }) {
          if (records || severityLevel !== 'critical') return record;
          throw new Error('It cannot be recorded.');
        },
      },
    });
    const approved = async (version: string) => {
      const { id } = await service.deploy(PRODUCTION, version, ANNA, once);
      await until(
        async () => (await service.get(id)).state === 'waiting-for-approval',
      );
      await service.approve(id, 'user:default/bert');
      return id;
    };
    await ended(await approved('1.0.0'));

    records = false;
    const id = await approved('2.0.0');
    await until(async () => {
      ahead += 2_000;
      return (await service.get(id)).state === 'failed';
    });
    const { summary, undoneBy } = await service.get(id);
    expect(summary).toContain('It cannot be recorded');
    expect(undoneBy).toBeUndefined();
    expect(cluster.versions).toEqual(['1.0.0']);
  });

  it('deploys components only, and steers only what shifts', async () => {
    const { service, ended } = start();
    await expect(
      service.deploy(
        { service: 'resource:default/cart', environment: 'staging' },
        ...(['1', ANNA, once] as const),
      ),
    ).rejects.toThrow('is no component');
    const { id } = await service.deploy(PRODUCTION, '1.0.0', ANNA, once);
    await until(
      async () => (await service.get(id)).state === 'waiting-for-approval',
    );
    await expect(service.wish(id, 'promote', ANNA.requestedBy)).rejects.toThrow(
      'There is nothing to promote: deployment',
    );
    await service.wish(id, 'cancel', ANNA.requestedBy);
    expect(await ended(id)).toMatchObject({ state: 'cancelled' });
  });

  it('comes to the same end whenever a worker dies, with nothing applied under another name', async () => {
    const calls = ['prepare', 'apply', 'applied', 'observe'];
    for (const fatal of calls) {
      const cluster = new FakeCluster();
      const made = world(db(), { cluster, now: skippingLeases() });
      let dead = false;
      const dying = made.newWorker(
        'dying',
        mortal(made.work, () => dead),
      );
      let died: () => void = () => {};
      const death = new Promise<void>(resolve => {
        died = () => {
          dead = true;
          resolve();
        };
      });
      cluster.before = call => {
        if (call !== fatal) return undefined;
        died();
        // It never comes back, as in a process that was killed.
        return new Promise(() => {});
      };
      dying.start();
      const { id } = await made.service.deploy(
        STAGING,
        `1-${fatal}`,
        ANNA,
        once,
      );
      await death;
      cluster.before = () => {};
      const next = made.newWorker('next');
      next.start();
      const done = await made.ended(id);
      await next.stop();
      expect([fatal, done.state]).toEqual([fatal, 'succeeded']);
      // Applying again what is there already is no other effect.
      expect(new Set(cluster.applied)).toEqual(new Set([`1-${fatal} ${id}`]));
    }
  });
});

function later(time: string, ms: number): string {
  return new Date(Date.parse(time) + ms).toISOString();
}

/** A clock that runs a hundred times as fast, so that leases end soon. */
function skippingLeases(): () => Date {
  const began = Date.now();
  return () => new Date(began + (Date.now() - began) * 100);
}

/** What is waited for until somebody opens it. */
function gate() {
  let open: () => void = () => {};
  const opened = new Promise<void>(resolve => {
    open = resolve;
  });
  return { open, opened };
}
