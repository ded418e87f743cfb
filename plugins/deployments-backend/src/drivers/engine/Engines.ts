import { InputError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import {
  DeploymentsEngineExtensionPoint,
  Engine,
} from '@highroad/plugin-deployments-node';

/** What is taken where an environment does not say. */
export const DEFAULT_ENGINE = 'direct';

/** The engines that there are, by name. */
export class Engines implements DeploymentsEngineExtensionPoint {
  readonly #byName = new Map<string, Engine>();

  addEngine(name: string, engine: Engine): void {
    if (this.#byName.has(name)) {
      throw new Error(`There are two engines called "${name}".`);
    }
    this.#byName.set(name, engine);
  }

  /** @throws InputError that names the bad key, if an environment names an engine that is not there */
  require(environments: Array<{ name: string; engine: string }>): void {
    environments.forEach(({ engine }, at) => {
      if (this.#byName.has(engine)) return;
      const names = [...this.#byName.keys()];
      const [near] = nearestNames(engine, names);
      throw new InputError(
        `The configuration is not valid. platform.environments[${at}].engine: there is no engine "${engine}"; ${
          near
            ? `did you mean "${near}"?`
            : `there is ${names.join(
                ', ',
              )}. Another is added to the backend as a module.`
        }`,
      );
    });
  }

  /**
   * Where an environment's engine is `direct`, its cluster has to be known.
   *
   * @param clusters - names of those that are
   * @throws InputError that names the bad key
   */
  static requireClusters(
    environments: Array<{ cluster: string; engine: string }>,
    clusters: string[],
  ): void {
    environments.forEach(({ cluster, engine }, at) => {
      if (engine !== DEFAULT_ENGINE || clusters.includes(cluster)) return;
      const [near] = nearestNames(cluster, clusters);
      throw new InputError(
        `The configuration is not valid. platform.environments[${at}].cluster: there is no cluster "${cluster}"; ${
          near
            ? `did you mean "${near}"?`
            : 'write its name and address into platform.clusters.'
        }`,
      );
    });
  }

  of({ engine }: { engine: string }): Engine {
    const found = this.#byName.get(engine);
    if (!found) throw new InputError(`There is no engine "${engine}".`);
    return found;
  }
}
