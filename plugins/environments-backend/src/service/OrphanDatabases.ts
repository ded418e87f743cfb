import { LoggerService } from '@backstage/backend-plugin-api';
import {
  ConflictError,
  NotFoundError,
  ServiceUnavailableError,
  stringifyError,
} from '@backstage/errors';
import {
  ENVIRONMENT_UID_LABEL,
  KIND,
  OrphanDatabases as Found,
} from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  DatabaseHolding,
} from '@highroad/plugin-environments-node';
import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { z } from 'zod';
import { clusterUid } from './clusterUid';

const namespaceSchema = z.object({
  metadata: z.object({ labels: z.record(z.string()).default({}) }),
});
const environmentSchema = z.object({ metadata: z.object({ uid: z.string() }) });

/**
 * Databases of environments of which the cluster has neither the resource nor the namespace. They are on servers that
 * other platforms may use too, so that what does not say of which cluster it is may be theirs.
 */
export class OrphanDatabases {
  readonly #client: () => ClusterClient | { missing: string };
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #logger: LoggerService;

  constructor(options: {
    client: () => ClusterClient | { missing: string };
    drivers: Map<string, DatabaseDriver>;
    logger: LoggerService;
  }) {
    this.#client = options.client;
    this.#drivers = options.drivers;
    this.#logger = options.logger;
  }

  /** What is said to be of another cluster is left out. Where a driver does not answer, the others' is told. */
  async list(
    signal: AbortSignal,
  ): Promise<{ databases: Found[]; problems: string[] }> {
    const client = this.#connected();
    const databases: Found[] = [];
    const problems: string[] = [];
    const held: Array<[driver: string, holdings: DatabaseHolding[]]> = [];
    for (const [name, driver] of this.#drivers) {
      try {
        held.push([name, await driver.holdings(signal)]);
      } catch (error) {
        const what = `Whether databases of the driver "${name}" are left could not be found out`;
        // With addresses and names of accounts, which are not for everybody.
        this.#logger.warn(`${what}: ${stringifyError(error)}`);
        problems.push(`${what}. The portal's log says why.`);
      }
    }
    const all = held.flatMap(([, holdings]) => holdings);
    if (all.length === 0) return { databases, problems };
    // After the databases: an environment that is made meanwhile is known here.
    const [cluster, known] = await Promise.all([
      clusterUid(client),
      knownUids(client),
    ]);
    if (cluster === undefined && all.some(one => one.cluster)) {
      problems.push(
        'The cluster does not show its namespace kube-system, so databases that name a cluster cannot be told from those of others.',
      );
    }
    for (const [driver, holdings] of held) {
      for (const { environmentUid, cluster: theirs, names } of holdings) {
        const isOthers = theirs !== undefined && theirs !== cluster;
        if (isOthers || known.has(environmentUid)) continue;
        const ours = theirs !== undefined && theirs === cluster;
        databases.push({ environmentUid, driver, names, ours });
      }
    }
    return { databases, problems };
  }

  /**
   * Removes databases and roles of an environment.
   *
   * @returns their names
   * @throws NotFoundError if there are none, ConflictError if it is not certain that they are of this cluster,
   * ServiceUnavailableError if that cannot be found out now
   */
  async remove(environmentUid: string, signal: AbortSignal): Promise<string[]> {
    const { databases, problems } = await this.list(signal);
    const its = databases.filter(one => one.environmentUid === environmentUid);
    if (its.length === 0 && problems.length > 0) {
      throw new ServiceUnavailableError(problems.join(' '));
    }
    if (its.length === 0) {
      throw new NotFoundError(
        `No databases are left of an environment ${environmentUid}: it had none, or something of it is still in the cluster.`,
      );
    }
    if (!its.every(({ ours }) => ours)) {
      throw new ConflictError(
        `The databases of ${environmentUid} do not say of which cluster they are, so they are not removed: another platform may use them. Look at them, then drop them by psql.`,
      );
    }
    const of = { environmentUid, cluster: await clusterUid(this.#connected()) };
    for (const { driver } of its) {
      await this.#drivers.get(driver)?.removeAll(of, signal);
    }
    return its.flatMap(({ names }) => names);
  }

  #connected(): ClusterClient {
    const client = this.#client();
    if ('missing' in client) throw new ServiceUnavailableError(client.missing);
    return client;
  }
}

/** Of all environments that the cluster has something of. */
async function knownUids(client: ClusterClient): Promise<Set<string>> {
  const [namespaces, environments] = await Promise.all([
    client.list('Namespace', { labelSelector: ENVIRONMENT_UID_LABEL }),
    client.list(KIND),
  ]);
  return new Set([
    ...namespaces.items.map(
      item =>
        namespaceSchema.parse(item).metadata.labels[ENVIRONMENT_UID_LABEL],
    ),
    ...environments.items.map(
      item => environmentSchema.parse(item).metadata.uid,
    ),
  ]);
}
