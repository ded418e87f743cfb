import {
  BandSet,
  Bucket,
  definitions,
  Key,
  keys,
  KeySummary,
  Point,
  readingOf,
  Scope,
  ScopeInput,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Answers } from './Answers';
import { Day, Days } from './Day';
import { Material } from './Material';
import { NumberStore, SampleKind } from './NumberStore';
import { distributionOf, pointsOf } from './points';
import { Resolved, Scopes } from './Scopes';
import { Teams, TeamsInput, TeamTable } from './TeamTable';
import { NONE_OPEN, samplesOf } from './values';

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

/** Answers with numbers of delivery. */
export class Numbers {
  readonly #bands: BandSet;
  readonly #material: Material;
  readonly #scopes: Scopes;
  readonly #series: Answers<Series>;
  readonly #summaries: Answers<Summary>;
  readonly #teams: TeamTable;

  constructor(options: {
    bands: BandSet;
    now: () => Date;
    scopes: Scopes;
    store: NumberStore;
  }) {
    this.#bands = options.bands;
    this.#material = new Material(options);
    this.#scopes = options.scopes;
    this.#series = new Answers(options);
    this.#summaries = new Answers(options);
    this.#teams = new TeamTable({ ...options, material: this.#material });
  }

  /** Each key, with the range before. */
  async summary(input: ScopeInput): Promise<Summary> {
    const resolved = await this.#scopes.resolve(input);
    return this.#summaries.of(await this.#material.state(resolved), () =>
      this.#summary(resolved),
    );
  }

  async #summary(resolved: Resolved): Promise<Summary> {
    const { filter, range, previous } = resolved;
    const time = this.#material.time(resolved);
    const [known, days, open, openBefore, scope] = await Promise.all([
      this.#material.known(resolved, time),
      this.#material.days(filter, { from: previous.from, to: range.to }),
      this.#material.openFailures(filter, range),
      this.#material.openFailures(filter, previous),
      this.#material.scope(resolved, time),
    ]);
    const now = days.filter(one => one.day >= range.from);
    const before = days.filter(one => one.day < range.from);
    return {
      scope,
      bands: this.#bands,
      keys: keys.map(key => {
        const current = this.#material.measure(key, now, {
          ...{ known, resolved, open, days: range },
        });
        const earlier = this.#material.measure(key, before, {
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
    return this.#series.of(
      await this.#material.state(resolved, key, bucket),
      () => this.#seriesOf(resolved, input),
    );
  }

  async #seriesOf(
    resolved: Resolved,
    { key, bucket }: SeriesInput,
  ): Promise<Series> {
    const { filter, range, previous, lastWhole } = resolved;
    const time = this.#material.time(resolved);
    const [known, days, scope] = await Promise.all([
      this.#material.known(resolved, time),
      this.#material.days(
        filter,
        { from: previous.from, to: range.to },
        SAMPLES[key],
      ),
      this.#material.scope(resolved, time),
    ]);
    const now = days.filter(one => one.day >= range.from);
    const before = days.filter(one => one.day < range.from);
    const points = (material: Day[], of: Days): Point[] => {
      const found = this.#material.measure(key, material, {
        // What is open has no part in what is drawn.
        ...{ known, resolved, open: NONE_OPEN, days: of },
      });
      const counted = this.#material.counted(of, known, resolved);
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

  /** {@inheritDoc TeamTable.rows} */
  teams(input: TeamsInput, visible?: Call['visible']): Promise<Teams> {
    return this.#teams.rows(input, visible);
  }

  /** Whether any of a range is of the example history. */
  async hasExample(input: ScopeInput): Promise<boolean> {
    return this.#material.hasExample(await this.#scopes.resolve(input));
  }

  scope(resolved: Resolved): Promise<Scope> {
    return this.#material.scope(resolved);
  }
}
