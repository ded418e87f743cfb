import { TestDatabases } from '@backstage/backend-test-utils';
import {
  AdoptionDetail,
  AdoptionKey,
  MetricEvent,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { event, migrate, owned } from '../../__testUtils__/ledger';
import { LedgerStore } from '../../database/LedgerStore';
import { NumberStore } from '../NumberStore';
import {
  adoptionAfter,
  all,
  behind,
  delivered,
  JUNE,
  made,
  noon,
  service,
  shop,
  ticket,
  TICKET,
} from './__testUtils__/adoption';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'what is behind adoption, on %s',
  databaseId => {
    let db: Knex;
    beforeEach(async () => {
      db = await databases.init(databaseId);
      await migrate(db);
    });
    afterEach(async () => {
      jest.restoreAllMocks();
      await db.destroy();
    });

    const told = (events: MetricEvent[]) => adoptionAfter(db, events);

    it('says of each service why it counts for a number, or does not', async () => {
      const known = await told([
        ...shop,
        ...made('later', '06-25'),
        ...[delivered('moved', '06-02'), ...made('moved', '06-10')],
      ]);
      expect(await behind(known, 'onboarding', { to: '2026-06-13' })).toEqual([
        '- bare: It came to the platform later, on 2026-06-14.',
        '- old: It was not made from a template of the platform, and the platform has not deployed it.',
        '+ cart: It is made from a template of the platform, which is known since 2026-06-02.',
        '+ moved: The platform deployed it first on 2026-06-02.',
        '+ stock: It is made from a template of the platform, which is known since 2026-06-10.',
      ]);
      expect(await behind(known, 'first-deployment')).toEqual([
        '- later: It is not in production yet, 5 d after it was created.',
        '- moved: It ran in production before the catalog got it, so how long it took is not known.',
        '+ cart: It was in production 3 d after it was created.',
        '+ stock: It was in production 3 d after it was created.',
      ]);
      expect(
        await behind(known, 'onboarding', { slice: 'group:default/b' }),
      ).toEqual([
        '+ bare: The platform deployed it first on 2026-06-14.',
        expect.stringMatching(/^\+ stock/),
      ]);
    });

    it('says which deployments to production were off the golden path, and who told of them', async () => {
      const known = await told(shop);
      const off = '- old: This platform did not make it; /test told of it.';
      expect(await behind(known, 'golden-path', { counts: false })).toEqual([
        off,
      ]);
      expect(
        await behind(known, 'golden-path', { slice: 'group:default/shop' }),
      ).toEqual([off, '+ cart: This platform made it.']);
    });

    it('says which tickets were counted before and after, and of which services none are', async () => {
      const known = await told([
        owned('group:default/a', '2025-06-01T12:00:00Z', service('old')),
        ticket('old', '03-01', { url: 'https://git.test/1' }),
        ticket('old', '03-02', { kind: 'bug' }),
        delivered('old', '03-15'),
        ticket('old', '03-20'),
        ticket('old', '06-20'),
        event(TICKET, '2025-12-01T12:00:00Z', {
          ...{ service: service('old'), ticket: 'long ago' },
        }),
        ...made('cart', '02-01', 'service'),
        ...[owned('group:default/a', '2025-06-01T12:00:00Z', service('new'))],
        delivered('new', '05-01'),
      ]);
      expect(await behind(known, 'deflection')).toEqual([
        '- cart: It was not there yet 90 days before it was onboarded, so there is no time before to compare with.',
        '- new: The 90 days after it was onboarded are not over before 2026-07-30.',
        '+ old: 1 ticket in the 90 days before it was onboarded, 1 ticket in those after.',
      ]);
      const { items } = await known.details.of(
        { ...JUNE, key: 'deflection', counts: true, limit: 50 },
        all,
      );
      expect(items[0]).toMatchObject({
        ticketCounts: { before: 1, after: 1 },
        tickets: [
          {
            ...{ ticket: 'old 03-01', window: 'before' },
            url: 'https://git.test/1',
          },
          { ticket: 'old 03-20', window: 'after' },
        ],
      });
      const { points } = await known.reader.series({
        ...{ ...JUNE, key: 'deflection', bucket: 'month' },
      });
      expect(points).toMatchObject([{ value: 1, n: 1 }]);
    });

    it('lists guardrails that are lifted, and those that were in the time', async () => {
      const lifted = (guardrail: string, from: string, expires: string) =>
        event('com.myorg.platform.deviation.added.1', noon(from), {
          ...{ service: service('cart'), environment: 'staging' },
          ...{ deviation: guardrail, guardrail, expiresAt: noon(expires) },
        });
      const known = await told([
        ...[...made('cart', '04-01'), delivered('cart', '05-12')],
        lifted('limits', '04-01', '05-20'),
        lifted('requests', '05-01', '06-20'),
        lifted('liveness-probe', '06-10', '08-01'),
      ]);
      expect(await behind(known, 'deviations')).toEqual([
        '- cart: requests was lifted in staging from 2026-05-01, which ended on 2026-06-20.',
        '+ cart: liveness-probe is lifted in staging from 2026-06-10 to 2026-08-01.',
      ]);
    });

    it.each<AdoptionKey>(['onboarding', 'golden-path'])(
      'lists what is behind %s a page at a time, each once, and only what may be seen',
      async key => {
        const { details } = await told(shop);
        const found: string[] = [];
        let before: string | undefined;
        do {
          const page = await details.of(
            { ...JUNE, key, limit: 1, before },
            all,
          );
          found.push(...page.items.map(one => `${one.service} ${one.at}`));
          before = page.next;
        } while (before);
        const { items } = await details.of({ ...JUNE, key, limit: 50 }, all);
        expect(found).toEqual(items.map(one => `${one.service} ${one.at}`));
        expect(found).toHaveLength(4);
        const own = await details.of({ ...JUNE, key, limit: 50 }, async find =>
          (await find()).filter(one => one === service('cart')),
        );
        expect(own.items.map(one => one.service)).toEqual([service('cart')]);
        await expect(
          details.of({ ...JUNE, key, limit: 1, before: 'x' }, all),
        ).rejects.toThrow('before: take it from "next"');
      },
    );

    const exported = async (
      { details }: Awaited<ReturnType<typeof told>>,
      key: AdoptionKey,
      visible: Call['visible'] = all,
    ) => {
      const found: AdoptionDetail[] = [];
      for await (const one of details.all({ ...JUNE, key }, visible)) {
        found.push(one);
      }
      return found;
    };

    it('exports how many tickets there were, without reading each', async () => {
      const known = await told([
        owned('group:default/a', '2025-06-01T12:00:00Z', service('old')),
        ticket('old', '03-01'),
        delivered('old', '03-15'),
        ...[ticket('old', '03-20'), ticket('old', '03-21')],
      ]);
      const read = jest.spyOn(LedgerStore.prototype, 'tickets');
      const items = await exported(known, 'deflection');
      expect(items).toMatchObject([{ ticketCounts: { before: 1, after: 2 } }]);
      expect(read).not.toHaveBeenCalled();
      const { items: listed } = await known.details.of(
        { ...JUNE, key: 'deflection', limit: 50 },
        all,
      );
      expect(listed).toMatchObject([{ tickets: [{}, {}, {}] }]);
      expect(read).toHaveBeenCalledTimes(1);
    });

    it.each<AdoptionKey>(['onboarding', 'golden-path'])(
      'exports all behind %s in the order of the list, and only what may be seen',
      async key => {
        const known = await told(shop);
        const { items } = await known.details.of(
          { ...JUNE, key, limit: 50 },
          all,
        );
        expect(await exported(known, key)).toEqual(items);
        const own = await exported(known, key, async find =>
          (await find()).filter(one => one === service('cart')),
        );
        expect(own.map(one => one.service)).toEqual([service('cart')]);
      },
    );

    it('exports each service once, though it begins to count meanwhile', async () => {
      const { details } = await told(made('cart', '04-01'));
      const cart = await db('service_facts').first();
      const others = Array.from({ length: 1_001 }, (_, number) => ({
        ...{ ...cart, service: service(`other-${number}`) },
      }));
      await db.batchInsert('service_facts', others, 50);
      const visible = jest.fn(all);
      const asked = { ...JUNE, key: 'onboarding' } as const;
      const rows = details.all(asked, visible)[Symbol.asyncIterator]();
      const found: string[] = [];
      let row = await rows.next();
      expect(row.value).toMatchObject({
        ...{ service: service('cart'), counts: false },
      });
      await db('service_facts')
        .where({ service: service('cart') })
        .update({ onboarded_at: noon('06-01') });
      await db('feeds').where({ name: 'facts' }).increment('cursor', 1);
      for (; !row.done; row = await rows.next()) found.push(row.value.service);
      expect(found).toHaveLength(1_002);
      expect(new Set(found).size).toBe(1_002);
      expect(visible).toHaveBeenCalledTimes(1);
      const { items } = await details.of(
        { ...asked, counts: true, limit: 50 },
        all,
      );
      expect(items.map(one => one.service)).toEqual([service('cart')]);
    });

    it('reads days only for what is taken from deployments', async () => {
      const known = await told(shop);
      const days = jest.spyOn(NumberStore.prototype, 'days');
      const series = (key: AdoptionKey) =>
        known.reader.series({ ...JUNE, key, bucket: 'week' });
      await series('onboarding');
      await behind(known, 'onboarding');
      await exported(known, 'onboarding');
      expect(days).not.toHaveBeenCalled();
      await series('golden-path');
      expect(days).toHaveBeenCalledTimes(1);
    });
  },
);
