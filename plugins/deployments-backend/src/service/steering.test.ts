import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import {
  ANNA,
  FakeCluster,
  goodChecks,
  mortal,
  STAGING,
  WAITING,
  world,
} from '../__testUtils__/world';
import { until } from '../__testUtils__/until';
import { Checks } from './Checks';
import { z } from 'zod';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const once = { supersede: false };

interface Row {
  lease_holder: string | null;
  state: string;
  wish: string | null;
}

const BERT = 'user:default/bert';
const CARLA = 'user:default/carla';
const recordSchema = z.object({
  platform: z.object({ actor: z.object({ ref: z.string() }) }),
  action: z.string().optional(),
  deployment: z.string(),
});

/** As if the manifests held a workload of this strategy. */
const checksOf = (strategy: 'rolling' | 'canary' | 'blue-green'): Checks => ({
  async run(...args) {
    const found = await goodChecks.run(...args);
    return found.ok ? { ...found, strategy } : found;
  },
});

describe.each(databases.eachSupportedId())('steering, on %s', databaseId => {
  const { db, stops } = eachOnItsDatabase(databases, databaseId);

  const shifting = async (
    strategy: 'rolling' | 'canary' | 'blue-green',
    options: Parameters<typeof world>[1] = {},
  ) => {
    const cluster = new FakeCluster();
    cluster.looks['1.0.0'] = {
      ...WAITING,
      verdict: 'paused',
      progress: { ...WAITING.progress, paused: true },
    };
    cluster.step = 1;
    const made = world(db(), {
      ...{ cluster, checks: checksOf(strategy) },
      ...options,
    });
    let isDead = false;
    let bury: () => void = () => {};
    const buried = new Promise<never>((_, reject) => {
      bury = () => reject(new Error('It is dead.'));
    });
    buried.catch(() => {});
    const first = made.newWorker(
      'first',
      mortal(made.work, () => isDead, buried),
    );
    first.start();
    stops.push(async () => {
      bury();
      await first.stop();
    });
    const { service } = made;
    const { id } = await service.deploy(STAGING, '1.0.0', ANNA, once);
    await until(async () => (await service.get(id)).state === 'shifting');
    return {
      ...{ ...made, cluster, id },
      /** @returns what its calls wait for from now on */
      kill: () => {
        isDead = true;
        return buried;
      },
    };
  };

  it.each(['skip', 'promote'] as const)(
    'leads one step on when asked to %s, also where the worker dies when it has done so',
    async wish => {
      const began = Date.now();
      let aheadMs = 0;
      const made = await shifting('canary', {
        now: () => new Date(began + aheadMs),
      });
      const { service, cluster, id, kill } = made;
      /** Puts the clock on while the one that lives is not at it, until something is so. */
      const passing = (is: (row: Row) => boolean) =>
        until(async () => {
          const row: Row = await db()('deployments').where({ id }).first();
          if (row.lease_holder !== 'next') aheadMs += 1_000;
          return is(row);
        });
      let died: () => void = () => {};
      const death = new Promise<void>(resolve => {
        died = resolve;
      });
      cluster.before = call => {
        if (call !== 'steered') return undefined;
        died();
        return kill();
      };
      await service.wish(id, wish, ANNA.requestedBy);
      await death;
      expect(cluster.step).toBe(2);
      cluster.before = () => {};
      const next = made.newWorker('next');
      next.start();
      stops.push(() => next.stop());
      await passing(({ wish: wanted }) => wanted === null);
      expect(cluster.step).toBe(2);
      expect(cluster.steered).toEqual([wish, wish]);
      // Asked for again, it is another step.
      await service.wish(id, wish, ANNA.requestedBy);
      await passing(({ wish: wanted }) => wanted === null);
      expect(cluster.step).toBe(3);
      cluster.looks = {};
      await passing(({ state }) => state === 'succeeded');
    },
  );

  it('is recorded before and after it is done in the cluster, for whoever asked for it', async () => {
    const happened: string[] = [];
    const auditor = mockServices.auditor.mock({
      createEvent: async ({ eventId, meta }) => {
        const { platform, action, deployment } = recordSchema.parse(meta);
        const what = `${eventId} ${action ?? ''} by ${platform.actor.ref}`;
        const tell = (word: string) => {
          if (eventId === 'shift') happened.push(`${word}: ${what}`);
          expect(deployment).toMatch(/^[0-9a-f-]{36}$/);
        };
        tell('begun');
        return {
          success: async () => tell('done'),
          fail: async () => tell('failed'),
        };
      },
    });
    const made = await shifting('canary', { auditor });
    const { service, cluster, id, ended } = made;
    let refuse = true;
    cluster.before = call => {
      if (call !== 'steer') return;
      happened.push('steered');
      if (refuse) throw new Error('The cluster is away.');
    };
    await service.wish(id, 'pause', BERT);
    await until(async () => happened.length >= 3);
    refuse = false;
    await until(async () => happened.length >= 6);
    await service.wish(id, 'abort', CARLA);
    await ended(id);
    expect(happened).toEqual([
      `begun: shift pause by ${BERT}`,
      'steered',
      `failed: shift pause by ${BERT}`,
      `begun: shift pause by ${BERT}`,
      'steered',
      `done: shift pause by ${BERT}`,
      `begun: shift abort by ${CARLA}`,
      'steered',
      `done: shift abort by ${CARLA}`,
    ]);
  });

  /** @returns what lets the worker do what it is to do */
  const holding = (cluster: FakeCluster) => {
    let goOn: () => void = () => {};
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    cluster.before = call => (call === 'steer' ? held : undefined);
    stops.unshift(async () => goOn());
    return () => goOn();
  };

  it.each(['skip', 'promote'] as const)(
    'leads one step on for two who asked to %s when they saw the same step, and tells the second that it has moved on',
    async wish => {
      const { service, cluster, id } = await shifting('canary');
      const seen = async () => (await service.get(id)).progress?.step;
      await until(async () => (await seen()) === 1);
      const goOn = holding(cluster);
      await service.wish(id, 'pause', BERT);
      const both = Promise.allSettled([
        service.wish(id, wish, BERT, { step: 1 }),
        service.wish(id, wish, CARLA, { step: 1 }),
      ]);
      goOn();
      const refused = (await both).flatMap(one =>
        one.status === 'rejected' ? [String(one.reason)] : [],
      );
      expect(refused).toEqual([
        expect.stringMatching(
          /it has moved on: you saw step 1, and it is at step 2 of 5 now\. .* ask again/,
        ),
      ]);
      expect(cluster.steered).toEqual(['pause', wish]);
      expect(cluster.step).toBe(2);
      await service.wish(id, wish, CARLA, { step: 2 });
      await until(async () => (await seen()) === 3);
    },
  );

  it('takes what the same person asks for once more, before it is done, for the same', async () => {
    const { service, cluster, id } = await shifting('canary');
    const goOn = holding(cluster);
    await service.wish(id, 'skip', CARLA);
    await service.wish(id, 'skip', CARLA);
    goOn();
    await until(async () => cluster.step === 2);
    await service.wish(id, 'pause', BERT);
    await until(async () => cluster.steered.length === 2);
    expect(cluster.steered).toEqual(['skip', 'pause']);
  });

  it('does nothing for who is gone before it was their turn, but for an end', async () => {
    const { service, cluster, id, ended } = await shifting('canary');
    const goOn = holding(cluster);
    await service.wish(id, 'pause', BERT);
    const caller = new AbortController();
    const { signal } = caller;
    const skipped = service.wish(id, 'skip', CARLA, { signal });
    caller.abort();
    await expect(skipped).rejects.toThrow(/not waited for.*nothing was done/);
    goOn();
    await until(async () => cluster.steered.length === 1);
    await service.wish(id, 'abort', CARLA, { signal });
    expect((await ended(id)).summary).toMatch(/^Stopped by carla/);
    expect(cluster.steered).toEqual(['pause', 'abort']);
  });

  it('is refused where it changes each time that it is to be written, as one that never gets its turn', async () => {
    const { reader, service, id } = await shifting('canary', { turnMs: 300 });
    jest.spyOn(reader, 'wish').mockResolvedValue(false);
    await expect(service.wish(id, 'skip', CARLA)).rejects.toThrow(
      /too early to skip/,
    );
  });

  it('does what was asked for first, and then what was asked for meanwhile', async () => {
    const { service, cluster, id } = await shifting('canary');
    let goOn: () => void = () => {};
    const held = new Promise<void>(resolve => {
      goOn = resolve;
    });
    cluster.before = call => (call === 'steer' ? held : undefined);
    await service.wish(id, 'pause', BERT);
    const skipped = service.wish(id, 'skip', CARLA);
    const twice = service.wish(id, 'skip', BERT);
    goOn();
    await skipped;
    await twice;
    await until(async () => cluster.steered.length === 3);
    expect(cluster.steered).toEqual(['pause', 'skip', 'skip']);
    expect(cluster.step).toBe(3);
  });

  it('is refused while what was asked for before cannot be done, but for an end, which holds at once', async () => {
    const { service, cluster, id, ended } = await shifting('canary', {
      turnMs: 1_000,
    });
    let isAway = true;
    cluster.before = call => {
      if (call === 'steer' && isAway) throw new Error('The cluster is away.');
    };
    await service.wish(id, 'promote-full', BERT);
    await expect(service.wish(id, 'pause', CARLA)).rejects.toThrow(
      /too early to pause: bert asked to promote-full, which is not done yet .*The cluster is away.* abort and cancel hold at once/,
    );
    isAway = false;
    await service.wish(id, 'abort', CARLA);
    expect((await ended(id)).summary).toMatch(/^Stopped by carla/);
    expect(cluster.steered.at(-1)).toBe('abort');
  });

  it('shifts all the traffic at once where that is asked for', async () => {
    const { service, cluster, id, ended } = await shifting('canary');
    await service.wish(id, 'promote-full', ANNA.requestedBy);
    await until(async () => cluster.steered.includes('promote-full'));
    expect(cluster.step).toBe(1);
    cluster.looks = {};
    expect((await ended(id)).state).toBe('succeeded');
  });

  it.each([
    ['rolling', 'skip', /a rolling update has no steps/],
    ['rolling', 'promote-full', /a rolling update has no steps/],
    ['blue-green', 'skip', /blue-green has no steps; promote leads/],
  ] as const)(
    'refuses for %s to %s, and the deployment goes on',
    async (strategy, wish, why) => {
      const { service, cluster, id, ended } = await shifting(strategy);
      await expect(service.wish(id, wish, ANNA.requestedBy)).rejects.toThrow(
        why,
      );
      expect(cluster.steered).toEqual([]);
      cluster.looks = {};
      expect((await ended(id)).state).toBe('succeeded');
    },
  );
});
