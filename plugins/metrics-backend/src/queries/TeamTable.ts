import {
  bucketsOf,
  Key,
  Scope,
  ScopeInput,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Answers } from './Answers';
import { Day, Days } from './Day';
import { KnownValues } from './KnownValues';
import { Material, partlyIn } from './Material';
import { By, NumberStore, SampleKind } from './NumberStore';
import { startsOf } from './points';
import { inOrder, RowOrder } from './rowOrder';
import { Resolved, Scopes } from './Scopes';
import { Known, NONE_OPEN, OpenFailures, valueOf } from './values';

export interface Teams {
  scope: Scope;
  rows: TeamRow[];
  total: number;
}
export type TeamsInput = ScopeInput &
  Partial<RowOrder> & { by: By; offset?: number; limit?: number };

/** Answers with the numbers of owners, systems or services beside one another. */
export class TeamTable {
  readonly #answers: Answers<Teams>;
  readonly #knownValues = new KnownValues();
  readonly #material: Material;
  readonly #scopes: Scopes;
  readonly #store: NumberStore;

  constructor(options: {
    material: Material;
    now: () => Date;
    scopes: Scopes;
    store: NumberStore;
  }) {
    this.#answers = new Answers(options);
    this.#material = options.material;
    this.#scopes = options.scopes;
    this.#store = options.store;
  }

  /**
   * A row for each owner, system or service that did anything in the range, or has a failure from before that is open. That of a group
   * is of all that is within it, as its own page is, so that groups above have rows too.
   *
   * @param input.limit - all rows if left out
   * @param visible - others are left out, and are not counted
   */
  async rows(
    input: TeamsInput,
    visible: Call['visible'] = async () => undefined,
  ): Promise<Teams> {
    const resolved = await this.#scopes.resolve(input);
    const { by, sort = 'name', order = 'asc', offset = 0, limit } = input;
    const refsOf = await this.#refsOf(by, resolved);
    const seen = await visible(async () => {
      const { parts, open } = await this.#parts(resolved, {
        ...{ by, refsOf, samples: [] },
      });
      return refsIn(parts, open).filter(Boolean);
    });
    const page = { offset, limit };
    const asked = JSON.stringify([by, sort, order, page, seen]);
    return this.#answers.of(await this.#material.state(resolved, asked), () =>
      this.#rowsOf(resolved, { by, refsOf, sort, order, ...page, seen }),
    );
  }

  async #rowsOf(
    resolved: Resolved,
    asked: RowOrder & {
      by: By;
      refsOf: RefsOf;
      offset: number;
      limit?: number;
      seen?: string[];
    },
  ): Promise<Teams> {
    const { filter, range } = resolved;
    const { by, refsOf, offset, limit, seen, ...order } = asked;
    const time = this.#material.time(resolved);
    const [known, times, { parts, open }, scope] = await Promise.all([
      this.#material.known(resolved, time),
      this.#store.times.by(by, resolved, refsOf),
      this.#parts(resolved, {
        ...{ by, refsOf, samples: ['leads', 'recoveries'] },
      }),
      this.#material.scope(resolved, time),
    ]);
    // Days of services are many, and mostly none of them is of an example.
    const own = scope.example
      ? await this.#store.examples(filter, range, by)
      : [];
    const examples = new Set([...own].flatMap(refsOf));
    const allowed = seen && new Set(seen);
    const refs = refsIn(parts, open).filter(ref => allowed?.has(ref) ?? true);
    const knownOf = (ref: string): Known => ({
      ...known,
      from: times.get(ref)?.from,
    });
    const countedFrom = new Map<string | undefined, Days | undefined>();
    const countedOf = (its: Known) => {
      const { from } = its;
      if (!countedFrom.has(from)) {
        countedFrom.set(from, this.#material.counted(range, its, resolved));
      }
      return countedFrom.get(from);
    };
    const valueOfRow = (key: Key) => {
      const { deployments, commits } = known;
      const of = this.#knownValues.of(
        JSON.stringify([key, by, filter, range, deployments, commits]),
      );
      return (ref: string) => {
        const its = knownOf(ref);
        const counted = countedOf(its);
        return of(`${counted?.from} ${ref}`, parts.get(ref) ?? [], days =>
          valueOf(key, days, { counted, known: its }),
        );
      };
    };
    // Only what is sorted by is found of all.
    const shown = inOrder(refs, order, valueOfRow).slice(
      offset,
      limit === undefined ? undefined : offset + limit,
    );
    const weeks = bucketsOf(range.from, range.to, 'week');
    const weekOf = startsOf('week');
    const rows = shown.map((ref): TeamRow => {
      const days = parts.get(ref) ?? [];
      const its = knownOf(ref);
      const measured = (key: Key) =>
        this.#material.measure(key, days, {
          ...{ known: its, resolved, days: range },
          open: open.get(ref) ?? NONE_OPEN,
        }).measure;
      const inWeek = new Map<string, number>();
      for (const { day, delivered } of days) {
        const week = weekOf(day);
        inWeek.set(week, (inWeek.get(week) ?? 0) + delivered);
      }
      const counted = countedOf(its);
      const partly = partlyIn(times.get(ref), range);
      return {
        ref,
        measures: {
          frequency: measured('frequency'),
          'lead-time': measured('lead-time'),
          'change-failure-rate': measured('change-failure-rate'),
          recovery: measured('recovery'),
          rework: measured('rework'),
        },
        // Of which nothing is known, there is no number, not even 0.
        trend: weeks.map(({ from, to }) =>
          counted && to >= counted.from && from <= counted.to
            ? inWeek.get(from) ?? 0
            : null,
        ),
        ...(partly && { partly }),
        ...(examples.has(ref) && { example: true }),
      };
    });
    return { scope, rows, total: refs.length };
  }

  /** Where what an owner, a system or a service has counts, within the slice. */
  async #refsOf(by: By, { filter }: Resolved): Promise<RefsOf> {
    if (by !== 'owner') return ref => [ref];
    const around = await this.#scopes.groupsAround();
    const allowed = filter.owners && new Set(filter.owners);
    return ref =>
      ref ? around(ref).filter(one => allowed?.has(one) ?? true) : [ref];
  }

  /** Days, and failures that are open, of each row. */
  async #parts(
    { filter, range }: Resolved,
    about: { by: By; refsOf: RefsOf; samples: SampleKind[] },
  ) {
    const { by, refsOf, samples } = about;
    const [days, failures] = await Promise.all([
      this.#store.days(filter, range, { by, samples }),
      this.#store.openFailures(filter, range.to, by),
    ]);
    const parts = new Map<string, Day[]>();
    for (const [own, list] of days) {
      for (const ref of refsOf(own)) {
        const others = parts.get(ref);
        parts.set(ref, others ? [...others, ...list] : list);
      }
    }
    const open = new Map<string, OpenFailures>();
    for (const [own, one] of failures) {
      for (const ref of refsOf(own)) {
        open.set(ref, bothOpen(open.get(ref) ?? NONE_OPEN, one));
      }
    }
    return { parts, open };
  }
}

/** Where what an owner, a system or a service has counts. */
type RefsOf = (ref: string) => string[];

function refsIn(...parts: Array<Map<string, unknown>>): string[] {
  return [...new Set(parts.flatMap(one => [...one.keys()]))];
}

function bothOpen(one: OpenFailures, other: OpenFailures): OpenFailures {
  const [since] = [one.since, other.since].filter(Boolean).sort();
  return { count: one.count + other.count, ...(since && { since }) };
}
