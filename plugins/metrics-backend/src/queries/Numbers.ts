import {
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
import { Known, Material, measure } from './measures';
import { By, Days, NumberStore } from './NumberStore';
import { distributionOf, pointsOf, startsOf } from './points';
import { Filter, Resolved, Scopes } from './Scopes';

/** Answers with numbers of delivery. */
export class Numbers {
  readonly #bands: BandSet;
  readonly #now: () => Date;
  readonly #scopes: Scopes;
  readonly #store: NumberStore;

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
  }

  /** Each key, with the range before. */
  async summary(
    input: ScopeInput,
  ): Promise<{ scope: Scope; bands: BandSet; keys: KeySummary[] }> {
    const resolved = await this.#scopes.resolve(input);
    const { filter, range, previous } = resolved;
    const [known, now, before, scope] = await Promise.all([
      this.#known(filter),
      this.#material(filter, range),
      this.#material(filter, previous),
      this.scope(resolved),
    ]);
    return {
      scope,
      bands: this.#bands,
      keys: keys.map(key => {
        const current = this.#measure(key, now, known, resolved, range);
        const earlier = this.#measure(key, before, known, resolved, previous);
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
  async series(input: ScopeInput & { key: Key; bucket: Bucket }): Promise<{
    scope: Scope;
    key: Key;
    points: Point[];
    distribution: ReturnType<typeof distributionOf>;
  }> {
    const resolved = await this.#scopes.resolve(input);
    const { key, bucket } = input;
    const { filter, range, lastWhole } = resolved;
    const material = await this.#material(filter, range, { key });
    const known = await this.#known(filter);
    const found = this.#measure(key, material, known, resolved, range);
    const seconds =
      key === 'lead-time'
        ? material.leads.flatMap(one => one.seconds)
        : material.failures.flatMap(one => one.recovery_seconds ?? []);
    return {
      scope: await this.scope(resolved),
      key,
      points:
        found.measure.state === 'no-data'
          ? []
          : pointsOf(key, material, { days: range, bucket, lastWhole }),
      distribution:
        definitions[key].unit === 'seconds' ? distributionOf(seconds) : [],
    };
  }

  /** A row for each owner, system or service that did anything in the range. */
  async teams(
    input: ScopeInput & { by: By },
  ): Promise<{ scope: Scope; rows: TeamRow[] }> {
    const resolved = await this.#scopes.resolve(input);
    const { filter, range } = resolved;
    const [known, all, scope] = await Promise.all([
      this.#known(filter),
      this.#material(filter, range, { by: input.by }),
      this.scope(resolved),
    ]);
    const parts = new Map<string, Material>();
    const part = (ref: string) => {
      const found = parts.get(ref) ?? { daily: [], leads: [], failures: [] };
      parts.set(ref, found);
      return found;
    };
    all.daily.forEach(one => part(one.ref).daily.push(one));
    all.leads.forEach(one => part(one.ref).leads.push(one));
    all.failures.forEach(one => part(one.ref).failures.push(one));
    const weeks = bucketsOf(range.from, range.to, 'week').map(one => one.from);
    const weekOf = startsOf('week');
    const rows = [...parts.keys()].sort().map(ref => {
      const material = part(ref);
      const of = (key: Key) =>
        this.#measure(key, material, known, resolved, range).measure;
      const inWeek = new Map<string, number>();
      for (const { day, delivered } of material.daily) {
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
    return { scope, rows };
  }

  async scope(resolved: Resolved): Promise<Scope> {
    const { filter, lastWhole: _, ...scope } = resolved;
    const { previous, range } = scope;
    const days = { from: previous.from, to: range.to };
    return { ...scope, example: await this.#store.hasExample(filter, days) };
  }

  #measure(
    key: Key,
    material: Material,
    known: Known,
    { lastWhole }: Resolved,
    days: Days,
  ) {
    return measure(key, material, {
      ...{ days, lastWhole, known, bands: this.#bands },
      now: this.#now(),
    });
  }

  async #known(filter: Filter): Promise<Known> {
    const [deployments, commits] = await Promise.all([
      this.#store.knowsDeployments(),
      this.#store.knowsCommits(filter),
    ]);
    return { deployments, commits };
  }

  /** @param only - what is not needed for this key is left out */
  async #material(
    filter: Filter,
    days: Days,
    only: { key?: Key; by?: By } = {},
  ): Promise<Material> {
    const { key, by } = only;
    const store = this.#store;
    const needed = (...of: Key[]) => !key || of.includes(key);
    const [daily, leads, failures, incidents, excluded] = await Promise.all([
      key === 'lead-time' ? [] : store.daily(filter, days, by),
      needed('lead-time') ? store.leads(filter, days, by) : [],
      needed('recovery') ? store.failures(filter, days, by) : [],
      needed('recovery') && !by ? store.incidents(filter, days) : [],
      needed('lead-time') && !by ? store.excluded(filter, days) : 0,
    ]);
    return { daily, leads, failures, incidents, excluded };
  }
}
