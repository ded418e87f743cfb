import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { feedEvent } from '../__testUtils__/backend';
import { ledgerOn, migrate } from '../__testUtils__/ledger';
import { Lease, LostLeaseError } from '../database/FeedStore';
import {
  DEPLOYMENTS_FEED,
  DeploymentsFeed,
  FEED_SOURCE,
  translateFeed,
} from './DeploymentsFeed';

const SUCCESS = 'dev.cdevents.service.deployed.0.2.0';
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'the feed of deployments, on %s',
  databaseId => {
    let db: Knex;
    beforeEach(async () => {
      db = await databases.init(databaseId);
      await migrate(db);
    });
    afterEach(() => db.destroy());
    const signal = new AbortController().signal;
    const now = () => new Date('2026-06-30T12:00:00Z');

    const start = async (all: object[]) => {
      // What the feed tells happens now.
      const { feeds, intake } = ledgerOn(db, { now: () => new Date() });
      const asked: number[] = [];
      const problems: string[] = [];
      const feed = new DeploymentsFeed({
        ...{ feeds, intake, now },
        onProblem: message => problems.push(message),
        fetchApi: {
          fetch: async address => {
            const after = Number(
              new URL(String(address)).searchParams.get('after'),
            );
            asked.push(after);
            const items = all.slice(after, after + 500);
            return Response.json({ items, next: after + items.length });
          },
        },
      });
      await feeds.add(DEPLOYMENTS_FEED);
      const claim = async (at: string): Promise<Lease> => {
        const found = await feeds.claim(DEPLOYMENTS_FEED, {
          ...{ holder: 'test', now: at },
          until: new Date(Date.parse(at) + 60_000).toISOString(),
        });
        return found!;
      };
      const kept = async () =>
        Number((await db('ledger').count({ n: '*' }))[0].n);
      return { feed, feeds, asked, claim, kept, problems };
    };

    it('is read in pages from where it was, so that nothing is lost and nothing doubled while nobody reads', async () => {
      const all = Array.from({ length: 1_100 }, (_, at) =>
        feedEvent(at + 1, SUCCESS, {}),
      );
      const { feed, asked, claim, kept, problems } = await start(all);
      const lease = await claim('2026-06-30T12:00:00.000Z');
      await feed.read(lease, signal);
      // The last one of each page is asked for once more, to see that it is still the same feed.
      expect(asked).toEqual([0, 499, 998]);
      expect(await kept()).toBe(1_100);
      // Nobody reads for a while.
      all.push(feedEvent(1_101, SUCCESS, {}), feedEvent(1_102, SUCCESS, {}));
      await feed.read(lease, signal);
      expect(asked.at(-1)).toBe(1_099);
      expect(await kept()).toBe(1_102);
      await feed.read(lease, signal);
      expect(asked.at(-1)).toBe(1_101);
      expect(problems).toEqual([]);
    });

    it('leaves what it told before as it was, also where an older portal made something else of it', async () => {
      const all = [1, 2, 3].map(at => feedEvent(at, SUCCESS, {}));
      const { feed, claim, kept } = await start(all);
      const lease = await claim('2026-06-30T12:00:00.000Z');
      await feed.read(lease, signal);
      const [{ data }] = await db('ledger').select('data');
      const { applied: _, ...older } = JSON.parse(data);
      await db('ledger').update({ data: JSON.stringify(older) });
      all.splice(2);
      await feed.read(lease, signal);
      expect(await kept()).toBe(3);
      expect(await db('quarantine')).toEqual([]);
    });

    it.each([
      ['fewer events than were read', 1],
      ['more events than were read', 5],
    ])(
      'is read anew where its database was put back, and has %s meanwhile',
      async (_, later) => {
        const all = Array.from({ length: 10 }, (__, at) =>
          feedEvent(at + 1, SUCCESS, {}),
        );
        const { feed, asked, claim, kept, problems } = await start(all);
        const lease = await claim('2026-06-30T12:00:00.000Z');
        await feed.read(lease, signal);
        expect(await kept()).toBe(10);
        all.splice(7);
        for (let at = 8; at < 8 + later; at++) {
          all.push({
            ...feedEvent(at, SUCCESS, {}),
            ...{ id: `after-${at}`, subject: `after-${at}` },
          });
        }
        await feed.read(lease, signal);
        expect(asked).toEqual([0, 9, 0]);
        // What was told before stays: it happened.
        expect(await kept()).toBe(10 + later);
        expect(problems).toEqual([expect.stringContaining('Event 10 of')]);
        await feed.read(lease, signal);
        expect(problems).toHaveLength(1);
      },
    );

    it('is read on from where it is where a portal of before has moved the cursor, and left the last event as it was', async () => {
      const all = [1, 2, 3].map(at => feedEvent(at, SUCCESS, {}));
      const { feed, feeds, asked, claim, kept, problems } = await start(all);
      const lease = await claim('2026-06-30T12:00:00.000Z');
      await feed.read(lease, signal);
      for (const at of [4, 5, 6]) all.push(feedEvent(at, SUCCESS, {}));
      await feeds.hold(lease, { cursor: 5 });
      await feed.read(lease, signal);
      expect(asked).toEqual([0, 5]);
      expect(problems).toEqual([]);
      expect(await kept()).toBe(4);
      // From then on it is seen again whether it is the same feed.
      await feed.read(lease, signal);
      expect(asked.at(-1)).toBe(5);
      all.splice(5, 1, { ...feedEvent(6, SUCCESS, {}), id: 'another' });
      await feed.read(lease, signal);
      expect(problems).toEqual([expect.stringContaining('Event 6 of')]);
    });

    it('tells what a deployment repairs, and that it was not planned', async () => {
      const { feed, claim } = await start([
        feedEvent(1, SUCCESS, { fixes: 'deployment-0', unplanned: true }),
        feedEvent(2, SUCCESS, {}),
      ]);
      await feed.read(await claim('2026-06-30T12:00:00.000Z'), signal);
      const told: string[] = await db('ledger').orderBy('seq').pluck('data');
      expect(told.map(text => JSON.parse(text))).toMatchObject([
        { fixes: ['deployment-0'], unplanned: true },
        { deployment: 'deployment-2' },
      ]);
      expect(told[1]).not.toContain('fixes');
    });

    it('is not taken under a lease that another process has, nor is the cursor moved', async () => {
      const { feed, feeds, claim, kept } = await start([
        feedEvent(1, SUCCESS, {}),
      ]);
      const old = await claim('2026-06-30T12:00:00.000Z');
      await claim('2026-06-30T12:05:00.000Z');
      await expect(feed.read(old, signal)).rejects.toThrow(LostLeaseError);
      expect(await kept()).toBe(0);
      expect((await feeds.place(DEPLOYMENTS_FEED)).cursor).toBe(0);
    });

    it('is taken out of the quarantine by a portal that can read what an older one could not', async () => {
      const { intake } = ledgerOn(db, { now: () => new Date() });
      // As an older portal left them: what the feed told, as it came.
      const told = [
        feedEvent(1, SUCCESS, {}),
        feedEvent(2, 'com.myorg.platform.deployment.requested.1', {
          state: 'queued',
        }),
        { ...feedEvent(3, SUCCESS, {}), type: 'com.myorg.not.known.1' },
      ];
      await intake.take(told, { source: FEED_SOURCE });
      expect(await intake.replay()).toEqual({ accepted: 0, remaining: 3 });
      intake.addTranslator(FEED_SOURCE, translateFeed);
      expect(await intake.replay()).toEqual({ accepted: 2, remaining: 1 });
      const rows = await db('ledger').select('data');
      expect(rows.map(one => JSON.parse(one.data))).toMatchObject([
        { deployment: 'deployment-1', outcome: 'succeeded', platform: true },
      ]);
    });

    it('counts a deployment that changed nothing, or was never applied, for nothing', async () => {
      const { feed, claim } = await start([
        // Succeeded without the event of what it deployed: exactly that was there.
        feedEvent(1, 'com.myorg.platform.deployment.finished.1', {}),
        feedEvent(2, 'com.myorg.platform.deployment.requested.1', {
          state: 'queued',
        }),
        feedEvent(3, 'com.myorg.platform.deployment.finished.1', {
          ...{ state: 'failed', manifestsDigest: undefined },
        }),
      ]);
      await feed.read(await claim('2026-06-30T12:00:00.000Z'), signal);
      const rows = await db('ledger').select('data');
      expect(rows.map(one => JSON.parse(one.data))).toMatchObject([
        { deployment: 'deployment-3', outcome: 'failed', applied: false },
      ]);
    });

    it('keeps that a guardrail was lifted, and not by whom', async () => {
      const { feed, claim } = await start([
        {
          ...{ seq: 1, specversion: '1.0', id: 'e1', subject: 'one' },
          ...{ source: '/plugins/deployments', time: now().toISOString() },
          type: 'com.myorg.platform.deviation.added.1',
          data: {
            ...{ service: 'component:default/cart', guardrail: 'limits' },
            ...{ environment: 'staging', createdBy: 'user:default/anna' },
            createdAt: now().toISOString(),
            expiresAt: '2026-07-31T00:00:00.000Z',
          },
        },
      ]);
      await feed.read(await claim('2026-06-30T12:00:00.000Z'), signal);
      const [{ data }] = await db('ledger').select('data');
      expect(JSON.parse(data)).toEqual({
        ...{ service: 'component:default/cart', guardrail: 'limits' },
        ...{ environment: 'staging', deviation: 'one' },
        expiresAt: '2026-07-31T00:00:00.000Z',
      });
    });
  },
);
