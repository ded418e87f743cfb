import { MetricEvent } from '@highroad/plugin-metrics-common';
import fc from 'fast-check';
import {
  CART,
  committed,
  deployed,
  event,
  settings as usual,
  sha,
} from '../../__testUtils__/ledger';
import { timely } from '../../__testUtils__/timely';
import { aboutOf } from '../about';
import { computeFacts } from '../computeFacts';
import { dailyFacts } from '../dailyFacts';
import { versionOf } from '../deployNext';
import { Facts } from '../Facts';
import { Before } from './Before';
import { goOn } from './goOn';
import { LedgerEvent } from '../ServiceEvents';
import { MOST_WAITING } from '../ServiceState';

/** More for a soak: HIGHROAD_PERMUTATIONS=10000 */
const RUNS = Number(process.env.HIGHROAD_PERMUTATIONS ?? 200);

jest.setTimeout(600_000 + RUNS * 1_000);

/** All environments are production, so that incidents of which nobody says where they are may be of any. */
const settings = { ...usual, isProduction: () => true };

/** What goes on in a database otherwise. */
class Told {
  readonly events: LedgerEvent[] = [];
  facts: Facts = computeFacts(CART, [], settings);
  readonly ways = { continued: 0, anew: 0 };

  tell(more: LedgerEvent[]): void {
    const { state } = this.facts;
    const one = state && goOn(CART, state, more, this.#before(), settings);
    this.events.push(...more);
    if (!one) {
      this.ways.anew += 1;
      this.facts = computeFacts(CART, this.events, settings);
      return;
    }
    this.ways.continued += 1;
    const { deployments, changes, incidents } = this.facts;
    const facts = {
      deployments: replaced(deployments, one.deployments, 'deployment'),
      changes: replaced(changes, one.changes, 'change'),
      incidents: replaced(incidents, one.incidents, 'incident'),
    };
    this.facts = {
      ...facts,
      daily: dailyFacts(facts),
      ...{ state: one.state, service: one.state.fact },
      wanted: [...new Set([...this.facts.wanted, ...one.wanted])].sort(),
    };
  }

  #before(): Before {
    const { deployments, incidents, wanted } = this.facts;
    const abouts = new Set(this.events.map(aboutOf));
    return {
      told: about => abouts.has(about),
      wanted: about => wanted.includes(about),
      ranSince: (environment, version) =>
        deployments
          .filter(
            one =>
              one.successful &&
              one.environment === environment &&
              versionOf(one) === version,
          )
          .map(one => one.finishedAt)
          .sort()
          .at(0),
      deployment: (environment, id) =>
        deployments.find(
          one => one.environment === environment && one.deployment === id,
        ),
      incident: (environment, id) =>
        incidents.find(
          one => one.environment === environment && one.incident === id,
        ),
    };
  }
}

function replaced<T extends { environment: string }, K extends keyof T>(
  old: T[],
  changed: T[],
  id: K,
): T[] {
  const key = (one: T) => JSON.stringify([one.environment, one[id]]);
  return [
    ...new Map([...old, ...changed].map(one => [key(one), one])).values(),
  ];
}

/** The same in one order, and as it is when it was stored. */
function stored(facts: Facts): unknown {
  const sorted = (list: object[]) =>
    list.map(one => JSON.stringify(Object.entries(one).sort())).sort();
  const { deployments, changes, incidents, daily, ...rest } = facts;
  return JSON.parse(
    JSON.stringify({
      ...{ deployments: sorted(deployments), changes: sorted(changes) },
      ...{ incidents: sorted(incidents), daily: sorted(daily), ...rest },
    }),
  );
}

describe('goOn', () => {
  it('gives the same as computing all anew, in whatever pieces it is told', () => {
    const ways = { continued: 0, anew: 0 };
    const cuts = fc.array(fc.constantFrom(1, 1, 1, 2, 6), {
      ...{ minLength: 60, maxLength: 60 },
    });
    fc.assert(
      fc.property(timely, cuts, (events, sizes) => {
        const told = new Told();
        const rest: LedgerEvent[] = events.map(ledgerEvent);
        for (const [at, size] of sizes.entries()) {
          told.tell(rest.splice(0, size));
          if (rest.length > 0 && at % 8 < 7) continue;
          expect(stored(told.facts)).toEqual(
            stored(computeFacts(CART, told.events, settings)),
          );
          if (rest.length === 0) break;
        }
        ways.continued += told.ways.continued;
        ways.anew += told.ways.anew;
      }),
      // Finding a shorter example would take minutes.
      { numRuns: RUNS, endOnFailure: true },
    );
    // Otherwise it would say nothing.
    expect(ways.continued).toBeGreaterThan(ways.anew);
  });

  it.each([
    ['a version', (name: string) => ({ version: name })],
    ['a commit', (name: string) => ({ commit: sha(name) })],
  ])(
    'sees %s come back, and be tried once more, where all are told at once',
    (_, data) => {
      const told = new Told();
      const runs = (names: string, from: number) =>
        [...names].map((name, at) =>
          ledgerEvent(deployed(`d${from + at}`, hour(from + at), data(name))),
        );
      told.tell(runs('a', 0));
      told.tell(runs('bcbc', 1));
      expect(told.ways).toEqual({ continued: 1, anew: 1 });
      expect(told.facts.deployments.map(one => one.kind)).toEqual([
        ...['deploy', 'deploy', 'deploy', 'rollback', 'deploy'],
      ]);
      expect(stored(told.facts)).toEqual(
        stored(computeFacts(CART, told.events, settings)),
      );
    },
  );

  it.each([
    ['within the time after', '2026-05-01T12:00:00Z', true],
    ['later', '2026-06-20T12:00:00Z', false],
  ])(
    'notes whether something is deployed around the onboarding: %s',
    (_, time, active) => {
      const told = new Told();
      told.tell([
        ledgerEvent(
          event('com.myorg.platform.service.owned.1', '2026-03-01T12:00:00Z', {
            owner: 'group:default/a',
            template: 'service',
          }),
        ),
        // Before the time before.
        ledgerEvent(deployed('d0', '2025-06-01T12:00:00Z')),
      ]);
      expect(told.facts.service).toMatchObject({ active: false });
      told.tell([ledgerEvent(deployed('d1', time))]);
      expect(told.ways).toEqual({ continued: 1, anew: 1 });
      expect(told.facts.service).toMatchObject({ active });
      expect(stored(told.facts)).toEqual(
        stored(computeFacts(CART, told.events, settings)),
      );
    },
  );

  describe('with many commits', () => {
    const made = (at: number, time = hour(at)) =>
      ledgerEvent(committed(nameOf(at), time, [nameOf(at - 1)]));
    const brought = (at: number, time = hour(at + 1)) =>
      ledgerEvent(deployed(`d${at}`, time, { commit: sha(nameOf(at)) }));
    const begun = () => {
      const told = new Told();
      told.tell([made(0), brought(0)]);
      return told;
    };
    const upTo = (count: number) =>
      Array.from({ length: count }, (_, at) => at + 1);

    it('goes on where they are told at once with what deploys them', () => {
      const told = begun();
      const numbers = upTo(MOST_WAITING + 100);
      told.tell(
        numbers.flatMap(at =>
          at % 3 === 0 ? [made(at), brought(at)] : [made(at)],
        ),
      );
      expect(told.ways).toEqual({ continued: 1, anew: 1 });
      const whole = computeFacts(CART, told.events, settings);
      expect(stored(told.facts)).toEqual(stored(whole));
      expect(whole.changes).toHaveLength(numbers.length);
    });

    it('computes all anew at the deployment of more than are kept waiting', () => {
      const told = begun();
      const waiting = () => told.facts.state?.environments.production.waiting;
      told.tell(upTo(MOST_WAITING).map(at => made(at, hour(2))));
      expect(waiting()).toHaveLength(MOST_WAITING);
      told.tell([made(MOST_WAITING + 1, hour(2))]);
      expect(waiting()).toBeUndefined();
      expect(told.ways).toEqual({ continued: 2, anew: 1 });
      expect(stored(told.facts)).toEqual(
        stored(computeFacts(CART, told.events, settings)),
      );
      told.tell([brought(MOST_WAITING + 1)]);
      expect(told.ways).toEqual({ continued: 2, anew: 2 });
      expect(told.facts.deployments.at(-1)?.changes).toBe(MOST_WAITING + 1);
    });
  });
});

/** Of one length, as hashes of the test are made of the first characters. */
function nameOf(at: number): string {
  return `c${1_000 + at}`;
}

function hour(at: number): string {
  return new Date(Date.UTC(2026, 2, 20, at)).toISOString();
}

function ledgerEvent(one: MetricEvent): LedgerEvent {
  return { ...one, example: false };
}
