import { DeployedReferences } from '@highroad/plugin-deployments-common';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { secretsReferredTo } from '@highroad/plugin-platform-node/manifests';
import { objectsIn } from './objectsIn';

/** Which secrets the programs of a service refer to, by the manifests that were kept. */
export class SecretReferences {
  readonly #manifests: Pick<ManifestStore, 'text'>;
  readonly #reader: Pick<ReadStore, 'status'>;

  constructor(options: {
    manifests: Pick<ManifestStore, 'text'>;
    reader: Pick<ReadStore, 'status'>;
  }) {
    this.#manifests = options.manifests;
    this.#reader = options.reader;
  }

  /** @param service - whole reference */
  async of(service: string): Promise<DeployedReferences[]> {
    const all = await this.#reader.status({ services: [service] });
    const newest = new Map<string, (typeof all)[number]>();
    for (const one of all) {
      // One that failed before it had manifests says nothing.
      if (!one.manifestsDigest) continue;
      const known = newest.get(one.environment);
      if (known && known.requestedAt >= one.requestedAt) continue;
      newest.set(one.environment, one);
    }
    return Promise.all(
      [...newest.values()].map(async one => ({
        environment: one.environment,
        deployment: one.id,
        version: one.version,
        at: one.requestedAt,
        references: secretsReferredTo(
          objectsIn(await this.#manifests.text(one.manifestsDigest ?? '')),
        ),
      })),
    );
  }
}
