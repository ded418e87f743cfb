import { Config } from '@backstage/config';
import { NotFoundError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { readConfigAs } from '../access/readConfigAs';

/** Whose a namespace is: a reference of the catalog, whole. */
export const SERVICE_ANNOTATION = 'platform.myorg.com/service';
export const ENVIRONMENT_ANNOTATION = 'platform.myorg.com/environment';

/** What is read of an environment here; deployments read more of it. */
const placesSchema = z
  .array(
    z.object({
      name: z.string().min(1),
      cluster: z.string().min(1).optional(),
      namespace: z.string().default('{service}-{environment}'),
      production: z.boolean().optional(),
    }),
  )
  .default([]);

/** A standing environment, as far as it is a place in a cluster. */
export interface Place {
  name: string;
  production: boolean;
  /** None where nothing is deployed to */
  cluster?: string;
  /** With `{service}` and `{environment}` */
  namespace: string;
}

/** The standing environments, in the order of the configuration. */
export class Places {
  readonly #places: Place[];

  /** @throws InputError with the path of a bad key under `platform.environments` */
  static fromConfig(config: Config): Places {
    return new Places(
      readConfigAs(config, 'platform.environments', placesSchema).map(one => ({
        ...one,
        production: one.production ?? one.name === 'production',
      })),
    );
  }

  constructor(places: Place[]) {
    this.#places = places;
  }

  all(): Place[] {
    return this.#places;
  }

  /** @throws NotFoundError that lists near names, or says where to add one */
  get(name: string): Place {
    const found = this.#places.find(one => one.name === name);
    if (found) return found;
    const names = this.#places.map(one => one.name);
    const near = nearestNames(name, names);
    const known =
      names.length > 0
        ? `There is ${names.join(', ')}.`
        : 'Add one under platform.environments.';
    throw new NotFoundError(
      `There is no environment "${name}". ${
        near.length > 0 ? `Did you mean ${near.join(' or ')}?` : known
      }`,
    );
  }
}
