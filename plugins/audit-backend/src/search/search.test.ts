import { TestDatabases } from '@backstage/backend-test-utils';
import {
  environmentsOf,
  eventName,
  RecordBody,
  RecordFilter,
} from '@highroad/plugin-audit-common';
import fc from 'fast-check';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { body, DATABASES, openLedger } from '../__testUtils__/ledgers';
import { Visible } from '../access/Visibility';
import { Ledger } from '../service/Ledger';
import { RecordExporter } from './RecordExporter';
import { RecordReader } from './RecordReader';

const migration: { up(knex: Knex): Promise<void> } = jest.requireActual(
  '../../migrations/202611281900_record_environments.js',
);
const databases = TestDatabases.create({ ids: DATABASES });
const START = Date.parse('2026-05-01T00:00:00.000Z');
const HOUR = 3_600_000;
const RUNS = Number(process.env.HIGHROAD_SEARCHES ?? 60);
const SEED = Number(process.env.HIGHROAD_SEED ?? Date.now() % 1_000_000);

const SERVICES = ['component:default/a', 'component:default/b', undefined];
const ACTORS = ['user:default/ann', 'user:default/bob'];
const time = (hour: number) => new Date(START + hour * HOUR).toISOString();

describe.each(databases.eachSupportedId())(
  `searching on %s (HIGHROAD_SEED=${SEED})`,
  databaseId => {
    let knex: Knex;
    let ledger: Ledger;
    let reader: RecordReader;
    let bodies: RecordBody[];
    let now = START;

    /** Forty hours: an action each, its record sealed in the same hour, or hours later if it had to wait. */
    beforeAll(async () => {
      knex = await databases.init(databaseId);
      ledger = openLedger(knex, { now: () => new Date(now) });
      reader = new RecordReader({
        database: async () => knex,
        ...{ head: ledger.head, verifier: ledger.verifier },
        keys: ledger.settings.keys,
        now: () => new Date(now),
      });
      bodies = [];
      const waiting: RecordBody[] = [];
      for (let hour = 0; hour < 40; hour++) {
        now = START + hour * HOUR;
        const intent = body({
          ...{ id: uuidv7({ msecs: now }), at: time(hour) },
          ...{ service: SERVICES[hour % 3], correlation: `c${hour % 7}` },
          actor: { kind: 'user', ref: ACTORS[hour % 2] },
          event: hour % 5 ? 'create' : 'roll-back',
          environment: hour % 4 ? 'staging' : 'production',
          // Of some, what was done in several is said beside.
          ...(hour % 9 === 4 && {
            environment: undefined,
            meta: { environments: ['staging', 'preview-1', 'staging', 7] },
          }),
          ...((hour % 9 === 5 || hour % 9 === 3) && {
            meta: {
              environments: ['production', 'preview-1'],
              keys: ['API_KEY', 'TOKEN'],
            },
          }),
          // What says something like it is not about it.
          ...(hour % 9 === 0 && {
            meta: { key: 'API_KEY' },
            reason: '"key":"TOKEN"',
          }),
          ...(hour % 9 === 6 && {
            meta: { key: 'APIxKEY', keys: ['MY_API_KEY'], to: ['API_KEY'] },
          }),
          door: hour % 2 ? 'cli' : 'portal',
        });
        const all: RecordBody[] = [intent];
        if (hour % 6 !== 5) {
          all.push({
            ...intent,
            ...{ id: uuidv7({ msecs: now }), phase: 'outcome' },
            ...{ intent: intent.id, startedAt: intent.at },
            outcome: hour % 3 ? 'succeeded' : 'failed',
          });
        }
        // Of some, the outcome comes before its intent.
        if (hour % 8 === 3) waiting.push(...all.splice(0, 1));
        if (hour % 8 === 4) waiting.push(...all.splice(0));
        if (hour % 8 === 7) all.push(...waiting.splice(0));
        for (const one of all) await ledger.intake.write(one);
        bodies.push(...all);
        await ledger.loop.turn();
      }
      for (const one of waiting) await ledger.intake.write(one);
      bodies.push(...waiting);
      await ledger.loop.turn();
    });

    const keysOf = ({ meta }: RecordBody) =>
      [meta?.key, meta?.keys].flat().filter(one => one !== undefined);
    const ended = (one: RecordBody) =>
      bodies.some(({ intent }) => intent === one.id);

    function fits(one: RecordBody, filter: RecordFilter): boolean {
      const { service, actor, event, door, outcome, since, until } = filter;
      const { environment, correlation, key } = filter;
      return (
        (!service || one.service === service) &&
        (!environment || environmentsOf(one).includes(environment)) &&
        (!correlation || one.correlation === correlation) &&
        (!key || keysOf(one).includes(key)) &&
        (!actor || one.actor.ref === actor) &&
        (!event || eventName(one) === event) &&
        (!door || one.door === door) &&
        (!since || one.at >= since) &&
        (!until || one.at < until) &&
        (!outcome || outcome === 'open' || one.outcome === outcome) &&
        (outcome !== 'open' || (one.phase === 'intent' && !ended(one)))
      );
    }

    /** Without the intents whose outcomes are there too. */
    const withoutEnded = (found: RecordBody[]) =>
      found.filter(({ id }) => !found.some(({ intent }) => intent === id));

    function isSeen(one: RecordBody, visible: Visible): boolean {
      if (visible === 'all') return true;
      if (visible === 'none') return false;
      if ('allOf' in visible) return visible.allOf.every(v => isSeen(one, v));
      if ('anyOf' in visible) return visible.anyOf.some(v => isSeen(one, v));
      if ('not' in visible) return !isSeen(one, visible.not);
      const value = visible.column === 'service' ? one.service : one.actor.ref;
      return value !== undefined && visible.oneOf.includes(value);
    }

    const maybe = <T>(arbitrary: fc.Arbitrary<T>) =>
      fc.option(arbitrary, { nil: undefined, freq: 2 });
    const hours = fc.integer({ min: -2, max: 42 }).map(time);
    const filters: fc.Arbitrary<RecordFilter> = fc
      .record({
        service: maybe(
          fc.constantFrom(...SERVICES.filter(s => s !== undefined)),
        ),
        environment: maybe(
          fc.constantFrom('staging', 'production', 'preview-1', 'none'),
        ),
        actor: maybe(fc.constantFrom(...ACTORS)),
        event: maybe(fc.constantFrom('deployments.create', 'x')),
        door: maybe(fc.constantFrom('cli' as const, 'portal' as const)),
        outcome: maybe(
          fc.constantFrom(
            'succeeded' as const,
            'failed' as const,
            'open' as const,
          ),
        ),
        correlation: maybe(fc.constantFrom('c1', 'c2')),
        key: maybe(fc.constantFrom('API_KEY', 'TOKEN', 'KEY')),
        since: maybe(hours),
        until: maybe(hours),
      })
      // Of a key, its service is named too.
      .map(({ key, ...filter }) => ({
        ...filter,
        ...(filter.service && { key }),
      }));
    const { visible: visibles } = fc.letrec<{ visible: Visible }>(tie => ({
      visible: fc.oneof(
        { maxDepth: 3 },
        fc.constantFrom<Visible>(
          ...(['all', 'none'] as const),
          { column: 'service', oneOf: [] },
          { column: 'service', oneOf: ['component:default/a'] },
          { column: 'actor', oneOf: ['user:default/ann'] },
        ),
        fc.record({ not: tie('visible') }),
        fc.record({ allOf: fc.array(tie('visible'), { maxLength: 3 }) }),
        fc.record({
          anyOf: fc.array(tie('visible'), { maxLength: 3 }),
        }),
      ),
    }));

    it('has a chain that verifies, whatever came in which order', async () => {
      expect(await ledger.verifier.verify(knex)).toMatchObject({
        ...{ ok: true, checked: bodies.length },
      });
    });

    it('finds exactly what fits and may be seen, newest first, in pages of any size', async () => {
      let found = 0;
      await fc.assert(
        fc.asyncProperty(
          filters,
          visibles,
          fc.integer({ min: 1, max: 30 }),
          async (filter, visible, limit) => {
            const expected = withoutEnded(
              bodies.filter(one => fits(one, filter) && isSeen(one, visible)),
            ).map(({ id }) => id);
            const pages: Array<{ id: string; seq: number }> = [];
            let before: number | undefined;
            do {
              const page = await reader.search(filter, visible, {
                limit,
                before,
              });
              expect(page.items.length).toBeLessThanOrEqual(limit);
              pages.push(...page.items);
              before = page.next;
            } while (before !== undefined);
            expect(pages.map(({ id }) => id).sort()).toEqual(expected.sort());
            const seqs = pages.map(({ seq }) => seq);
            expect(seqs).toEqual([...seqs].sort((a, b) => b - a));
            found += pages.length;
          },
        ),
        { numRuns: RUNS, seed: SEED },
      );
      expect(found).toBeGreaterThan(0);
    });

    it('finds, follows and exports what was done in several environments by each of them', async () => {
      const filter = { environment: 'preview-1' };
      const expected = bodies.filter(one => fits(one, filter));
      expect(expected.length).toBeGreaterThan(5);
      const { signal } = new AbortController();
      const { items } = await reader.tail(filter, 'all', {
        ...{ after: 0, limit: 200, waitMs: 0, signal },
      });
      const exporter = new RecordExporter({
        ...{ database: async () => knex, keys: ledger.settings.keys },
        ...{ verifier: ledger.verifier, now: () => new Date(now) },
      });
      let csv = '';
      for await (const piece of exporter.csv(filter, 'all')) csv += piece;
      const lines = csv.split('\r\n').slice(1, -1);
      const ids = expected.map(({ id }) => id).sort();
      expect(items.map(({ id }) => id).sort()).toEqual(ids);
      expect(items.every(({ suspect }) => !suspect)).toBe(true);
      expect(lines.map(line => line.split(',')[1]).sort()).toEqual(ids);
      expect(csv).toContain('"staging, preview-1"');
    });

    it('finds what was done to one key of a service, and nothing that only looks like it', async () => {
      const asked = { service: 'a', key: 'API_KEY' };
      const found = async () => {
        const page = await reader.search(asked, 'all', { limit: 200 });
        return page.items.map(({ id }) => id).sort();
      };
      const filter = { ...asked, service: 'component:default/a' };
      const expected = withoutEnded(bodies.filter(one => fits(one, filter)));
      expect(expected.length).toBeGreaterThan(1);
      const ids = expected.map(({ id }) => id).sort();
      expect(await found()).toEqual(ids);
      // What somebody made unreadable keeps nothing else from being found.
      const [{ seq, body: text }] = await knex('records').limit(1);
      await knex('records')
        .where({ seq })
        .update({ body: `${text}{` });
      expect(await found()).toEqual(expect.arrayContaining(ids.slice(1)));
      await knex('records').where({ seq }).update({ body: text });
      await expect(
        reader.search({ key: 'API_KEY' }, 'all', { limit: 1 }),
      ).rejects.toThrow('key: name the service too');
    });

    it('finds those of before that was searched for, once the tables are brought up to date', async () => {
      const filter = { environment: 'preview-1' };
      const page = { limit: 200 };
      const before = await reader.search(filter, 'all', page);
      await knex('record_environments').delete();
      expect((await reader.search(filter, 'all', page)).items).toEqual([]);
      // What somebody made unreadable must not keep the tables from being brought up to date.
      const [{ seq, body: text }] = await knex('records').limit(1);
      const broken = `${text} "environments":[`;
      await knex('records').where({ seq }).update({ body: broken });
      await knex.schema.dropTable('record_environments');
      await migration.up(knex);
      await knex('records').where({ seq }).update({ body: text });
      expect(await reader.search(filter, 'all', page)).toEqual(before);
    });

    it('finds what began within a time, also if it ended after that', async () => {
      const began = START + 45 * HOUR;
      const minutes = (count: number) =>
        new Date(began + count * 60_000).toISOString();
      now = began + HOUR;
      const intent = body({ id: uuidv7({ msecs: began }), at: minutes(0) });
      const outcome: RecordBody = {
        ...intent,
        ...{ id: uuidv7({ msecs: now }), phase: 'outcome', at: minutes(30) },
        ...{ intent: intent.id, startedAt: intent.at, outcome: 'succeeded' },
      };
      for (const one of [intent, outcome]) await ledger.intake.write(one);
      bodies.push(intent, outcome);
      await ledger.loop.turn();
      const found = async (since: number, until: number) => {
        const window = { since: minutes(since), until: minutes(until) };
        const { items } = await reader.search(window, 'all', { limit: 10 });
        return items.map(({ id }) => id);
      };
      expect(await found(-10, 10)).toEqual([intent.id]);
      expect(await found(20, 40)).toEqual([outcome.id]);
      expect(await found(-10, 40)).toEqual([outcome.id]);
    });

    it('follows in order, from any place, without missing any', async () => {
      const { signal } = new AbortController();
      const seen: string[] = [];
      let after = 0;
      for (;;) {
        const { items, next } = await reader.tail({}, 'all', {
          ...{ after, limit: 7, waitMs: 0, signal },
        });
        if (items.length === 0) break;
        seen.push(...items.map(({ id }) => id));
        after = next;
      }
      expect(seen.sort()).toEqual(bodies.map(({ id }) => id).sort());
    });

    it('stops waiting when the one who waits has gone', async () => {
      const leaving = new AbortController();
      const { next: after } = await reader.tail({}, 'all', {
        ...{ limit: 1, waitMs: 0, signal: leaving.signal },
      });
      const waiting = reader.tail({}, 'all', {
        ...{ after, limit: 1, waitMs: 25_000, signal: leaving.signal },
      });
      leaving.abort();
      expect(await waiting).toEqual({ items: [], next: after });
    });
  },
);
