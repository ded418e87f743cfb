import { TestDatabases } from '@backstage/backend-test-utils';
import {
  AdoptionKey,
  bandsOf2023,
  MetricEvent,
  QuarterResult,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import {
  deployed,
  event,
  ledgerOn,
  migrate,
  owned,
} from '../../__testUtils__/ledger';
import { KnownNames } from '../KnownNames';
import { Numbers } from '../Numbers';
import { NumberStore } from '../NumberStore';
import { Scopes } from '../Scopes';
import { AdoptionDetails } from './AdoptionDetails';
import { adoptionGauges } from './adoptionGauges';
import { AdoptionReader } from './AdoptionReader';
import { AdoptionStore } from './AdoptionStore';

jest.setTimeout(120_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const NOW = new Date('2026-06-30T12:00:00Z');
const JUNE = { from: '2026-06-01', to: '2026-06-30' };
const TICKET = 'dev.cdevents.ticket.created.0.1.0';
const CREATED = 'com.myorg.platform.service.created.1';
const noon = (day: string) => `2026-${day}T12:00:00Z`;
const service = (name: string) => `component:default/${name}`;
const all = async () => undefined;

/** A service that the catalog has, made from the platform's template if it says so. */
const made = (
  name: string,
  day: string,
  template?: string,
  owner = 'group:default/a',
): MetricEvent[] => [
  event(CREATED, noon(day), { service: service(name), template }),
  owned(owner, noon(day), service(name)),
];
const delivered = (name: string, day: string, platform = true) =>
  deployed(`${name} ${day}`, noon(day), { service: service(name), platform });
const ticket = (
  name: string,
  day: string,
  data: Record<string, unknown> = {},
) =>
  event(TICKET, noon(day), {
    ...{ service: service(name), ticket: `${name} ${day}`, ...data },
  });

describe.each(databases.eachSupportedId())('adoption, on %s', databaseId => {
  let db: Knex;
  let quarters: QuarterResult[];
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
    quarters = [];
  });
  afterEach(() => db.destroy());

  const told = async (events: MetricEvent[]) => {
    const { intake, compute, ledger } = ledgerOn(db);
    await intake.take(events, { source: '/test' });
    await compute();
    const now = () => NOW;
    const days = new NumberStore(db);
    const scopes = new Scopes({
      names: new KnownNames({
        db,
        environments: ['production'],
        isInCatalog: async () => true,
      }),
      groups: {
        within: async one =>
          one === 'group:default/shop' ? [one, 'group:default/a'] : [one],
      },
      ...{ now, production: ['production'], timeZone: 'UTC' },
    });
    const shared = {
      ...{ days, now, scopes },
      numbers: new Numbers({ bands: bandsOf2023, now, scopes, store: days }),
      store: new AdoptionStore({ db, numbers: days, timeZone: 'UTC' }),
    };
    return {
      reader: new AdoptionReader({
        ...shared,
        surveys: { results: async () => quarters },
      }),
      details: new AdoptionDetails({ ...shared, db, ledger }),
    };
  };
  const read = async (events: MetricEvent[], slice?: string) =>
    (await told(events)).reader.read({ ...JUNE, slice }, all);

  /** Names of services and why each counts, or does not. */
  const behind = async (
    { details }: Awaited<ReturnType<typeof told>>,
    key: AdoptionKey,
    more: { slice?: string; counts?: boolean; to?: string } = {},
  ) => {
    const { items } = await details.of(
      { ...JUNE, key, limit: 50, ...more },
      all,
    );
    return items.map(
      one =>
        `${one.counts ? '+' : '-'} ${one.service.split('/')[1]}: ${one.why}`,
    );
  };

  it('compares with the range before, in which newer services were not there', async () => {
    const { previous, ...current } = await read([
      ...made('old', '04-01'),
      ...made('cart', '05-10', 'service'),
      ...made('stock', '06-10', 'service'),
      delivered('cart', '05-12'),
      delivered('old', '05-20', false),
      delivered('old', '06-20', false),
      delivered('cart', '06-20'),
      delivered('cart', '06-21'),
      delivered('stock', '06-11'),
    ]);
    const value = { state: 'value' };
    expect(current).toMatchObject({
      range: JUNE,
      onboarding: { ...value, part: 2, whole: 3 },
      goldenPath: { ...value, part: 3, whole: 4 },
      firstDeployment: { ...value, n: 1, median: 86_400 },
    });
    expect(previous).toMatchObject({
      range: { from: '2026-05-02', to: '2026-05-31' },
      onboarding: { ...value, part: 1, whole: 2 },
      goldenPath: { ...value, part: 1, whole: 2 },
      firstDeployment: { ...value, n: 1, median: 2 * 86_400 },
    });
  });

  it('counts guardrails that are lifted, until they expire or are taken back', async () => {
    const lifted = (
      deviation: string,
      kind: 'added' | 'ended',
      day: string,
      guardrail = 'limits',
    ) =>
      event(`com.myorg.platform.deviation.${kind}.1`, noon(day), {
        ...{ service: service('cart'), environment: 'staging', deviation },
        ...{ guardrail, expiresAt: noon('06-20') },
      });
    const { deviations, previous } = await read([
      ...made('cart', '04-01'),
      delivered('cart', '05-12'),
      lifted('expired', 'added', '05-01'),
      lifted('taken back', 'added', '05-01', 'requests'),
      lifted('taken back', 'ended', '05-20', 'requests'),
      event('com.myorg.platform.deviation.added.1', noon('06-10'), {
        ...{ service: service('cart'), environment: 'production' },
        ...{ deviation: 'there', guardrail: 'liveness-probe' },
        expiresAt: noon('08-01'),
      }),
    ]);
    expect(deviations).toEqual({
      ...{ state: 'value', n: 1, services: 1 },
      guardrails: [{ guardrail: 'liveness-probe', n: 1 }],
    });
    expect(previous.deviations).toEqual({
      ...{ state: 'value', n: 1, services: 1 },
      guardrails: [{ guardrail: 'limits', n: 1 }],
    });
  });

  it('compares tickets of services only that were there, and tickets known, long enough before', async () => {
    const old = owned(
      'group:default/a',
      '2025-06-01T12:00:00Z',
      service('old'),
    );
    const onboarded = deployed('first', noon('03-15'), {
      ...{ service: service('old'), platform: true },
    });
    const created = [
      event(CREATED, noon('02-01'), {
        ...{ service: service('cart'), template: 'service' },
      }),
      owned('group:default/a', noon('02-01'), service('cart')),
    ];
    const late = [
      ...[old, onboarded, ...created],
      ...[ticket('old', '03-01'), ticket('cart', '03-02')],
    ];
    expect((await read(late)).deflection).toMatchObject({
      state: 'no-data',
      why: expect.stringContaining('none was there with its tickets known'),
    });
    const { deflection } = await read([
      event(TICKET, '2025-12-01T12:00:00Z', {
        ...{ service: service('old'), ticket: 'earlier' },
      }),
    ]);
    expect(deflection).toEqual({
      ...{ state: 'value', before: 1, after: 0, windowDays: 90 },
      ...{ services: 1, leftOut: 1 },
    });
  });

  it('leaves out what ran in production before it was created', async () => {
    const { firstDeployment } = await read([
      delivered('moved', '06-02'),
      ...made('moved', '06-10'),
      ...made('cart', '06-10'),
      delivered('cart', '06-12'),
    ]);
    expect(firstDeployment).toMatchObject({ n: 1, median: 2 * 86_400 });
  });

  it('says what is not known, now and before', async () => {
    const { previous, ...current } = await read([]);
    for (const one of [current, previous]) {
      expect(one).toMatchObject({
        onboarding: { state: 'no-data' },
        goldenPath: { state: 'no-data' },
        firstDeployment: { state: 'no-data' },
        deviations: { state: 'no-data' },
      });
    }
  });

  const shop = [
    ...made('old', '04-01'),
    ...made('cart', '06-02', 'service'),
    ...made('stock', '06-10', 'service', 'group:default/b'),
    ...made('bare', '04-02', undefined, 'group:default/b'),
    delivered('old', '05-20', false),
    delivered('old', '06-20', false),
    delivered('cart', '06-05'),
    delivered('stock', '06-13'),
    delivered('bare', '06-14'),
  ];

  it('is of what a group and the groups within it own, of a system or of a service', async () => {
    const { reader } = await told([
      ...shop,
      event('com.myorg.platform.service.owned.1', noon('06-11'), {
        ...{ service: service('stock'), owner: 'group:default/b' },
        system: 'system:default/sales',
      }),
    ]);
    const shares = async (slice: string) => {
      const { onboarding, goldenPath, firstDeployment } = await reader.read(
        { ...JUNE, slice },
        all,
      );
      return [onboarding, goldenPath, firstDeployment];
    };
    const team = [
      { state: 'value', part: 1, whole: 2 },
      { state: 'value', part: 1, whole: 2 },
      { ...{ state: 'value', n: 1, waiting: 0 }, median: 3 * 86_400 },
    ];
    for (const slice of ['group:default/a', 'group:default/shop']) {
      expect([slice, await shares(slice)]).toMatchObject([slice, team]);
    }
    expect(await shares('group:default/b')).toMatchObject([
      { part: 2, whole: 2 },
      { part: 2, whole: 2 },
      { n: 1 },
    ]);
    expect(await shares('system:default/sales')).toMatchObject([
      { part: 1, whole: 1 },
      { part: 1, whole: 1 },
      { n: 1 },
    ]);
    expect(await shares(service('old'))).toMatchObject([
      { part: 0, whole: 1 },
      { part: 0, whole: 1 },
      { state: 'no-data' },
    ]);
  });

  it('goes over time as it was at the end of each week, without a value where nothing is known', async () => {
    const { reader } = await told(shop);
    const series = async (key: AdoptionKey, from = JUNE.from) => {
      const { points } = await reader.series({
        ...{ from, to: JUNE.to, key, bucket: 'week' },
      });
      return points.map(({ from: day, value, n, complete }) => [
        ...[day.slice(5), value, n, complete],
      ]);
    };
    expect(await series('onboarding')).toEqual([
      ['06-01', 1 / 3, 3, true],
      ['06-08', 3 / 4, 4, true],
      ['06-15', 3 / 4, 4, true],
      ['06-22', 3 / 4, 4, true],
      ['06-29', 3 / 4, 4, false],
    ]);
    expect((await series('onboarding', '2026-03-16')).slice(0, 3)).toEqual([
      ['03-16', undefined, 0, true],
      ['03-23', undefined, 0, true],
      ['03-30', 0, 2, true],
    ]);
    expect(await series('golden-path')).toEqual([
      ['06-01', 1, 1, true],
      ['06-08', 1, 2, true],
      ['06-15', 0, 1, true],
      ['06-22', undefined, 0, true],
      ['06-29', undefined, 0, false],
    ]);
    expect((await series('first-deployment')).slice(0, 3)).toEqual([
      ['06-01', 3 * 86_400, 1, true],
      ['06-08', 3 * 86_400, 1, true],
      ['06-15', undefined, 0, true],
    ]);
    expect(await series('deflection')).toEqual([]);
  });

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
        const page = await details.of({ ...JUNE, key, limit: 1, before }, all);
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

  it('names of services that are not in production yet only those that may be seen', async () => {
    const { reader } = await told([
      ...made('cart', '06-02'),
      ...made('stock', '06-02'),
    ]);
    const { firstDeployment } = await reader.read(JUNE, async find =>
      (await find()).filter(one => one === service('cart')),
    );
    expect(firstDeployment).toMatchObject({
      ...{ n: 0, waiting: 2 },
      censored: [{ service: service('cart') }],
    });
  });

  it('has what people say of a group itself, as far as it may be shown, and of no system', async () => {
    const nps = (score: number) => ({ score, n: 6, margin: 40 });
    const quarter = (name: string, score: number): QuarterResult => ({
      ...{ quarter: name, total: nps(score), leftOut: false, texts: ['Words'] },
      groups: [
        { group: 'group:default/a', nps: nps(score + 1), responseRate: 0.5 },
      ],
    });
    quarters = [quarter('2026-Q2', 20), quarter('2026-Q1', 10)];
    const of = async (slice?: string) => (await read([], slice)).nps;
    expect(await of()).toEqual({
      ...{ state: 'value', quarter: '2026-Q2', ...nps(20) },
      before: { quarter: '2026-Q1', score: 10 },
    });
    expect(await of('group:default/a')).toMatchObject({
      ...{ score: 21, responseRate: 0.5 },
    });
    for (const slice of ['group:default/shop', 'system:default/sales']) {
      expect(await of(slice)).toMatchObject({ state: 'no-data' });
    }
  });

  it('has all and each owner for Prometheus', async () => {
    const { reader } = await told(shop);
    const owners = await reader.owners();
    expect([...owners.keys()]).toEqual([
      ...['', 'group:default/a', 'group:default/b'],
    ]);
    const text = adoptionGauges(owners);
    expect(text).toContain('highroad_adoption_onboarded_ratio{owner=""} 0.75');
    expect(text).toContain(
      'highroad_adoption_golden_path_ratio{owner="group:default/b"} 1',
    );
    expect(text).toContain('# TYPE highroad_adoption_nps gauge');
    expect(text).not.toContain('highroad_adoption_nps{');
  });
});
