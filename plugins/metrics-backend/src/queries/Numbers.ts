import {
  addDays,
  BandSet,
  Bucket,
  bucketsOf,
  Key,
  keys,
  KeySummary,
  definitions,
  Point,
  readingOf,
  Scope,
  ScopeInput,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Answers } from './Answers';
import { measure } from './measures';
import { Day, Days } from './Day';
import { KnownTime, wholeIn } from './KnownTimes';
import { KnownValues } from './KnownValues';
import { By, NumberStore, SampleKind } from './NumberStore';
import { distributionOf, pointsOf, startsOf } from './points';
import { inOrder, RowOrder } from './rowOrder';
import { Filter, Resolved, Scopes } from './Scopes';
import {
  countedDays,
  Known,
  NONE_OPEN,
  OpenFailures,
  samplesOf,
  valueOf,
} from './values';

/** What each number is taken from besides counts. */
const SAMPLES: Record<Key, SampleKind[]> = {
  frequency: [],
  'lead-time': ['leads'],
  'change-failure-rate': [],
  recovery: ['recoveries', 'restores'],
  rework: [],
};

type SeriesInput = ScopeInput & { key: Key; bucket: Bucket };
interface Summary {
  scope: Scope;
  bands: BandSet;
  keys: KeySummary[];
}
interface Series {
  scope: Scope;
  key: Key;
  points: Point[];
  previous: Point[];
  distribution: ReturnType<typeof distributionOf>;
}
interface Teams {
  scope: Scope;
  rows: TeamRow[];
  total: number;
}
type TeamsInput = ScopeInput &
  Partial<RowOrder> & { by: By; offset?: number; limit?: number };

/** Answers with numbers of delivery. */
export class Numbers {
  readonly #bands: BandSet;
  readonly #knownValues = new KnownValues();
  readonly #now: () => Date;
  readonly #scopes: Scopes;
  readonly #series: Answers<Series>;
  readonly #store: NumberStore;
  readonly #summaries: Answers<Summary>;
  readonly #teams: Answers<Teams>;

  constructor(options: {
    bands: BandSet;
    now: () => Date;
    scopes: Scopes;
    store: NumberStore;
  }) {
    this.#bands = options.bands;
    this.#now = options.now;
    this.#scopes = options.scopes;
    this.#store = options.store;
    this.#series = new Answers(options);
    this.#summaries = new Answers(options);
    this.#teams = new Answers(options);
  }

  /** Each key, with the range before. */
  async summary(input: ScopeInput): Promise<Summary> {
    const resolved = await this.#scopes.resolve(input);
    return this.#summaries.of(await this.#state(resolved), () =>
      this.#summary(resolved),
    );
  }

  async #summary(resolved: Resolved): Promise<Summary> {
    const { filter, range, previous } = resolved;
    const time = this.#time(resolved);
    const [known, days, open, openBefore, scope] = await Promise.all([
      this.#known(resolved, time),
      this.#days(filter, { from: previous.from, to: range.to }),
      this.#openFailures(filter, range),
      this.#openFailures(filter, previous),
      this.scope(resolved, time),
    ]);
    const now = days.filter(one => one.day >= range.from);
    const before = days.filter(one => one.day < range.from);
    return {
      scope,
      bands: this.#bands,
      keys: keys.map(key => {
        const current = this.#measure(key, now, {
          ...{ known, resolved, open, days: range },
        });
        const earlier = this.#measure(key, before, {
          ...{ known, resolved, open: openBefore, days: previous },
        });
        return {
          key,
          unit: definitions[key].unit,
          current: current.measure,
          previous: earlier.measure,
          ...(current.band && { band: current.band }),
          reading: readingOf(
            key,
            current.measure,
            earlier.measure,
            current.band,
          ),
        };
      }),
    };
  }

  /** One key over time. */
  async series(input: SeriesInput): Promise<Series> {
    const resolved = await this.#scopes.resolve(input);
    const { key, bucket } = input;
    return this.#series.of(await this.#state(resolved, key, bucket), () =>
      this.#seriesOf(resolved, input),
    );
  }

  async #seriesOf(
    resolved: Resolved,
    { key, bucket }: SeriesInput,
  ): Promise<Series> {
    const { filter, range, previous, lastWhole } = resolved;
    const time = this.#time(resolved);
    const [known, days, scope] = await Promise.all([
      this.#known(resolved, time),
      this.#days(filter, { from: previous.from, to: range.to }, SAMPLES[key]),
      this.scope(resolved, time),
    ]);
    const now = days.filter(one => one.day >= range.from);
    const before = days.filter(one => one.day < range.from);
    const points = (material: Day[], of: Days): Point[] => {
      const found = this.#measure(key, material, {
        // What is open has no part in what is drawn.
        ...{ known, resolved, open: NONE_OPEN, days: of },
      });
      const counted = this.#counted(of, known, resolved);
      return found.measure.state === 'no-data' || !counted
        ? []
        : pointsOf(key, material, { days: of, bucket, lastWhole, counted });
    };
    return {
      ...{ scope, key },
      points: points(now, range),
      previous: points(before, previous),
      distribution:
        key === 'lead-time' || key === 'recovery'
          ? distributionOf(samplesOf(key, now))
          : [],
    };
  }

  /**
   * A row for each owner, system or service that did anything in the range, or has a failure from before that is open. That of a group
   * is of all that is within it, as its own page is, so that groups above have rows too.
   *
   * @param input.limit - all rows if left out
   * @param visible - others are left out, and are not counted
   */
  async teams(
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
    return this.#teams.of(await this.#state(resolved, asked), () =>
      this.#teamsOf(resolved, { by, refsOf, sort, order, ...page, seen }),
    );
  }

  async #teamsOf(
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
    const time = this.#time(resolved);
    const [known, times, { parts, open }, scope] = await Promise.all([
      this.#known(resolved, time),
      this.#store.times.by(by, resolved, refsOf),
      this.#parts(resolved, {
        ...{ by, refsOf, samples: ['leads', 'recoveries'] },
      }),
      this.scope(resolved, time),
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
        countedFrom.set(from, this.#counted(range, its, resolved));
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
        this.#measure(key, days, {
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

  /** Whether any of a range is of the example history. */
  async hasExample(input: ScopeInput): Promise<boolean> {
    const { filter, range } = await this.#scopes.resolve(input);
    return this.#store.hasExample(filter, range);
  }

  async scope(resolved: Resolved, time = this.#time(resolved)): Promise<Scope> {
    const { filter, lastWhole: _, ...scope } = resolved;
    const { previous, range } = scope;
    const days = { from: previous.from, to: range.to };
    const [example, anew, known] = await Promise.all([
      this.#store.hasExample(filter, days),
      this.#store.isComputedAnew(),
      time,
    ]);
    const { from } = known;
    const partly = partlyIn(known, range);
    return {
      ...{ ...scope, example },
      ...(anew && { anew }),
      ...(from && from > previous.from && { knownFrom: from }),
      ...(partly && { partly }),
    };
  }

  #measure(
    key: Key,
    material: Day[],
    about: {
      known: Known;
      resolved: Resolved;
      days: Days;
      open: OpenFailures;
    },
  ) {
    const { known, resolved, days, open } = about;
    const { lastWhole } = resolved;
    return measure(key, material, {
      ...{ lastWhole, known, open, bands: this.#bands },
      counted: this.#counted(days, known, resolved),
      now: this.#now(),
    });
  }

  #counted(days: Days, { from }: Known, { lastWhole }: Resolved) {
    return countedDays(days, { from, today: addDays(lastWhole, 1) });
  }

  /** All that an answer follows from. */
  async #state(resolved: Resolved, ...asked: string[]): Promise<string> {
    const [revision, connected] = await Promise.all([
      this.#store.revision(),
      this.#store.knowsDeployments(),
    ]);
    return JSON.stringify([revision, connected, resolved, ...asked]);
  }

  async #known({ filter }: Resolved, time: Promise<KnownTime>): Promise<Known> {
    const [deployments, commits, { from }] = await Promise.all([
      this.#store.knowsDeployments(),
      this.#store.knowsCommits(filter),
      time,
    ]);
    return { deployments, commits, from };
  }

  #time({ filter, timeZone }: Resolved): Promise<KnownTime> {
    return this.#store.times.of(filter, timeZone);
  }

  /** Up to the end of some days, of whenever. */
  async #openFailures(filter: Filter, { to }: Days): Promise<OpenFailures> {
    const found = await this.#store.openFailures(filter, to);
    return found.get('') ?? NONE_OPEN;
  }

  async #days(
    filter: Filter,
    days: Days,
    samples?: SampleKind[],
  ): Promise<Day[]> {
    const found = await this.#store.days(filter, days, { samples });
    return [...found.values()].flat();
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

/** Nothing where deployments of all services are known for the whole time, or of none. */
function partlyIn(time: KnownTime | undefined, range: Days) {
  if (!time?.from) return undefined;
  const found = wholeIn(time, range);
  return found.known < found.of ? found : undefined;
}
