import {
  addDays,
  BandSet,
  Bucket,
  bucketsOf,
  dayOf,
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
    const knownFrom = this.#knownFrom(resolved);
    const [known, days, open, openBefore, scope] = await Promise.all([
      this.#known(resolved, knownFrom),
      this.#days(filter, { from: previous.from, to: range.to }),
      this.#openFailures(filter, range),
      this.#openFailures(filter, previous),
      this.scope(resolved, knownFrom),
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
    const { filter, range, lastWhole } = resolved;
    const knownFrom = this.#knownFrom(resolved);
    const [known, days, scope] = await Promise.all([
      this.#known(resolved, knownFrom),
      this.#days(filter, range, SAMPLES[key]),
      this.scope(resolved, knownFrom),
    ]);
    const found = this.#measure(key, days, {
      // What is open has no part in what is drawn.
      ...{ known, resolved, open: NONE_OPEN, days: range },
    });
    const counted = this.#counted(range, known, resolved);
    return {
      ...{ scope, key },
      points:
        found.measure.state === 'no-data' || !counted
          ? []
          : pointsOf(key, days, { days: range, bucket, lastWhole, counted }),
      distribution:
        key === 'lead-time' || key === 'recovery'
          ? distributionOf(samplesOf(key, days))
          : [],
    };
  }

  /**
   * A row for each owner, system or service that did anything in the range, or has a failure from before that is open.
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
    const { filter, range } = resolved;
    const seen = await visible(async () => {
      const [parts, open] = await Promise.all([
        this.#store.days(filter, range, { by, samples: [] }),
        this.#store.openFailures(filter, range.to, by),
      ]);
      return refsOf(parts, open).filter(Boolean);
    });
    const page = { offset, limit };
    const asked = JSON.stringify([by, sort, order, page, seen]);
    return this.#teams.of(await this.#state(resolved, asked), () =>
      this.#teamsOf(resolved, { by, sort, order, ...page, seen }),
    );
  }

  async #teamsOf(
    resolved: Resolved,
    asked: RowOrder & {
      by: By;
      offset: number;
      limit?: number;
      seen?: string[];
    },
  ): Promise<Teams> {
    const { filter, range } = resolved;
    const { by, offset, limit, seen, ...order } = asked;
    const knownFrom = this.#knownFrom(resolved);
    const [known, parts, open, scope] = await Promise.all([
      this.#known(resolved, knownFrom),
      this.#store.days(filter, range, {
        by,
        samples: ['leads', 'recoveries'],
      }),
      this.#store.openFailures(filter, range.to, by),
      this.scope(resolved, knownFrom),
    ]);
    const allowed = seen && new Set(seen);
    const refs = refsOf(parts, open).filter(ref => allowed?.has(ref) ?? true);
    const counted = this.#counted(range, known, resolved);
    const about = { counted, known };
    const valueOfRow = (key: Key) =>
      this.#knownValues.of(JSON.stringify([key, by, filter, about]), days =>
        valueOf(key, days, about),
      );
    // Only what is sorted by is found of all.
    const shown = inOrder(refs, order, key => {
      const of = valueOfRow(key);
      return ref => of(ref, parts.get(ref) ?? []);
    }).slice(offset, limit === undefined ? undefined : offset + limit);
    // One of which nothing is known is none without deployments.
    const weeks = bucketsOf(range.from, range.to, 'week')
      .filter(
        one => counted && one.to >= counted.from && one.from <= counted.to,
      )
      .map(one => one.from);
    const weekOf = startsOf('week');
    const rows = shown.map(ref => {
      const days = parts.get(ref) ?? [];
      const of = (key: Key) =>
        this.#measure(key, days, {
          ...{ known, resolved, days: range, open: open.get(ref) ?? NONE_OPEN },
        }).measure;
      const inWeek = new Map<string, number>();
      for (const { day, delivered } of days) {
        const week = weekOf(day);
        inWeek.set(week, (inWeek.get(week) ?? 0) + delivered);
      }
      const trend = weeks.map(week => inWeek.get(week) ?? 0);
      return {
        ref,
        measures: {
          frequency: of('frequency'),
          'lead-time': of('lead-time'),
          'change-failure-rate': of('change-failure-rate'),
          recovery: of('recovery'),
          rework: of('rework'),
        },
        trend,
      };
    });
    return { scope, rows, total: refs.length };
  }

  async scope(
    resolved: Resolved,
    knownFrom = this.#knownFrom(resolved),
  ): Promise<Scope> {
    const { filter, lastWhole: _, ...scope } = resolved;
    const { previous, range } = scope;
    const days = { from: previous.from, to: range.to };
    const [example, anew, from] = await Promise.all([
      this.#store.hasExample(filter, days),
      this.#store.isComputedAnew(),
      knownFrom,
    ]);
    return {
      ...{ ...scope, example },
      ...(anew && { anew }),
      ...(from && from > previous.from && { knownFrom: from }),
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

  async #known(
    { filter }: Resolved,
    knownFrom: Promise<string | undefined>,
  ): Promise<Known> {
    const [deployments, commits, from] = await Promise.all([
      this.#store.knowsDeployments(),
      this.#store.knowsCommits(filter),
      knownFrom,
    ]);
    return { deployments, commits, from };
  }

  async #knownFrom({ environments, timeZone }: Resolved) {
    return this.#store.knownFrom(environments, at => dayOf(at, timeZone));
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

function refsOf(...parts: Array<Map<string, unknown>>): string[] {
  return [...new Set(parts.flatMap(one => [...one.keys()]))];
}
