import {
  addDays,
  dayOf,
  daysBetween,
  MOST_DAYS,
  Scope,
  ScopeInput,
} from '@highroad/plugin-metrics-common';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { productionCheck } from '@highroad/plugin-platform-node';
import { Groups } from '../catalog/CatalogGroups';
import { KnownNames } from './KnownNames';

const DEFAULT_DAYS = 90;

/** Which facts are meant. */
export interface Filter {
  environments: string[];
  /** Whoever owned it then is among these */
  owners?: string[];
  system?: string;
  service?: string;
}

export type Resolved = Omit<
  Scope,
  'example' | 'anew' | 'knownFrom' | 'partly'
> & {
  filter: Filter;
  /** The last day that is over */
  lastWhole: string;
};

/** Refuses what numbers cannot be asked of. */
export type Names = Pick<KnownNames, 'requireEnvironment' | 'requireSlice'>;

/** Finds out what numbers are asked of. */
export class Scopes {
  readonly #groups: Groups;
  readonly #names: Names;
  readonly #now: () => Date;
  readonly #production: string[];
  readonly #timeZone: string;

  /** @param options.production - names of all environments that are production */
  constructor(options: {
    groups: Groups;
    names: Names;
    now: () => Date;
    production: string[];
    timeZone: string;
  }) {
    this.#groups = options.groups;
    this.#names = options.names;
    this.#now = options.now;
    this.#production = options.production;
    this.#timeZone = options.timeZone;
  }

  /** @throws InputError for a range that ends before it begins, is longer than three years, or is said twice; NotFoundError for what there is not */
  async resolve(input: ScopeInput): Promise<Resolved> {
    const today = dayOf(this.#now(), this.#timeZone);
    const to = input.to ?? today;
    if (input.from && input.days) {
      throw new InputError(
        'Say with "from" which day is the first, or with "days" how many there are, not both.',
      );
    }
    const from = input.from ?? addDays(to, 1 - (input.days ?? DEFAULT_DAYS));
    const days = daysBetween(from, to);
    if (days < 1) {
      throw new InputError(
        `The range from ${from} to ${to} ends before it begins.`,
      );
    }
    if (days > MOST_DAYS) {
      throw new InputError(
        `The range from ${from} to ${to} is longer than three years. Ask for a part of it.`,
      );
    }
    const { environment, slice } = input;
    if (environment) await this.#names.requireEnvironment(environment);
    if (slice) await this.#names.requireSlice(slice);
    const environments = environment ? [environment] : this.#production;
    return {
      ...(slice && { slice }),
      environments,
      range: { from, to },
      previous: { from: addDays(from, -days), to: addDays(from, -1) },
      timeZone: this.#timeZone,
      incomplete: to >= today,
      lastWhole: addDays(today, -1),
      filter: { environments, ...(await this.#filterOf(slice)) },
    };
  }

  /** Of any group: where what it has counts, which is itself and all groups that it is within. */
  groupsAround(): Promise<(group: string) => string[]> {
    return this.#groups.around();
  }

  async #filterOf(slice?: string): Promise<Partial<Filter>> {
    if (!slice) return {};
    const [kind] = slice.split(':');
    if (kind === 'group') return { owners: await this.#groups.within(slice) };
    return kind === 'system' ? { system: slice } : { service: slice };
  }
}

/** Names of the environments that are production. One of that name is, unless the configuration says otherwise. */
export function productionNames(config: Config): string[] {
  const isProduction = productionCheck(config);
  return [...new Set([...configuredNames(config), 'production'])].filter(
    isProduction,
  );
}

/** The one that is meant where nothing says which, those of the configuration first. */
export function mainProduction(config: Config): string {
  return productionNames(config).at(0) ?? 'production';
}

/** Names of the environments of the configuration. */
export function configuredNames(config: Config): string[] {
  return (
    config
      .getOptionalConfigArray('platform.environments')
      ?.map(one => one.getString('name')) ?? []
  );
}
