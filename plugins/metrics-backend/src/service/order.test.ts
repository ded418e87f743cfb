import { TestDatabases } from '@backstage/backend-test-utils';
import { MetricEvent } from '@highroad/plugin-metrics-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import {
  allFacts,
  CART,
  committed,
  deployed,
  event,
  incident,
  ledgerOn,
  merged,
  migrate,
  owned,
  settings,
  sha,
  STOCK,
} from '../__testUtils__/ledger';
import { timely } from '../__testUtils__/timely';
import { computeFacts } from '../facts/computeFacts';

/** More for a soak: HIGHROAD_PERMUTATIONS=10000 */
const RUNS = Number(process.env.HIGHROAD_PERMUTATIONS ?? 200);
const STORED_RUNS = Math.max(8, Math.floor(RUNS / 50));
const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

jest.setTimeout(600_000 + RUNS * 1_000);

const hour = (number: number) =>
  new Date(
    Date.parse('2026-03-20T00:00:00Z') + number * 3_600_000,
  ).toISOString();
/** When what is told comes, and what a clock says that is far ahead. */
const afterStart = (minutes: number) =>
  new Date(Date.parse('2026-06-30T12:00:00Z') + minutes * 60_000);
const AHEAD = '2027-01-01T00:00:00.000Z';
/** All environments are production, so that incidents may be of any. */
const everywhere = { ...settings, isProduction: () => true };
const hours = fc.integer({ min: 0, max: 24 * 20 });
const some = fc.nat({ max: 9 });
const services = fc.constantFrom(CART, STOCK);
/** Mostly none. */
const corrections = fc.constantFrom(undefined, undefined, undefined, 1, 2);

/**
 * Anything that may be told: deployments that repeat versions, and are corrected, reverts, commits by clocks that are ahead, incidents that
 * end before they began, and what adoption is counted from.
 */
const told: fc.Arbitrary<MetricEvent> = fc.oneof(
  fc
    .record({
      ...{ at: hours, id: some, commit: some, version: fc.nat({ max: 4 }) },
      outcome: fc.constantFrom('succeeded', 'succeeded', 'failed', 'cancelled'),
      kind: fc.constantFrom('deploy', 'deploy', 'rollback'),
      undoes: fc.option(some, { nil: undefined }),
      fixes: fc.option(some, { nil: undefined, freq: 2 }),
      // Also of what failed, or applied nothing.
      unplanned: fc.boolean(),
      applied: fc.boolean(),
      revision: corrections,
      service: services,
      environment: fc.constantFrom('production', 'staging'),
    })
    .map(({ at, id, commit, version, undoes, fixes, ...rest }) =>
      deployed(`d${id}`, hour(at), {
        ...rest,
        commit: sha(`c${commit}`),
        ...(version > 0 && { version: `${version}` }),
        ...(undoes !== undefined && { undoes: `d${undoes}` }),
        ...(fixes !== undefined && { fixes: [`d${fixes}`] }),
      }),
    ),
  fc
    .record({
      at: hours,
      id: some,
      reverts: fc.option(some, { nil: undefined }),
      service: services,
      // By whose clock it is written, and told.
      ahead: fc.constantFrom('neither', 'neither', 'told', 'both'),
    })
    .map(({ at, id, reverts, service, ahead }) => ({
      ...committed(
        `c${id}`,
        ahead === 'both' ? AHEAD : hour(at),
        id > 0 ? [`c${id - 1}`] : [],
        {
          service,
          title: id === 7 ? 'hotfix' : 'Work',
          ...(reverts !== undefined && { reverts: [sha(`c${reverts}`)] }),
        },
      ),
      ...(ahead !== 'neither' && { time: AHEAD }),
    })),
  fc
    .record({ at: hours, id: some, service: services })
    .map(({ at, id, service }) =>
      merged(`${id}`, hour(at), {
        ...{ service, mergeCommit: sha(`c${id}`), firstCommitAt: hour(at - 5) },
      }),
    ),
  fc
    .record({
      ...{ at: hours, id: some, service: services },
      kind: fc.constantFrom('detected' as const, 'resolved' as const),
      deployment: fc.option(some, { nil: undefined }),
      // Nobody says in which environment it is.
      ofProduction: fc.constantFrom(undefined, undefined, true),
    })
    .map(({ at, id, kind, service, ofProduction, deployment }) =>
      incident(`i${id}`, kind, hour(at), {
        ...{ service, ofProduction },
        ...(deployment !== undefined && { deployment: `d${deployment}` }),
      }),
    ),
  fc
    .record({ at: hours, owner: fc.constantFrom('a', 'b'), service: services })
    .map(({ at, owner, service }) =>
      owned(`group:default/${owner}`, hour(at), service),
    ),
  fc
    .record({ at: hours, template: fc.constantFrom('t', undefined) })
    .chain(one => services.map(service => ({ ...one, service })))
    .map(({ at, ...data }) =>
      event('com.myorg.platform.service.created.1', hour(at), data),
    ),
  fc
    .record({
      ...{ at: hours, id: some, service: services },
      type: fc.constantFrom(
        ...(['created', 'created', 'closed'] as const).map(
          one => `dev.cdevents.ticket.${one}.0.1.0` as const,
        ),
      ),
      kind: fc.constantFrom('ops', 'bug'),
    })
    .map(({ at, id, type, ...data }) =>
      event(type, hour(at), { ...data, ticket: `t${id}` }),
    ),
  fc
    .record({
      ...{ at: hours, id: some, lasts: hours, service: services },
      type: fc.constantFrom(
        ...(['added', 'ended'] as const).map(
          one => `com.myorg.platform.deviation.${one}.1` as const,
        ),
      ),
    })
    .map(({ at, id, lasts, type, service }) =>
      event(type, hour(at), {
        ...{ service, deviation: `v${id}`, guardrail: `g${id % 3}` },
        ...{ environment: 'production', expiresAt: hour(at + lasts) },
      }),
    ),
);

/** As things happen, some late or again: mostly gone on with, piece by piece. */
const timelyOrders = timely.chain(events =>
  fc.record({
    events: fc.constant(events),
    shuffled: fc.constant([...events, ...events.slice(0, 5)]),
    cuts: fc.array(fc.constantFrom(1, 2, 4, 8), {
      ...{ minLength: 50, maxLength: 50 },
    }),
  }),
);

/** The same events twice: in the order of their making, and in any order with some again. */
const orders = fc.array(told, { minLength: 1, maxLength: 40 }).chain(events =>
  fc.record({
    events: fc.constant(events),
    shuffled: fc.shuffledSubarray([...events, ...events.slice(0, 10)], {
      minLength: events.length + Math.min(10, events.length),
    }),
    cuts: fc.array(fc.integer({ min: 1, max: 9 }), {
      minLength: 50,
      maxLength: 50,
    }),
  }),
);

/** As the ledger has them, where one comes each minute. */
const asTaken = (events: MetricEvent[]) =>
  events.map((one, minutes) => ({
    ...one,
    ...(one.time === AHEAD && { time: afterStart(minutes).toISOString() }),
    example: false,
  }));

it('has the facts of a service follow from what was told, not from its order', () => {
  const of = (events: MetricEvent[]) =>
    computeFacts(
      CART,
      asTaken(events).filter(one => one.data.service === CART),
      everywhere,
    );
  const once = (events: MetricEvent[]) => [...new Set(events)];
  fc.assert(
    fc.property(orders, ({ events, shuffled }) => {
      expect(of(once(shuffled))).toEqual(of(events));
    }),
    { numRuns: RUNS, verbose: true },
  );
});

it('never counts more failures than deployments', () => {
  fc.assert(
    fc.property(orders, ({ events }) => {
      const { daily } = computeFacts(
        CART,
        events
          .filter(one => one.data.service === CART)
          .map(one => ({ ...one, example: false })),
        settings,
      );
      for (const one of daily) {
        expect(one.failed).toBeLessThanOrEqual(one.completed);
        expect(one.rework).toBeLessThanOrEqual(one.successful);
      }
    }),
    { numRuns: RUNS, verbose: true },
  );
});

describe.each(databases.eachSupportedId())('the ledger, on %s', databaseId => {
  let db: Knex;
  beforeAll(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterAll(() => db.destroy());

  const empty = async () => {
    for (const table of [
      ...['ledger', 'source_kinds', 'dirty', 'fresh', 'quarantine'],
    ]) {
      await db(table).delete();
    }
    for (const table of Object.keys(await allFacts(db)))
      await db(table).delete();
  };

  it('gives the same facts for late, repeated and disordered events as when all is computed anew', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.oneof(orders, timelyOrders),
        async ({ events, shuffled, cuts }) => {
          await empty();
          let minutes = 0;
          const { intake, compute, work } = ledgerOn(db, {
            settings: everywhere,
            now: () => afterStart(minutes),
          });
          let from = 0;
          for (const cut of cuts) {
            minutes += 1;
            await intake.take(shuffled.slice(from, from + cut), {
              source: '/t',
            });
            await compute();
            from += cut;
            if (from >= shuffled.length) break;
          }
          await intake.take(shuffled.slice(from), { source: '/t' });
          await compute();
          const byPieces = await allFacts(db);
          await work.recompute('2026-06-30T12:00:00.000Z');
          await compute();
          expect(await allFacts(db)).toEqual(byPieces);

          await empty();
          await intake.take(events, { source: '/t' });
          await compute();
          expect(await allFacts(db)).toEqual(byPieces);
        },
      ),
      { numRuns: STORED_RUNS, verbose: true },
    );
  });
});
