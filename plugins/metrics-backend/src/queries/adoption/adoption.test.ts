import { TestDatabases } from '@backstage/backend-test-utils';
import {
  AdoptionKey,
  adoptionKeys,
  MetricEvent,
  QuarterResult,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { deployed, event, migrate, owned } from '../../__testUtils__/ledger';
import { adoptionGauges } from './adoptionGauges';
import {
  adoptionAfter,
  all,
  behind,
  CREATED,
  delivered,
  JUNE,
  made,
  noon,
  nps,
  quarter,
  service,
  shop,
  ticket,
  TICKET,
} from './__testUtils__/adoption';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('adoption, on %s', databaseId => {
  let db: Knex;
  let quarters: QuarterResult[];
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
    quarters = [];
  });
  afterEach(() => db.destroy());

  const told = (events: MetricEvent[]) =>
    adoptionAfter(db, events, () => quarters);
  const read = async (events: MetricEvent[], slice?: string) =>
    (await told(events)).reader.read({ ...JUNE, slice }, all);

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
      why: 'Of the 2 services that were onboarded 90 days before 2026-06-30 or earlier, none was deployed around that time and there with its tickets known for 90 days before, so there is nothing to compare.',
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

  it('leaves services out of the comparison of tickets of which nothing was deployed around their onboarding', async () => {
    const of = (name: string) => [
      event(
        'com.myorg.platform.service.owned.1',
        noon('03-15'),
        // It was there before, and made from a template.
        { service: service(name), owner: 'group:default/a', template: 'go' },
      ),
      event(TICKET, '2025-12-01T12:00:00Z', {
        ...{ service: service(name), ticket: `${name} earlier` },
      }),
      ticket(name, '02-01'),
    ];
    const { reader, details } = await told([
      ...[...of('dead'), ...of('used'), ...of('late')],
      delivered('used', '05-01', false),
      delivered('late', '06-20', false),
    ]);
    expect((await reader.read(JUNE, all)).deflection).toEqual({
      ...{ state: 'value', before: 1, after: 0, windowDays: 90 },
      ...{ services: 1, leftOut: 2 },
    });
    const nothing =
      'Nothing of it was deployed in the 90 days before it was onboarded, nor in those after.';
    expect(await behind({ details }, 'deflection')).toEqual([
      `- dead: ${nothing}`,
      `- late: ${nothing}`,
      expect.stringContaining('+ used: 1 ticket in the 90 days before'),
    ]);
  });

  it('takes it for no tickets where a Git host was asked for them and has none, and says where nothing was', async () => {
    const { reader } = await told([
      owned('group:default/a', '2025-06-01T12:00:00Z', service('old')),
      deployed('first', noon('03-15'), {
        ...{ service: service('old'), platform: true },
      }),
    ]);
    const deflection = async () => (await reader.read(JUNE, all)).deflection;
    expect(await deflection()).toEqual({
      state: 'no-data',
      why: expect.stringContaining('Nothing is connected that tells of ticket'),
    });
    const asked = async (since: string) => {
      await db('git_repositories')
        .insert({
          ...{ repository: 'https://git.test/acme/cart', host: 'git.test' },
          ...{ due_at: noon('06-30'), tickets_from: since },
        })
        .onConflict('repository')
        .merge();
      return deflection();
    };
    expect(await asked(noon('01-01'))).toEqual({
      state: 'no-data',
      why: expect.stringContaining('Of the 1 services'),
    });
    expect(await asked('2025-12-01T12:00:00Z')).toEqual({
      ...{ state: 'value', before: 0, after: 0, windowDays: 90 },
      ...{ services: 1, leftOut: 0 },
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

  it('says what nobody tells of here, or told of then, where something is told of elsewhere', async () => {
    const { reader } = await told(shop);
    const golden = async (more: {
      slice?: string;
      to?: string;
      from?: string;
    }) => (await reader.read({ ...JUNE, ...more }, all)).goldenPath;
    expect(await golden({ slice: service('never') })).toEqual({
      ...{ state: 'no-data', why: 'Nothing tells of deployments of this.' },
    });
    const slice = service('old');
    expect(
      await golden({ slice, from: '2026-06-21', to: '2026-06-22' }),
    ).toEqual({ state: 'value', part: 0, whole: 0 });
    expect(
      await golden({ slice, from: '2026-05-01', to: '2026-05-19' }),
    ).toMatchObject({ state: 'no-data' });
    // A pipeline tells of deployments, and of no guardrail.
    expect((await reader.read(JUNE, all)).deviations).toMatchObject({
      state: 'no-data',
    });
  });

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

  it('gives services to who owned them at the end of the time, also where they moved since', async () => {
    const { reader, details } = await told([
      ...shop,
      owned('group:default/b', noon('06-15'), service('cart')),
      event('com.myorg.platform.deviation.added.1', noon('06-04'), {
        ...{ service: service('cart'), environment: 'production' },
        ...{ deviation: 'x', guardrail: 'limits', expiresAt: noon('07-04') },
      }),
    ]);
    const readOf = async (slice: string, to: string) => {
      const { onboarding, firstDeployment, deviations, previous } =
        await reader.read({ from: '2026-06-01', to, slice }, all);
      return [
        onboarding,
        firstDeployment.state === 'value' && firstDeployment.n,
        deviations.state === 'value' && deviations.n,
        previous.onboarding,
      ];
    };
    const a = 'group:default/a';
    const b = 'group:default/b';
    expect(await readOf(a, '2026-06-14')).toMatchObject([
      ...[{ part: 1, whole: 2 }, 1, 1, { part: 0, whole: 1 }],
    ]);
    expect(await readOf(b, '2026-06-14')).toMatchObject([
      ...[{ part: 2, whole: 2 }, 1, 0, { part: 0, whole: 1 }],
    ]);
    expect(await readOf(a, '2026-06-30')).toMatchObject([
      ...[{ part: 0, whole: 1 }, false, 0, { part: 0, whole: 1 }],
    ]);
    expect(await readOf(b, '2026-06-30')).toMatchObject([
      ...[{ part: 3, whole: 3 }, 2, 1, { part: 0, whole: 1 }],
    ]);
    const { points } = await reader.series({
      ...{ ...JUNE, slice: a, key: 'onboarding', bucket: 'week' },
    });
    expect(points.map(one => one.n)).toEqual([2, 2, 1, 1, 1]);
    expect(
      await behind({ details }, 'onboarding', { slice: a, to: '2026-06-14' }),
    ).toEqual([
      expect.stringContaining('- old'),
      expect.stringContaining('+ cart'),
    ]);
    expect(await behind({ details }, 'onboarding', { slice: a })).toEqual([
      expect.stringContaining('- old'),
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

  it('has all over time in one answer that say the same as each by itself', async () => {
    const { reader } = await told(shop);
    const { adoption, scope, series } = await reader.readWithSeries(
      { ...JUNE, bucket: 'week' },
      all,
    );
    expect(adoption).toEqual(await reader.read(JUNE, all));
    expect(series.map(({ key }) => key)).toEqual(adoptionKeys);
    for (const { key, points } of series) {
      const alone = await reader.series({ ...JUNE, key, bucket: 'week' });
      expect({ scope, key, points }).toEqual(alone);
    }
  });

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
    // Nobody answered in the quarter before.
    quarters = [quarter('2026-Q1', 20), quarter('2025-Q3', 10)];
    expect(await of()).toEqual({
      ...{ state: 'value', quarter: '2026-Q1', ...nps(20) },
    });
  });

  it('has all and each owner for Prometheus', async () => {
    const { reader } = await told(shop);
    const owners = await reader.owners();
    expect([...owners.keys()].sort()).toEqual([
      ...['', 'group:default/a', 'group:default/b', 'group:default/shop'],
    ]);
    // A group is what its page says, with the groups within it.
    const page = await reader.read(
      { slice: 'group:default/shop', days: 90 },
      all,
    );
    expect(page).toMatchObject({
      onboarding: owners.get('group:default/shop')?.onboarding,
      goldenPath: owners.get('group:default/shop')?.goldenPath,
    });
    const text = adoptionGauges(owners);
    const npsIn = async (name: string) => {
      quarters = [quarter(name, 20)];
      return adoptionGauges(await reader.owners());
    };
    expect(text).toContain('highroad_adoption_onboarded_ratio{owner=""} 0.75');
    expect(text).toContain(
      'highroad_adoption_golden_path_ratio{owner="group:default/b"} 1',
    );
    expect(text).toContain('# TYPE highroad_adoption_nps gauge');
    const score = 'highroad_adoption_nps{';
    expect(text).not.toContain(score);
    // Of the last quarter that is over, or of the one that ends today.
    for (const recent of ['2026-Q1', '2026-Q2']) {
      const known = await npsIn(recent);
      expect(known).toContain(`${score}owner=""} 20`);
      expect(known).toContain(`${score}owner="group:default/a"} 21`);
    }
    expect(await npsIn('2025-Q4')).not.toContain(score);
  });
});
