import { TestDatabases } from '@backstage/backend-test-utils';
import {
  bandsOf2023,
  Key,
  keys as allKeys,
  MetricEvent,
  Took,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import {
  CART,
  committed,
  deployed,
  event,
  incident,
  ledgerOn,
  migrate,
  owned,
  settings,
  sha,
  STOCK,
} from '../__testUtils__/ledger';
import { Details } from './Details';
import { Exported } from './Exported';
import {
  changeColumns,
  csvOf,
  incidentColumns,
  numberColumns,
} from './exportColumns';
import { Incidents } from './Incidents';
import { Numbers } from './Numbers';
import { KnownNames } from './KnownNames';
import { NumberStore } from './NumberStore';
import { Scopes } from './Scopes';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const NOW = new Date('2026-06-30T12:00:00Z');
/** For those who may see all. */
const everything: Call['visible'] = async () => undefined;
const JUNE = { from: '2026-06-01', to: '2026-06-28' };
const at = (day: number, hour = 12) =>
  `2026-06-${String(day).padStart(2, '0')}T${String(hour).padStart(
    2,
    '0',
  )}:00:00Z`;

describe.each(databases.eachSupportedId())('numbers, on %s', databaseId => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterEach(() => db.destroy());

  const given = async (
    events: MetricEvent[],
    timeZone = 'UTC',
    production = ['production'],
  ) => {
    const { intake, compute } = ledgerOn(db, {
      settings: { ...settings, timeZone },
    });
    await intake.take(events, { source: '/test' });
    await compute();
    const scopes = new Scopes({
      names: new KnownNames({
        db,
        environments: ['production'],
        isInCatalog: async ref => ref === 'group:default/all',
      }),
      groups: {
        within: async one =>
          one === 'group:default/all'
            ? ['group:default/all', 'group:default/a', 'group:default/b']
            : [one],
        around: async () => one =>
          /^group:default\/[ab]$/.test(one)
            ? [one, 'group:default/all']
            : [one],
      },
      now: () => NOW,
      production,
      timeZone,
    });
    const store = new NumberStore(db);
    const numbers = new Numbers({
      ...{ scopes, store, bands: bandsOf2023, now: () => NOW },
    });
    const summary = async (input = {}) => {
      const { keys } = await numbers.summary({ ...JUNE, ...input });
      const of = (key: Key) => keys.find(one => one.key === key)!;
      return of;
    };
    const details = new Details({
      ...{ db, numbers, scopes },
      links: {
        of: async services => (service, commit) =>
          service === CART && services.includes(CART)
            ? `https://git.example/shop/cart/commit/${commit}`
            : undefined,
      },
    });
    return {
      ...{ details, numbers, summary },
      exported: new Exported({ db, details, numbers, scopes }),
      incidents: new Incidents({ db, numbers, scopes }),
    };
  };

  it('are marked as long as all is computed anew, and there meanwhile', async () => {
    const { numbers } = await given([deployed('d1', at(3))]);
    const { work, compute } = ledgerOn(db);
    await work.recompute(NOW.toISOString());
    const { scope, keys } = await numbers.summary(JUNE);
    expect(scope.anew).toBe(true);
    expect(keys[0].current).toMatchObject({ state: 'value', n: 1 });
    await compute();
    expect((await numbers.summary(JUNE)).scope.anew).toBeUndefined();
  });

  it('counts days of deployments in whole weeks, empty ones as 0', async () => {
    // Weeks of June: 1-7 has three days, 8-14 one, 15-21 none, 22-28 two.
    const { summary } = await given(
      [1, 2, 3, 9, 22, 23].flatMap(day => [
        deployed(`m${day}`, at(day, 9)),
        deployed(`e${day}`, at(day, 18)),
      ]),
    );
    const { current, band } = (await summary())('frequency');
    expect(current).toMatchObject({ state: 'value', value: 3, n: 12 });
    expect(
      current.state === 'value' && current.beside.map(one => one.value),
    ).toEqual([12, 1.5, 6]);
    expect(band).toBe('high');
  });

  it('gives no band to days that do not have a whole week, nor one for a month to fewer days', async () => {
    const { summary } = await given([
      deployed('long ago', '2026-03-01T12:00:00Z'),
      deployed('may', '2026-05-20T12:00:00Z'),
      ...[1, 2, 3, 4, 5, 6, 7].map(day => deployed(`d${day}`, at(day))),
    ]);
    const found = async (from: string, to: string) => {
      const { current, band } = (await summary({ from, to }))('frequency');
      const { value = undefined, beside = [] } =
        current.state === 'value' ? current : {};
      return [band, value, beside.map(one => one.value)];
    };
    // Thursday to Wednesday, on four days of which something was deployed.
    expect(await found('2026-06-04', '2026-06-10')).toEqual([
      ...[undefined, 4, [4, 4]],
    ]);
    expect(await found('2026-06-01', '2026-06-07')).toEqual([
      ...['elite', 7, [7, 7, 7]],
    ]);
    // A week without any may be of a month with some.
    expect(await found('2026-06-08', '2026-06-14')).toEqual([
      ...[undefined, 0, [0, 0, 0]],
    ]);
    // Neither month is whole; together they have one day with a deployment.
    expect(await found('2026-05-02', '2026-05-31')).toEqual([
      ...['medium', 7 / 30, [1, 0, 1]],
    ]);
    expect(await found('2026-04-16', '2026-05-15')).toEqual([
      ...['low', 0, [0, 0, 0]],
    ]);
    // One day in 59 is less than one in a month.
    expect((await found('2026-04-02', '2026-05-30'))[0]).toBe('low');
  });

  it('takes percentiles over all samples, not over days', async () => {
    const hours = [1, 2, 3, 4, 100];
    const { summary } = await given([
      committed('base', at(1, 0)),
      deployed('d0', at(1), { commit: sha('base') }),
      ...hours.flatMap((hour, index) => [
        committed(
          `c${index}`,
          new Date(Date.parse(at(10)) - hour * 3_600_000).toISOString(),
          [index === 0 ? 'base' : `c${index - 1}`],
        ),
      ]),
      deployed('d1', at(10), { commit: sha('c4') }),
    ]);
    const { current } = (await summary())('lead-time');
    expect(current).toMatchObject({
      ...{ value: 3 * 3600, p75: 4 * 3600, n: 5 },
    });
    expect(current.state === 'value' && current.p90).toBeCloseTo(
      (4 + 96 * 0.6) * 3600,
    );
  });

  it('compares with the same time before, and says whether that is better', async () => {
    const { summary } = await given([
      ...[5, 6, 7].map(day => deployed(`d${day}`, at(day))),
      deployed('before', '2026-05-20T12:00:00Z'),
      deployed('long ago', '2026-03-20T12:00:00Z'),
    ]);
    const { current, previous, reading } = (await summary())('frequency');
    expect([current, previous]).toMatchObject([{ n: 3 }, { n: 1 }]);
    expect(reading).toMatch(/better than 0\.3 in the period before/);
  });

  it('gives history to who owned it then, and a group what is within it', async () => {
    const { summary, numbers } = await given([
      owned('group:default/a', at(1)),
      owned('group:default/b', at(15)),
      deployed('d1', at(10)),
      deployed('d2', at(20)),
      deployed('d3', at(21)),
      deployed('s1', at(21), { service: STOCK }),
    ]);
    const n = async (slice?: string) => {
      const { current } = (await summary({ slice }))('frequency');
      return current.state === 'value' ? current.n : undefined;
    };
    expect(await n('group:default/a')).toBe(1);
    expect(await n('group:default/b')).toBe(2);
    expect(await n('group:default/all')).toBe(3);
    expect(await n(STOCK)).toBe(1);
    expect(await n()).toBe(4);
    const { rows } = await numbers.teams({ ...JUNE, by: 'owner' });
    expect(rows.map(one => [one.ref, one.trend])).toEqual([
      // Of each, deployments are known since its first.
      ['', [null, null, 1, 0]],
      ['group:default/a', [null, 1, 0, 0]],
      ['group:default/all', [null, 1, 2, 0]],
      ['group:default/b', [null, 0, 2, 0]],
    ]);
  });

  it('says in the row of a group what its page says, with all groups within it', async () => {
    const { summary, numbers } = await given([
      owned('group:default/a', at(1)),
      owned('group:default/b', at(1), STOCK),
      deployed('d1', at(2), { outcome: 'failed' }),
      deployed('d2', at(10)),
      deployed('s1', at(2), { service: STOCK, outcome: 'failed' }),
    ]);
    const { rows } = await numbers.teams({ ...JUNE, by: 'owner' });
    for (const { ref, measures } of rows) {
      const page = await summary({ slice: ref });
      for (const key of allKeys) {
        expect([ref, measures[key]]).toEqual([ref, page(key).current]);
      }
    }
    expect(rows.map(one => one.ref)).toEqual([
      ...['group:default/a', 'group:default/all', 'group:default/b'],
    ]);
    // Not what is beside the group that is looked at.
    const within = await numbers.teams({
      ...{ ...JUNE, by: 'owner', slice: 'group:default/b' },
    });
    expect(within.rows.map(one => one.ref)).toEqual(['group:default/b']);
  });

  it('knows of a service only since somebody tells of it, and of several as far as of all of them', async () => {
    const LATE = 'component:default/late';
    const SILENT = 'component:default/silent';
    const { numbers, summary } = await given([
      ...[CART, STOCK, LATE, SILENT].map(service =>
        owned('group:default/a', '2026-01-01T00:00:00Z', service),
      ),
      deployed('c1', '2026-03-01T12:00:00Z'),
      ...[16, 17, 23].map(day =>
        deployed(`s${day}`, at(day), { service: STOCK }),
      ),
      event('com.myorg.platform.service.created.1', at(15), {
        ...{ service: LATE, template: 'service' },
      }),
    ]);
    await db('feeds').insert({
      name: 'deployments',
      last_read_at: NOW.toISOString(),
      first_read_at: '2026-01-01T00:00:00Z',
    });
    const of = async (slice: string, more = {}) =>
      (await summary({ slice, ...more }))('frequency').current;
    expect(await of(CART)).toMatchObject({ state: 'value', value: 0 });
    // Two weeks: what came before is not known.
    expect(await of(STOCK)).toMatchObject({ n: 3, value: (3 * 7) / 13 });
    expect(await of(STOCK, { to: '2026-06-14' })).toEqual({
      state: 'no-data',
      why: 'Deployments of this time are not known.',
    });
    // Nothing is known but that this platform would deploy it.
    expect(await of(LATE)).toMatchObject({ state: 'value', value: 0 });
    expect(await of(SILENT)).toMatchObject({ state: 'no-data' });
    const { points } = await numbers.series({
      ...{ ...JUNE, slice: STOCK, key: 'frequency', bucket: 'week' },
    });
    expect(points.map(one => one.value)).toEqual([undefined, undefined, 2, 1]);
    const { scope } = await numbers.summary({
      ...{ ...JUNE, slice: 'group:default/a' },
    });
    expect(scope.partly).toEqual({ known: 2, of: 4 });
    const { rows } = await numbers.teams({ ...JUNE, by: 'service' });
    expect(rows.map(one => [one.ref, one.trend, one.partly])).toEqual([
      [STOCK, [null, null, 2, 1], { known: 0, of: 1 }],
    ]);
  });

  it('knows lead times of whoever owned a service before another one did', async () => {
    const { summary, numbers } = await given([
      owned('group:default/a', at(1)),
      owned('group:default/b', at(15)),
      committed('c0', at(1, 0)),
      committed('c1', at(10, 9), ['c0']),
      deployed('d0', at(1), { commit: sha('c0') }),
      deployed('d1', at(10), { commit: sha('c1') }),
    ]);
    const slice = 'group:default/a';
    expect((await summary({ slice }))('lead-time').current).toMatchObject({
      ...{ state: 'value', value: 3 * 3_600, n: 1 },
    });
    const { points } = await numbers.series({
      ...{ ...JUNE, slice, key: 'lead-time', bucket: 'week' },
    });
    expect(points.map(one => one.value)).toEqual([
      ...[undefined, 3 * 3_600, undefined, undefined],
    ]);
    // There is nothing to know it by.
    const before = await summary({ slice, from: at(16).slice(0, 10) });
    expect(before('lead-time').current.state).toBe('no-data');
  });

  describe('of many services', () => {
    /** Each has another number of each kind; of one nothing is known but that it is there. */
    const events = Array.from({ length: 7 }, (_, which) => {
      const service = `component:default/s${(which * 3) % 7}`;
      const commit = (name: string, day: number) =>
        committed(`${which}${name}`, at(day, which), [], { service });
      return [
        commit('a', 1),
        commit('b', 8),
        deployed(`${which}d1`, at(2), { service, commit: sha(`${which}a`) }),
        deployed(`${which}d2`, at(9), { service, commit: sha(`${which}b`) }),
        ...Array.from({ length: which }, (__, index) =>
          deployed(`${which}f${index}`, at(10 + index, which), {
            ...{ service, outcome: index % 2 ? 'succeeded' : 'failed' },
          }),
        ),
      ];
    }).flat();
    const value = (measure: object) =>
      'value' in measure ? Number(measure.value) : undefined;

    it.each([...allKeys])(
      'sorts them by %s as each row says it, and pages go on where the last ended',
      async key => {
        const { numbers } = await given(events);
        const asked = { ...JUNE, by: 'service' as const, sort: key };
        const { rows, total } = await numbers.teams(asked);
        const values = rows.map(one => value(one.measures[key]));
        const valued = values.filter(one => one !== undefined);
        expect(valued.length).toBeGreaterThan(2);
        expect(values).toEqual([
          ...[...valued].sort((a, b) => a - b),
          ...values.filter(one => one === undefined),
        ]);
        const pages: typeof rows = [];
        for (let offset = 0; offset < total; offset += 3) {
          const page = await numbers.teams({ ...asked, offset, limit: 3 });
          expect(page.total).toBe(7);
          pages.push(...page.rows);
        }
        expect(pages).toEqual(rows);
        const down = await numbers.teams({ ...asked, order: 'desc' });
        expect(value(down.rows[0].measures[key])).toBe(Math.max(...valued));
      },
    );

    it('leaves out what may not be seen, and does not count it', async () => {
      const { numbers } = await given(events);
      const seen = ['component:default/s2', 'component:default/s5'];
      const asked = { ...JUNE, by: 'service' as const, limit: 1 };
      const all: string[] = [];
      const some = await numbers.teams(asked, async references => {
        all.push(...(await references()));
        return seen;
      });
      expect(all).toHaveLength(7);
      expect(some.total).toBe(2);
      expect(some.rows.map(one => one.ref)).toEqual([seen[0]]);
      expect((await numbers.teams(asked)).total).toBe(7);
    });
  });

  it('marks what is not whole, and draws a gap where there is nothing', async () => {
    const { numbers } = await given([
      deployed('long ago', '2026-05-01T12:00:00Z'),
      deployed('d1', at(10)),
    ]);
    const rates = await numbers.series({
      ...{ from: '2026-06-03', to: '2026-07-01' },
      ...{ key: 'change-failure-rate', bucket: 'week' },
    });
    expect(rates.scope.incomplete).toBe(true);
    expect(
      rates.points.map(one => [one.from, one.value, one.complete]),
    ).toEqual([
      ['2026-06-01', undefined, false],
      ['2026-06-08', 0, true],
      ['2026-06-15', undefined, true],
      ['2026-06-22', undefined, true],
      ['2026-06-29', undefined, false],
    ]);
    const counts = await numbers.series({
      ...{ ...JUNE, key: 'frequency', bucket: 'week' },
    });
    expect(counts.points.map(one => one.value)).toEqual([0, 1, 0, 0]);
  });

  it('begins where deployments are known, and takes no time before for one without any', async () => {
    const { numbers, summary } = await given([
      ...[15, 16, 22].map(day => deployed(`d${day}`, at(day))),
    ]);
    const { current, previous } = (await summary())('frequency');
    // Two weeks, not four.
    expect(current).toMatchObject({ value: 1.5, n: 3 });
    expect(previous.state).toBe('no-data');
    const { scope, points } = await numbers.series({
      ...{ ...JUNE, key: 'frequency', bucket: 'week' },
    });
    expect(scope.knownFrom).toBe('2026-06-15');
    expect(points.map(one => one.value)).toEqual([undefined, undefined, 2, 1]);
    const before = await summary({ from: '2026-05-01', to: '2026-05-31' });
    expect(before('lead-time').current).toEqual({
      state: 'no-data',
      why: 'Deployments of this time are not known.',
    });
    const { rows } = await numbers.teams({ ...JUNE, by: 'service' });
    expect(rows[0].measures.frequency).toMatchObject({ value: 1.5 });
    expect(rows[0].trend).toEqual([null, null, 2, 1]);
  });

  it('knows of deployments since its first look at those of this platform, and takes a week at least', async () => {
    const { summary } = await given([deployed('d1', at(30, 9))]);
    const asked = { from: '2026-04-02', to: '2026-06-30' };
    expect((await summary(asked))('frequency').current).toMatchObject({
      value: 1,
    });
    await db('feeds').insert({
      name: 'deployments',
      last_read_at: NOW.toISOString(),
      first_read_at: at(17),
    });
    expect(
      (await summary({ ...asked, to: '2026-07-30' }))('frequency').current,
    ).toMatchObject({ value: 0.5 });
  });

  it('says that there is no such environment, group, system or service', async () => {
    const { summary } = await given([
      deployed('d1', at(10), { environment: 'staging' }),
    ]);
    await expect(summary({ environment: 'stagin' })).rejects.toThrow(
      'There is no environment "stagin"; did you mean staging? Known are production, staging.',
    );
    for (const slice of ['group:default/c', 'system:default/c', STOCK]) {
      await expect(summary({ slice })).rejects.toThrow(`There is no ${slice}`);
    }
    await summary({ environment: 'staging', slice: CART });
  });

  it('goes back so many days from its own today', async () => {
    const { numbers } = await given([], 'Pacific/Auckland');
    const { scope } = await numbers.summary({ days: 30 });
    expect(scope.range).toEqual({ from: '2026-06-02', to: '2026-07-01' });
    await expect(
      numbers.summary({ days: 30, from: '2026-06-01' }),
    ).rejects.toThrow('not both');
  });

  it('gives the same answer until something was computed, and the new one then', async () => {
    const { numbers } = await given([deployed('d1', at(10))]);
    const first = await numbers.summary(JUNE);
    expect(await numbers.summary(JUNE)).toBe(first);
    const { intake, compute } = ledgerOn(db);
    await intake.take([deployed('d2', at(11))], { source: '/test' });
    expect(await numbers.summary(JUNE)).toBe(first);
    await compute();
    const { keys } = await numbers.summary(JUNE);
    expect(keys[0].current).toMatchObject({ n: 2 });
  });

  it('shows the changes that began first, and says how many there are', async () => {
    const names = Array.from({ length: 60 }, (_, index) => `c${100 + index}`);
    const { details } = await given([
      deployed('d0', at(1), { commit: sha('base') }),
      committed('base', at(1, 0)),
      ...names.map((name, index) =>
        committed(name, at(2 + Math.floor(index / 20), index % 20), [
          index === 0 ? 'base' : names[index - 1],
        ]),
      ),
      deployed('d1', at(10), { commit: sha('c159') }),
    ]);
    const read: number[] = [];
    db.on('query-response', (rows: object[], { sql }: { sql: string }) => {
      if (sql.includes('change_facts')) read.push(rows.length);
    });
    const { items } = await details.of(
      { ...JUNE, key: 'lead-time', limit: 10 },
      everything,
    );
    expect(items[0]).toMatchObject({ changesInAll: 60 });
    expect(items[0].changes.map(one => one.change)).toEqual(
      names.slice(0, 50).map(sha),
    );
    // The others are not even read.
    expect(read).toEqual([50]);
  });

  it('leads from how many took how long to what did', async () => {
    const { details, numbers } = await given([
      committed('base', at(1, 0)),
      deployed('d0', at(1), { commit: sha('base') }),
      committed('quick', at(2, 11), ['base']),
      committed('slow', at(1, 1), ['quick']),
      // By a clock that is ahead; it is left out.
      committed('ahead', at(3, 0), ['slow']),
      deployed('d1', at(2), { commit: sha('ahead') }),
      committed('other', at(4, 0), ['ahead']),
      deployed('d2', at(4, 1), { commit: sha('other') }),
      incident('i1', 'detected', at(4, 2)),
      incident('i1', 'resolved', at(4, 7)),
    ]);
    const behind = async (key: Key, took: Took) => {
      const { items } = await details.of(
        { ...JUNE, key, limit: 10, ...took },
        everything,
      );
      return items.map(one => [
        one.deployment,
        ...(key === 'recovery' ? [] : one.changes.map(({ change }) => change)),
        ...[one.changesInAll, one.why],
      ]);
    };
    const { distribution } = await numbers.series({
      ...{ ...JUNE, key: 'lead-time', bucket: 'week' },
    });
    expect(distribution.filter(one => one.n > 0)).toEqual([
      { from: 3_600, to: 6 * 3_600, n: 2 },
      { from: 86_400, to: 3 * 86_400, n: 1 },
    ]);
    expect(
      await behind('lead-time', { atLeast: 3_600, below: 6 * 3_600 }),
    ).toEqual([
      [
        ...['d2', sha('other'), 1],
        'It was the first to bring 1 change that took 1 h or more and less than 6 h.',
      ],
      [
        ...['d1', sha('quick'), 1],
        'It was the first to bring 1 change that took 1 h or more and less than 6 h.',
      ],
    ]);
    expect(await behind('lead-time', { atLeast: 86_400 })).toEqual([
      [
        ...['d1', sha('slow'), 1],
        'It was the first to bring 1 change that took 1 d or more.',
      ],
    ]);
    expect(await behind('lead-time', { below: 3_600 })).toEqual([]);
    expect(await behind('recovery', { below: 6 * 3_600 })).toHaveLength(0);
    expect(await behind('recovery', { atLeast: 6 * 3_600 })).toEqual([
      ['d2', 1, expect.stringContaining('It was repaired after 6 h')],
    ]);
    for (const [asked, wrong] of [
      [{ key: 'rework', below: 60 }, 'rework is no length of time'],
      [{ key: 'recovery', open: true, below: 60 }, 'no length of time yet'],
      [{ key: 'recovery', atLeast: 60, below: 60 }, 'there is nothing'],
    ] as const) {
      await expect(
        details.of({ ...JUNE, limit: 1, ...asked }, everything),
      ).rejects.toThrow(wrong);
    }
  });

  it('leads from a number to its deployments, a page at a time', async () => {
    const { details } = await given(
      Array.from({ length: 5 }, (_, index) => deployed(`d${index}`, at(10))),
    );
    const seen: string[] = [];
    let before: string | undefined;
    do {
      const page = await details.of(
        { ...JUNE, key: 'frequency', limit: 2, before },
        everything,
      );
      seen.push(...page.items.map(one => one.deployment));
      before = page.next;
    } while (before);
    expect(seen).toEqual(['d4', 'd3', 'd2', 'd1', 'd0']);
  });

  it('exports each deployment once, also where those of several environments finished at once', async () => {
    const before = Array.from({ length: 999 }, (_, index) =>
      deployed(`d${index}`, at(9), { environment: 'eu' }),
    );
    const both = ['eu', 'us'].map(environment =>
      deployed('both', at(10), { environment }),
    );
    const { details } = await given([...before, ...both], 'UTC', ['eu', 'us']);
    const found: string[] = [];
    for await (const row of details.all(JUNE, everything)) {
      found.push(row.environment);
    }
    expect(found).toHaveLength(1_001);
    expect(found.slice(-2)).toEqual(['eu', 'us']);
  });

  it('lists and exports of a group only what may be seen of its services', async () => {
    const { details } = await given([
      owned('group:default/a', at(1)),
      owned('group:default/b', at(1), STOCK),
      deployed('d1', at(10)),
      deployed('d2', at(11), { service: STOCK }),
    ]);
    const scope = { ...JUNE, slice: 'group:default/all' };
    const offered: string[][] = [];
    const onlyCart = async (references: () => Promise<string[]>) => {
      offered.push((await references()).sort());
      return [CART];
    };
    const asked = { ...scope, key: 'frequency' as const, limit: 9 };
    const list = async (visible = everything) =>
      (await details.of(asked, visible)).items.map(one => one.deployment);
    const exported = async (visible = everything) => {
      const found: string[] = [];
      for await (const row of details.all(scope, visible)) {
        found.push(row.deployment);
      }
      return found;
    };
    expect(await list()).toEqual(['d2', 'd1']);
    expect(await list(onlyCart)).toEqual(['d1']);
    expect(await exported()).toEqual(['d1', 'd2']);
    expect(await exported(onlyCart)).toEqual(['d1']);
    expect(offered).toEqual([[CART, STOCK].sort(), [CART, STOCK].sort()]);
  });

  it.each([
    ['Pacific/Kiritimati', '2026-05-31T10:00:00Z', '2026-06-01T09:59:59Z'],
    ['Pacific/Pago_Pago', '2026-06-01T11:00:00Z', '2026-06-02T10:59:59Z'],
  ])(
    'lists the first and the last deployment of a day of %s',
    async (timeZone, first, last) => {
      const second = (time: string, by: number) =>
        new Date(Date.parse(time) + by * 1_000).toISOString();
      const { details } = await given(
        [
          deployed('before', second(first, -1)),
          deployed('first', first),
          deployed('last', last),
          deployed('after', second(last, 1)),
        ],
        timeZone,
      );
      const { items } = await details.of(
        { from: '2026-06-01', to: '2026-06-01', key: 'frequency', limit: 9 },
        everything,
      );
      expect(items.map(one => one.deployment)).toEqual(['last', 'first']);
    },
  );

  it('lists of a share both sides, each marked, and commits with their page', async () => {
    const { details, summary } = await given([
      deployed('d1', at(10), { outcome: 'failed', commit: sha('a') }),
      deployed('d2', at(11)),
      deployed('d3', at(12), { service: STOCK, commit: sha('b') }),
      deployed('d4', at(13), { kind: 'rollback' }),
      deployed('d5', at(14), { outcome: 'cancelled' }),
    ]);
    const list = async (key: Key, counts?: boolean) => {
      const asked = { ...JUNE, key, counts, limit: 9 };
      const { items } = await details.of(asked, everything);
      return items.map(one => [one.deployment, one.counts]);
    };
    const rate = await list('change-failure-rate');
    const { current } = (await summary())('change-failure-rate');
    expect(current).toMatchObject({ n: rate.length });
    expect(rate).toEqual([
      ['d3', false],
      ['d2', true],
      ['d1', true],
    ]);
    expect(await list('change-failure-rate', false)).toEqual([['d3', false]]);
    expect(await list('rework', true)).toEqual([['d4', true]]);
    expect((await list('rework', false)).length).toBe(2);
    await expect(list('frequency', true)).rejects.toThrow('counts: of freq');
    const { items } = await details.of(
      { ...JUNE, key: 'change-failure-rate', limit: 9 },
      everything,
    );
    expect(items.map(one => one.commitUrl)).toEqual([
      ...[undefined, undefined],
      `https://git.example/shop/cart/commit/${sha('a')}`,
    ]);
  });

  it('gives changes, incidents and numbers away, as they are shown', async () => {
    const { exported, numbers } = await given([
      deployed('d0', at(1), { commit: sha('base') }),
      committed('base', at(1, 0)),
      committed('one', at(2, 0), ['base'], { title: '=1+1' }),
      committed('two', at(5), ['one']),
      deployed('d1', at(4), { commit: sha('two') }),
      incident('i1', 'detected', at(4, 14)),
      incident('i1', 'resolved', at(4, 15)),
    ]);
    const lines = async (text: AsyncIterable<string>) => {
      const found: string[] = [];
      for await (const line of text) found.push(line.trimEnd());
      return found;
    };
    const onlyStock = async () => [STOCK];
    expect(
      await lines(csvOf(exported.changes(JUNE, everything), changeColumns)),
    ).toEqual([
      'service,environment,deployment,finished_at,owner,change,started_at,lead_time_seconds,counts,example,title,url',
      `${CART},production,d1,2026-06-04T12:00:00.000Z,,${sha(
        'one',
      )},2026-06-02T00:00:00.000Z,216000,true,false,'=1+1,`,
      `${CART},production,d1,2026-06-04T12:00:00.000Z,,${sha(
        'two',
      )},2026-06-05T12:00:00.000Z,-86400,false,false,,`,
    ]);
    expect(
      await lines(csvOf(exported.changes(JUNE, onlyStock), changeColumns)),
    ).toHaveLength(1);
    expect(
      await lines(csvOf(exported.incidents(JUNE, everything), incidentColumns)),
    ).toEqual([
      'service,environment,incident,detected_at,resolved_at,restore_seconds,owner,deployment_id,example,title,url',
      `${CART},production,i1,2026-06-04T14:00:00.000Z,2026-06-04T15:00:00.000Z,3600,,d1,false,,`,
    ]);
    expect(
      await lines(csvOf(exported.incidents(JUNE, onlyStock), incidentColumns)),
    ).toHaveLength(1);
    const rows = await lines(
      csvOf(exported.numbers({ ...JUNE, bucket: 'week' }), numberColumns),
    );
    const { points } = await numbers.series({
      ...{ ...JUNE, key: 'frequency', bucket: 'week' },
    });
    expect(rows.filter(one => one.startsWith('frequency,week'))).toEqual(
      points.map(
        ({ from, to, value, n, days }) =>
          `frequency,week,${from},${to},value,${value},deployments,${n},,,${days},true,,false`,
      ),
    );
    expect(rows).toContain(
      'recovery,range,2026-06-01,2026-06-28,value,10800,seconds,1,10800,10800,,,high,false',
    );
    expect(rows).toContain(
      'lead-time,range before,2026-05-04,2026-05-31,no-data,,seconds,,,,,,,false',
    );
  });

  it('leads from the time to restore to all incidents that it is taken from, whatever caused them', async () => {
    const { incidents, summary } = await given([
      owned('group:default/a', at(1)),
      owned('group:default/b', at(1), STOCK),
      deployed('d1', at(10)),
      incident('caused', 'detected', at(10, 13)),
      incident('caused', 'resolved', at(10, 15)),
      incident('alone', 'detected', at(20, 0), { service: STOCK }),
      incident('alone', 'resolved', at(20, 4), { service: STOCK }),
      incident('open', 'detected', at(21)),
      incident('other', 'detected', at(21, 13), { deployment: 'unknown' }),
      incident('before', 'detected', '2026-05-20T00:00:00Z'),
      incident('before', 'resolved', at(20)),
    ]);
    const { current } = (await summary())('recovery');
    expect(current.state === 'value' && current.beside.at(-1)).toMatchObject({
      ...{ behind: 'incidents', value: 3 * 3_600 },
    });
    const asked = { ...JUNE, limit: 9 };
    const { items } = await incidents.of(asked, everything);
    expect(
      items.map(one => [one.incident, one.counts, one.restoreSeconds]),
    ).toEqual([
      ['other', false, undefined],
      ['open', false, undefined],
      ['alone', true, 4 * 3_600],
      ['caused', true, 2 * 3_600],
    ]);
    expect(items.map(one => one.why)).toEqual([
      expect.stringMatching(/names deployment unknown, which is not known/),
      'It is still open, so it is no part of the median. No deployment is blamed for it.',
      'It was over after 4 h. No deployment is blamed for it.',
      'It was over after 2 h. It makes a failure of deployment d1.',
    ]);
    expect(items[3]).toMatchObject({
      deployment: 'd1',
      owner: 'group:default/a',
    });
    const page = await incidents.of({ ...asked, limit: 1 }, everything);
    const { items: rest } = await incidents.of(
      { ...asked, before: page.next },
      async references => {
        expect((await references()).sort()).toEqual([CART, STOCK]);
        return [CART];
      },
    );
    expect(rest.map(one => one.incident)).toEqual(['open', 'caused']);
    await expect(
      incidents.of({ ...asked, before: '["x"]' }, everything),
    ).rejects.toThrow('"next" of the last answer');
  });

  it('shows failures that are open with their number and age whenever they began up to the end, and lists them', async () => {
    const { details, numbers, summary } = await given([
      owned('group:default/a', '2026-01-01T00:00:00Z'),
      owned('group:default/b', '2026-01-01T00:00:00Z', STOCK),
      deployed('mended', '2026-01-01T12:00:00Z', { outcome: 'failed' }),
      deployed('mends', '2026-01-02T12:00:00Z'),
      deployed('old', '2026-02-20T12:00:00Z', { outcome: 'failed' }),
      deployed('new', at(20), { outcome: 'failed', service: STOCK }),
      deployed('later', at(29), { outcome: 'failed', service: STOCK }),
    ]);
    const open = async (input = {}) => {
      const { current } = (await summary(input))('recovery');
      return current.state === 'no-data' ? [] : current.beside;
    };
    const old = 130 * 86_400;
    expect(await open()).toMatchObject([
      { name: 'still open', value: 2, behind: 'open-failures' },
      { value: old },
    ]);
    expect(await open({ from: '2026-06-27' })).toMatchObject([
      ...[{ value: 2 }, { value: old }],
    ]);
    expect(await open({ slice: 'group:default/b' })).toMatchObject([
      ...[{ value: 1 }, { value: 10 * 86_400 }],
    ]);
    expect(await open({ from: '2026-01-03', to: '2026-01-20' })).toMatchObject([
      { value: 0 },
    ]);
    const openOf = async (visible = everything) => {
      const { rows } = await numbers.teams({ ...JUNE, by: 'owner' }, visible);
      return rows.map(({ ref, measures: { recovery } }) => [
        ...[ref, recovery.state !== 'no-data' && recovery.beside[0].value],
      ]);
    };
    expect(await openOf()).toEqual([
      ['group:default/a', 1],
      ['group:default/all', 2],
      ['group:default/b', 1],
    ]);
    const onlyA: Call['visible'] = async find =>
      (await find()).filter(one => one === 'group:default/a');
    expect(await openOf(onlyA)).toEqual([['group:default/a', 1]]);
    const asked = { ...JUNE, key: 'recovery', limit: 1, open: true } as const;
    const first = await details.of(asked, everything);
    const rest = await details.of({ ...asked, before: first.next }, everything);
    expect([...first.items, ...rest.items].map(one => one.deployment)).toEqual([
      'new',
      'old',
    ]);
    expect(rest.next).toBeUndefined();
    const { items } = await details.of(
      { ...asked, limit: 9, open: undefined },
      everything,
    );
    expect(items.map(one => one.deployment)).toEqual(['new']);
    await expect(
      details.of({ ...asked, key: 'rework' }, everything),
    ).rejects.toThrow('open: rework has none');
  });

  it.each([
    [false, [STOCK, CART]],
    [true, [STOCK]],
  ])(
    'asks who may see only services of what it lists, where open is %s',
    async (open, services) => {
      const { details } = await given([
        deployed('fine', at(9), { service: 'component:default/fine' }),
        deployed('d1', at(10), { outcome: 'failed' }),
        deployed('d2', at(11)),
        deployed('d3', at(20), { outcome: 'failed', service: STOCK }),
      ]);
      const offered: string[][] = [];
      await details.of(
        { ...JUNE, key: 'recovery', limit: 9, open },
        async find => {
          offered.push((await find()).sort());
          return [];
        },
      );
      expect(offered).toEqual([services.sort()]);
    },
  );

  it('says of a recovery that is open that it is no part of the median', async () => {
    const { details, summary } = await given([
      deployed('d1', at(10), { outcome: 'failed' }),
      deployed('d2', at(11)),
      deployed('d3', at(27), { outcome: 'failed' }),
    ]);
    const { current } = (await summary())('recovery');
    expect(current).toMatchObject({ value: 86_400, n: 1 });
    expect(current.state === 'value' && current.beside).toMatchObject([
      { name: 'still open', value: 1 },
      { value: 3 * 86_400 },
    ]);
    const { items } = await details.of(
      { ...JUNE, key: 'recovery', limit: 9 },
      everything,
    );
    expect(items.map(one => [one.deployment, one.counts])).toEqual([
      ['d3', false],
      ['d1', true],
    ]);
    expect(items[0].service).toBe(CART);
  });
});
