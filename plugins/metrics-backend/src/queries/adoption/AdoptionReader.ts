import {
  Adoption,
  AdoptionKey,
  adoptionKeys,
  AdoptionOfRange,
  AdoptionSeries,
  Bucket,
  Point,
  quarterBefore,
  quarterOf,
  QuarterResult,
  Scope,
  SliceInput,
} from '@highroad/plugin-metrics-common';
import { Call, onlyVisible } from '@highroad/plugin-platform-node';
import { Numbers } from '../Numbers';
import { NumberStore } from '../NumberStore';
import { Resolved, Scopes } from '../Scopes';
import {
  AdoptionKnowledge,
  readKnowledge,
  readServices,
} from './AdoptionKnowledge';
import { adoptionOf } from './adoptionOf';
import { adoptionPoints } from './adoptionPoints';
import { AdoptionStore } from './AdoptionStore';
import { npsOf } from './npsOf';

/** Where a number stands in an answer about a range. */
const PLACES = {
  onboarding: 'onboarding',
  'golden-path': 'goldenPath',
  'first-deployment': 'firstDeployment',
  deviations: 'deviations',
  deflection: 'deflection',
} as const satisfies Record<AdoptionKey, keyof AdoptionOfRange>;

/** How the platform is taken up by an owner. */
export type OwnerAdoption = AdoptionOfRange & Pick<Adoption, 'nps' | 'example'>;

/** Says how the platform is taken up. */
export class AdoptionReader {
  readonly #now: () => Date;
  readonly #numbers: Pick<Numbers, 'scope'>;
  readonly #days: NumberStore;
  readonly #scopes: Scopes;
  readonly #store: AdoptionStore;
  readonly #surveys: { results(): Promise<QuarterResult[]> };

  constructor(options: {
    now: () => Date;
    numbers: Pick<Numbers, 'scope'>;
    days: NumberStore;
    scopes: Scopes;
    store: AdoptionStore;
    /** What may be shown of them, the newest first */
    surveys: { results(): Promise<QuarterResult[]> };
  }) {
    this.#now = options.now;
    this.#numbers = options.numbers;
    this.#days = options.days;
    this.#scopes = options.scopes;
    this.#store = options.store;
    this.#surveys = options.surveys;
  }

  /**
   * Each number, with the range before.
   *
   * @param visible - services that are not there yet are named only where they may be seen
   */
  async read(input: SliceInput, visible: Call['visible']): Promise<Adoption> {
    const resolved = await this.#scopes.resolve(input);
    return this.#read(resolved, await this.#known(resolved), visible);
  }

  /** The same, and each number over time. */
  async readWithSeries(
    { bucket, ...input }: SliceInput & { bucket: Bucket },
    visible: Call['visible'],
  ): Promise<{ adoption: Adoption; scope: Scope; series: AdoptionSeries[] }> {
    const resolved = await this.#scopes.resolve(input);
    const [known, scope] = await Promise.all([
      this.#known(resolved),
      this.#numbers.scope(resolved),
    ]);
    return {
      adoption: await this.#read(resolved, known, visible),
      scope,
      series: adoptionKeys.map(key => ({
        key,
        points: pointsOf(key, known, resolved, bucket),
      })),
    };
  }

  async #read(
    { filter, range, previous, slice, incomplete }: Resolved,
    known: AdoptionKnowledge,
    visible: Call['visible'],
  ): Promise<Adoption> {
    const [example, quarters] = await Promise.all([
      this.#days.hasExample(filter, { from: previous.from, to: range.to }),
      this.#surveys.results(),
    ]);
    const [current, before] = await Promise.all(
      [range, previous].map(days => named(adoptionOf(days, known), visible)),
    );
    return {
      ...(slice && { slice }),
      ...(incomplete && { incomplete }),
      ...{ ...current, previous: before },
      example: example || known.services.some(one => one.example),
      nps: npsOf(quarters, { slice, to: range.to }),
    };
  }

  /** One number over time. */
  async series(
    input: SliceInput & { key: AdoptionKey; bucket: Bucket },
  ): Promise<AdoptionSeries & { scope: Scope }> {
    const resolved = await this.#scopes.resolve(input);
    const { key, bucket } = input;
    const [known, scope] = await Promise.all([
      key === 'golden-path'
        ? this.#known(resolved)
        : this.#knownServices(resolved),
      this.#numbers.scope(resolved),
    ]);
    return { scope, key, points: pointsOf(key, known, resolved, bucket) };
  }

  /**
   * Each number of all, and of each group with the groups within it, of the last 90 days. NPS of a group is of its own answers.
   *
   * @returns all under the empty name
   */
  async owners(): Promise<Map<string, OwnerAdoption>> {
    const resolved = await this.#scopes.resolve({});
    const { filter, range } = resolved;
    const around = await this.#scopes.groupsAround();
    const refsOf = (owner: string) => (owner ? around(owner) : [owner]);
    const [known, own, examples, times, quarters] = await Promise.all([
      this.#known(resolved),
      this.#days.days(filter, range, { by: 'owner', samples: [] }),
      this.#days.examples(filter, range, 'owner'),
      this.#days.times.by('owner', resolved, refsOf),
      this.#surveys.results(),
    ]);
    const parts = new Map(
      [...grouped(own, ([owner]) => refsOf(owner))].map(([ref, all]) => [
        ref,
        all.flatMap(([, days]) => days),
      ]),
    );
    const examplesOf = new Set([...examples].flatMap(refsOf));
    const { services, windows } = known;
    // A gauge is of now: of the last quarter that is over, not of an older one where nobody answered in that.
    const oldest = quarterBefore(quarterOf(range.to));
    const recent = quarters.filter(one => one.quarter >= oldest);
    const owners = new Set(
      [
        ...[...parts.keys(), ...services.flatMap(one => refsOf(one.owner))],
        ...recent.flatMap(one => one.groups.map(({ group }) => group)),
      ].filter(Boolean),
    );
    const nps = (slice?: string) => npsOf(recent, { slice, to: range.to });
    const found = new Map<string, OwnerAdoption>([
      [
        '',
        {
          ...{ ...adoptionOf(range, known), nps: nps() },
          example: examples.size > 0 || services.some(one => one.example),
        },
      ],
    ]);
    const servicesOf = grouped(services, one => refsOf(one.owner));
    const windowsOf =
      windows && grouped(windows, one => refsOf(one.service.owner));
    for (const owner of owners) {
      const its = {
        ...known,
        services: servicesOf.get(owner) ?? [],
        days: parts.get(owner) ?? [],
        toldFrom: times.get(owner)?.from,
        windows: windowsOf && (windowsOf.get(owner) ?? []),
      };
      found.set(owner, {
        ...{ ...adoptionOf(range, its), nps: nps(owner) },
        example: examplesOf.has(owner) || its.services.some(one => one.example),
      });
    }
    return found;
  }

  #known(resolved: Resolved): Promise<AdoptionKnowledge> {
    return readKnowledge(resolved, this.#sources());
  }

  /** Without days, which are much to read. */
  async #knownServices(resolved: Resolved): Promise<AdoptionKnowledge> {
    const services = await readServices(resolved, this.#sources());
    return { ...services, connected: false, days: [] };
  }

  #sources() {
    return { numbers: this.#days, store: this.#store, now: this.#now() };
  }
}

/** None where nothing tells of it. */
function pointsOf(
  key: AdoptionKey,
  known: AdoptionKnowledge,
  { range, lastWhole }: Resolved,
  bucket: Bucket,
): Point[] {
  const isKnown = adoptionOf(range, known)[PLACES[key]].state === 'value';
  return isKnown
    ? adoptionPoints(key, known, { range, bucket, lastWhole })
    : [];
}

/** What is under each of its names, in the order in which it came. */
function grouped<T>(
  items: Iterable<T>,
  namesOf: (item: T) => string[],
): Map<string, T[]> {
  const found = new Map<string, T[]>();
  for (const item of items) {
    for (const name of namesOf(item)) {
      const list = found.get(name);
      if (list) list.push(item);
      else found.set(name, [item]);
    }
  }
  return found;
}

/** Names of those that are not there yet only services that may be seen. */
async function named(
  adoption: AdoptionOfRange,
  visible: Call['visible'],
): Promise<AdoptionOfRange> {
  const { firstDeployment } = adoption;
  if (firstDeployment.state === 'no-data') return adoption;
  const censored = await onlyVisible(firstDeployment.censored, {
    referenceOf: one => one.service,
    visible,
  });
  return { ...adoption, firstDeployment: { ...firstDeployment, censored } };
}
