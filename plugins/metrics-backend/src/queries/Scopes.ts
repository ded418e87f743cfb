import {
  addDays,
  dayOf,
  daysBetween,
  Scope,
  ScopeInput,
} from '@highroad/plugin-metrics-common';
import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { productionCheck } from '@highroad/plugin-platform-node';
import { Groups } from '../catalog/CatalogGroups';

const DEFAULT_DAYS = 90;
const MOST_DAYS = 3 * 366;

/** Which facts are meant. */
export interface Filter {
  environments: string[];
  /** Whoever owned it then is among these */
  owners?: string[];
  system?: string;
  service?: string;
}

export type Resolved = Omit<Scope, 'example' | 'anew'> & {
  filter: Filter;
  /** The last day that is over */
  lastWhole: string;
};

/** Finds out what numbers are asked of. */
export class Scopes {
  readonly #groups: Groups;
  readonly #now: () => Date;
  readonly #production: string[];
  readonly #timeZone: string;

  /** @param options.production - names of all environments that are production */
  constructor(options: {
    groups: Groups;
    now: () => Date;
    production: string[];
    timeZone: string;
  }) {
    this.#groups = options.groups;
    this.#now = options.now;
    this.#production = options.production;
    this.#timeZone = options.timeZone;
  }

  /** @throws InputError for a range that ends before it begins, or is longer than three years */
  async resolve(input: ScopeInput): Promise<Resolved> {
    const today = dayOf(this.#now(), this.#timeZone);
    const to = input.to ?? today;
    const from = input.from ?? addDays(to, 1 - DEFAULT_DAYS);
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
    const environments = input.environment
      ? [input.environment]
      : this.#production;
    return {
      ...(input.slice && { slice: input.slice }),
      environments,
      range: { from, to },
      previous: { from: addDays(from, -days), to: addDays(from, -1) },
      timeZone: this.#timeZone,
      incomplete: to >= today,
      lastWhole: addDays(today, -1),
      filter: { environments, ...(await this.#filterOf(input.slice)) },
    };
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
  const named =
    config
      .getOptionalConfigArray('platform.environments')
      ?.map(one => one.getString('name')) ?? [];
  const isProduction = productionCheck(config);
  return [...new Set([...named, 'production'])].filter(isProduction);
}
