import { DeployedReferences } from '@highroad/plugin-deployments-common';
import { CheckedReferenceStore } from '../database/CheckedReferenceStore';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { secretsReferredTo } from '@highroad/plugin-platform-node/manifests';
import { objectsIn } from './objectsIn';

/** Which secrets the programs of a service refer to, by the manifests that were kept, and those that were only looked at. */
export class SecretReferences {
  readonly #checked: Pick<CheckedReferenceStore, 'of'>;
  readonly #manifests: Pick<ManifestStore, 'text'>;
  readonly #reader: Pick<ReadStore, 'status'>;

  constructor(options: {
    checked: Pick<CheckedReferenceStore, 'of'>;
    manifests: Pick<ManifestStore, 'text'>;
    reader: Pick<ReadStore, 'status'>;
  }) {
    this.#checked = options.checked;
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
    const deployed = await Promise.all(
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
    const checked = (await this.#checked.of(service)).filter(
      ({ environment, at }) => {
        const known = newest.get(environment);
        return !known || known.requestedAt < at;
      },
    );
    return [
      ...deployed,
      ...checked.map(({ environment, version, at, references }) => ({
        ...{ environment, version, at, references },
        checked: true,
      })),
    ];
  }
}
