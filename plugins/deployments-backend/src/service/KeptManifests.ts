import { Deployment } from '@highroad/plugin-deployments-common';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { ManifestStore } from '../database/ManifestStore';
import { asRollback } from './asRollback';
import { objectsIn } from './objectsIn';

/** As many as one worker advances at once. */
const MOST = 20;

/** The manifests of what is being deployed, read once rather than at each look. */
export class KeptManifests {
  readonly #store: ManifestStore;
  readonly #read = new Map<string, Promise<KubernetesObject[]>>();

  constructor(store: ManifestStore) {
    this.#store = store;
  }

  /** @returns what this deployment applies */
  async of({
    kind,
    manifestsDigest,
  }: Pick<Deployment, 'kind' | 'manifestsDigest'>): Promise<
    KubernetesObject[]
  > {
    if (!manifestsDigest) throw new Error('It has no manifests.');
    const objects = await this.#objects(manifestsDigest);
    return kind === 'rollback' ? asRollback(objects) : objects;
  }

  /** A digest always means the same text, so that what was read of it stays true. */
  #objects(digest: string): Promise<KubernetesObject[]> {
    const known = this.#read.get(digest);
    const reading =
      known ??
      this.#store.text(digest).then(
        text => objectsIn(text),
        error => {
          this.#read.delete(digest);
          throw error;
        },
      );
    // The last that was asked for stands last; the first goes.
    this.#read.delete(digest);
    this.#read.set(digest, reading);
    const [oldest] = this.#read.keys();
    if (this.#read.size > MOST) this.#read.delete(oldest);
    return reading;
  }
}
