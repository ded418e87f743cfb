import { Deployment } from '@highroad/plugin-deployments-common';
import { Destination } from '@highroad/plugin-deployments-node';
import { ReadStore } from '../database/ReadStore';
import { Engines } from '../drivers/engine/Engines';
import { KeptManifests } from './KeptManifests';

/** Knows whether there is anything to do. */
export class Unchanged {
  readonly #engines: Engines;
  readonly #manifests: KeptManifests;
  readonly #reader: ReadStore;

  constructor(options: {
    engines: Engines;
    manifests: KeptManifests;
    reader: ReadStore;
  }) {
    this.#engines = options.engines;
    this.#manifests = options.manifests;
    this.#reader = options.reader;
  }

  /**
   * Looks whether what was last deployed well is exactly this, still is there as it was applied, and does well.
   *
   * @param wanted - with what checking found
   * @returns the deployment that applied it
   */
  async find(
    wanted: Deployment,
    environment: { engine: string },
    destination: Destination,
    signal: AbortSignal,
  ): Promise<Deployment | undefined> {
    const { service, environment: name } = wanted;
    const good = await this.#reader.lastGood({ service, environment: name });
    const same =
      good?.version === wanted.version &&
      good.digest === wanted.digest &&
      good.manifestsDigest === wanted.manifestsDigest;
    if (!good || !same) return undefined;
    const engine = this.#engines.of(environment);
    const objects = await this.#manifests.of(good);
    const { id: deployment } = good;
    const holds = await engine.holds(destination, objects, {
      ...{ deployment, signal },
    });
    if (!holds) return undefined;
    const { verdict } = await engine.observe(destination, objects, signal);
    return verdict === 'ready' ? good : undefined;
  }
}
