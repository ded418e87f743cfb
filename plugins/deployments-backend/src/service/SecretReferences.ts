import {
  Deployment,
  DeployedReferences,
} from '@highroad/plugin-deployments-common';
import {
  CheckedReferences,
  CheckedReferenceStore,
} from '../database/CheckedReferenceStore';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { secretsReferredTo } from '@highroad/plugin-platform-node/manifests';
import { objectsIn } from './objectsIn';

/** So long a dry run tells more of an environment than what was deployed there, in milliseconds. Nobody may deploy it. */
const DRY_RUN_MS = 24 * 60 * 60 * 1000;

/** Which secrets the programs of a service refer to, by the manifests that were kept, and those that were only looked at. */
export class SecretReferences {
  readonly #checked: Pick<CheckedReferenceStore, 'of' | 'page'>;
  readonly #manifests: Pick<ManifestStore, 'texts'>;
  readonly #now: () => Date;
  readonly #reader: Pick<ReadStore, 'some' | 'status'>;

  constructor(options: {
    checked: Pick<CheckedReferenceStore, 'of' | 'page'>;
    manifests: Pick<ManifestStore, 'texts'>;
    now: () => Date;
    reader: Pick<ReadStore, 'some' | 'status'>;
  }) {
    this.#checked = options.checked;
    this.#manifests = options.manifests;
    this.#now = options.now;
    this.#reader = options.reader;
  }

  /** @param service - whole reference */
  async of(service: string): Promise<DeployedReferences[]> {
    const looks = await this.#checked.of(service);
    const looked = looks.flatMap(({ deployment }) => deployment ?? []);
    const all = [
      ...(await this.#reader.status({ services: [service] })),
      ...(looked.length > 0 ? await this.#reader.some(looked) : []),
    ];
    const newest = new Map<string, Deployment & { manifestsDigest: string }>();
    for (const one of all) {
      const { environment, manifestsDigest, requestedAt } = one;
      // One that failed before it had manifests says nothing.
      if (!manifestsDigest) continue;
      const known = newest.get(environment);
      if (known && known.requestedAt >= requestedAt) continue;
      newest.set(environment, { ...one, manifestsDigest });
    }
    const running = [...newest.values()];
    const digests = running.map(one => one.manifestsDigest);
    const texts = await this.#manifests.texts([...new Set(digests)]);
    const deployed = running.map(one => ({
      environment: one.environment,
      deployment: one.id,
      version: one.version,
      at: one.requestedAt,
      references: secretsReferredTo(
        objectsIn(texts.get(one.manifestsDigest) ?? ''),
      ),
    }));
    const checked = this.#newerLooks(looks, newest, all);
    return [
      ...deployed,
      ...checked.map(({ environment, version, at, references }) => ({
        ...{ environment, version, at, references },
        checked: true,
      })),
    ];
  }

  /**
   * The same of all services, by what was kept of looks alone: no manifest is read for it. What was deployed before a newer
   * deployment was refused is not told.
   *
   * @param page.after - reference of the service after which it goes on
   */
  async all(page: { after: string; limit: number }): Promise<{
    items: Array<{ service: string; references: DeployedReferences[] }>;
    next?: string;
  }> {
    const { services, looks } = await this.#checked.page(page);
    const since = new Date(this.#now().getTime() - DRY_RUN_MS).toISOString();
    const items = services.map(service => {
      const ofService = looks.filter(one => one.service === service);
      const told = ofService.filter(({ deployment, environment, at }) => {
        if (deployment) return true;
        const other = ofService.find(
          one => one.environment === environment && one.deployment,
        );
        return !other || (at > since && at > other.at);
      });
      return {
        service,
        references: told.map(({ deployed, deployment, ...look }) => ({
          ...{ environment: look.environment, version: look.version },
          ...{ at: look.at, references: look.references },
          ...(deployed ? { deployment } : { checked: true }),
        })),
      };
    });
    const isFull = services.length === page.limit;
    return { items, ...(isFull && { next: services[services.length - 1] }) };
  }

  /** @returns for each environment the newest look that tells more than what was deployed there */
  #newerLooks(
    looks: CheckedReferences[],
    deployed: Map<string, Deployment>,
    all: Deployment[],
  ): CheckedReferences[] {
    const byId = new Map(all.map(one => [one.id, one]));
    const refused = looks.filter(({ deployment, environment, at }) => {
      if (!deployment) return false;
      const one = byId.get(deployment);
      // Each is looked at before it is deployed; that one is told of as deployed.
      if (one?.manifestsDigest) return false;
      const known = deployed.get(environment);
      return !known || known.requestedAt < (one?.requestedAt ?? at);
    });
    const since = new Date(this.#now().getTime() - DRY_RUN_MS).toISOString();
    const dry = looks.filter(({ deployment, environment, at }) => {
      if (deployment) return false;
      const known = deployed.get(environment);
      const isAlone =
        !known && !refused.some(one => one.environment === environment);
      return isAlone || (at > since && (!known || known.requestedAt < at));
    });
    const newest = new Map<string, CheckedReferences>();
    for (const look of [...refused, ...dry]) {
      const before = newest.get(look.environment);
      if (!before || before.at < look.at) newest.set(look.environment, look);
    }
    return [...newest.values()];
  }
}
