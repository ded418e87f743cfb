import {
  ConflictError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  ENVIRONMENT_HOME_LABEL,
  ENVIRONMENT_NAME_LABEL,
  ENVIRONMENT_UID_LABEL,
  KIND,
  Orphan,
  OWNER_ANNOTATION,
} from '@highroad/plugin-environments-common';
import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { z } from 'zod';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { namespaceBlocker } from '../controller/namespaceBlocker';
import { usualPace } from '../controller/Pace';
import { clusterUid } from './clusterUid';
import { PreviewSettings } from './PreviewSettings';
import { isLabelledByController } from './writtenByController';

const namespaceSchema = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    creationTimestamp: z.string(),
    deletionTimestamp: z.string().optional(),
    labels: z.record(z.string()).default({}),
    annotations: z.record(z.string()).default({}),
  }),
});

const uidSchema = z.object({ uid: z.string() });

/**
 * Namespaces of environments that are not there any more, such as after somebody took their finalizer away. For databases
 * without a namespace, see `OrphanDatabases`.
 */
export class Orphans {
  readonly #client: () => ClusterClient | { missing: string };
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #now: () => Date;
  readonly #settings: Pick<PreviewSettings, 'namespace' | 'teamNamespaces'>;

  constructor(options: {
    client: () => ClusterClient | { missing: string };
    drivers: Map<string, DatabaseDriver>;
    now: () => Date;
    settings: Pick<PreviewSettings, 'namespace' | 'teamNamespaces'>;
  }) {
    this.#client = options.client;
    this.#drivers = options.drivers;
    this.#now = options.now;
    this.#settings = options.settings;
  }

  /** Oldest first. The cluster itself is asked, not a watch: what is new there is not to be taken for lost. */
  async list(): Promise<Orphan[]> {
    const found = await this.#find();
    return found
      .map(({ orphan }) => orphan)
      .sort((a, b) => a.createdAt.localeCompare(b.createdAt));
  }

  /**
   * Removes a namespace with all that is in it, and the databases of its environment. Of one that is going already, only the
   * databases: what keeps it from going is for a person to look at.
   *
   * @throws NotFoundError if it is no orphan, ConflictError if it is not certain that this platform made it
   */
  async remove(namespace: string, signal: AbortSignal): Promise<void> {
    const found = (await this.#find()).find(
      ({ orphan }) => orphan.namespace === namespace,
    );
    if (!found) {
      throw new NotFoundError(
        `${namespace} is not what is left of an environment: its environment is there, or it is no environment's.`,
      );
    }
    if (!found.orphan.ours) {
      throw new ConflictError(
        `The cluster does not say that this platform made ${namespace}, so it is not removed. Look at it, then: kubectl delete namespace ${namespace}`,
      );
    }
    // Databases first: what is left of it is found by its namespace, so that it can be tried again as long as that is there.
    const client = this.#connected();
    const { environmentUid } = found;
    const of = { environmentUid, cluster: await clusterUid(client) };
    for (const driver of this.#drivers.values()) {
      await driver.removeAll(of, signal);
    }
    // The cluster refuses to remove twice.
    if (found.orphan.ending) return;
    await client.delete(
      { kind: 'Namespace', name: namespace },
      { uid: found.namespaceUid },
    );
  }

  async #find() {
    const client = this.#connected();
    // Namespaces first: an environment that is made meanwhile is in the second list.
    const namespaces = await client.list('Namespace', {
      labelSelector: ENVIRONMENT_UID_LABEL,
    });
    const environments = await client.list(KIND);
    const living = new Set(
      environments.items.map(({ metadata }) => uidSchema.parse(metadata).uid),
    );
    return namespaces.items.flatMap(item => {
      const { metadata } = namespaceSchema.parse(item);
      const { labels, name } = metadata;
      const environmentUid = labels[ENVIRONMENT_UID_LABEL];
      const home = labels[ENVIRONMENT_HOME_LABEL] ?? '';
      const { namespace, teamNamespaces } = this.#settings;
      // Another platform's, which keeps its environments elsewhere.
      if (!teamNamespaces && home !== namespace) return [];
      if (living.has(environmentUid)) return [];
      const { deletionTimestamp: since } = metadata;
      // It goes by itself, unless something keeps it.
      if (since && this.#goingFor(since) < usualPace.blockedAfterMs) return [];
      const silentTooLong =
        since !== undefined &&
        this.#goingFor(since) > 2 * usualPace.blockedAfterMs;
      const blocker = since && namespaceBlocker(item, { silentTooLong });
      return [
        {
          environmentUid,
          namespaceUid: metadata.uid,
          orphan: {
            namespace: name,
            environment: labels[ENVIRONMENT_NAME_LABEL] ?? '',
            home,
            owner: metadata.annotations[OWNER_ANNOTATION],
            createdAt: metadata.creationTimestamp,
            ours: isLabelledByController(item, ENVIRONMENT_UID_LABEL),
            ...(since && { ending: { since, ...(blocker && { blocker }) } }),
          },
        },
      ];
    });
  }

  #goingFor(since: string): number {
    return this.#now().getTime() - Date.parse(since);
  }

  #connected(): ClusterClient {
    const client = this.#client();
    if ('missing' in client) throw new ServiceUnavailableError(client.missing);
    return client;
  }
}
