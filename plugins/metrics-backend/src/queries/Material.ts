import { addDays, BandSet, Key, Scope } from '@highroad/plugin-metrics-common';
import { Day, Days } from './Day';
import { KnownTime, wholeIn } from './KnownTimes';
import { measure } from './measures';
import { NumberStore, SampleKind } from './NumberStore';
import { Filter, Resolved } from './Scopes';
import { countedDays, Known, NONE_OPEN, OpenFailures } from './values';

/** Reads what the numbers of a slice follow from. */
export class Material {
  readonly #bands: BandSet;
  readonly #now: () => Date;
  readonly #store: NumberStore;

  constructor(options: {
    bands: BandSet;
    now: () => Date;
    store: NumberStore;
  }) {
    this.#bands = options.bands;
    this.#now = options.now;
    this.#store = options.store;
  }

  /** Whether any of a range is of the example history. */
  async hasExample({ filter, range }: Resolved): Promise<boolean> {
    return this.#store.hasExample(filter, range);
  }

  async scope(resolved: Resolved, time = this.time(resolved)): Promise<Scope> {
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
      ...(!from && { untold: true as const }),
      ...(partly && { partly }),
    };
  }

  measure(
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
      counted: this.counted(days, known, resolved),
      now: this.#now(),
    });
  }

  counted(days: Days, { from }: Known, { lastWhole }: Resolved) {
    return countedDays(days, { from, today: addDays(lastWhole, 1) });
  }

  /** All that an answer follows from. */
  async state(resolved: Resolved, ...asked: string[]): Promise<string> {
    const [revision, connected] = await Promise.all([
      this.#store.revision(),
      this.#store.knowsDeployments(),
    ]);
    return JSON.stringify([revision, connected, resolved, ...asked]);
  }

  async known({ filter }: Resolved, time: Promise<KnownTime>): Promise<Known> {
    const [deployments, commits, { from }] = await Promise.all([
      this.#store.knowsDeployments(),
      this.#store.knowsCommits(filter),
      time,
    ]);
    return { deployments, commits, from };
  }

  time({ filter, timeZone }: Resolved): Promise<KnownTime> {
    return this.#store.times.of(filter, timeZone);
  }

  /** Up to the end of some days, of whenever. */
  async openFailures(filter: Filter, { to }: Days): Promise<OpenFailures> {
    const found = await this.#store.openFailures(filter, to);
    return found.get('') ?? NONE_OPEN;
  }

  async days(
    filter: Filter,
    days: Days,
    samples?: SampleKind[],
  ): Promise<Day[]> {
    const found = await this.#store.days(filter, days, { samples });
    return [...found.values()].flat();
  }
}

/** Nothing where deployments of all services are known for the whole time, or of none. */
export function partlyIn(time: KnownTime | undefined, range: Days) {
  if (!time?.from) return undefined;
  const found = wholeIn(time, range);
  return found.known < found.of ? found : undefined;
}
