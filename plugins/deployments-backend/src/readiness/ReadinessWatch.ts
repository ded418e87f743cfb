import { LoggerService } from '@backstage/backend-plugin-api';
import { isUnready, Readiness } from '@highroad/plugin-deployments-common';
import {
  Change,
  ClusterAccess,
  ClusterClient,
  Informer,
  isNotFound,
  Kind,
} from '@highroad/plugin-platform-node/kubernetes';
import { DEPLOYMENT_LABEL } from '@highroad/plugin-platform-node/manifests';
import { readinessOf, reduce } from './readinessOf';

/** What has pods, of what may be deployed. Jobs come and go. */
const KINDS = ['Deployment', 'Rollout'] as const satisfies Kind[];

interface Watched {
  client: ClusterClient;
  informers: Informer[];
  /** Told to the log already */
  reported?: string;
}

/**
 * How many pods are ready of what deployments brought to clusters: the workloads there are watched, so that it is known
 * at once and costs a cluster nothing while nothing happens.
 */
export class ReadinessWatch {
  readonly #clusters: Map<string, Watched>;
  readonly #logger: LoggerService;
  readonly #onChange: () => void;
  /** By deployment, then by workload */
  readonly #seen = new Map<string, Map<string, Readiness>>();
  /** Which deployment wrote a workload last */
  readonly #deploymentOf = new Map<string, string>();

  /**
   * @param options.clusters - names of those that are watched
   * @param options.onChange - told when pods of something became ready, or are not any more
   */
  constructor(options: {
    access: ClusterAccess;
    clusters: string[];
    jitter: () => number;
    logger: LoggerService;
    onChange: () => void;
  }) {
    const { access, jitter } = options;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#clusters = new Map(
      [...new Set(options.clusters)].map(cluster => {
        const client = new ClusterClient({ config: access.config(cluster) });
        const informers = KINDS.map(kind => {
          const informer = new Informer({
            ...{ client, kind, jitter, reduce },
            labelSelector: DEPLOYMENT_LABEL,
            onTrouble: () => this.#report(cluster),
          });
          informer.onChange(change => this.#take(cluster, change));
          return informer;
        });
        return [cluster, { client, informers }];
      }),
    );
  }

  start(): void {
    for (const { informers } of this.#clusters.values()) {
      for (const informer of informers) informer.start();
    }
  }

  async stop(): Promise<void> {
    await Promise.all(
      [...this.#clusters.values()].map(async ({ client, informers }) => {
        await Promise.all(informers.map(informer => informer.stop()));
        client.close();
      }),
    );
  }

  /** @returns nothing where no workload of these deployments is known */
  of(deployments: string[]): Readiness | undefined {
    const all = deployments.flatMap(id => [
      ...(this.#seen.get(id)?.values() ?? []),
    ]);
    return all.length === 0 ? undefined : sumOf(all);
  }

  /** The deployments of which pods are missing. */
  unready(): string[] {
    return [...this.#seen]
      .filter(([, workloads]) => isUnready(sumOf([...workloads.values()])))
      .map(([id]) => id);
  }

  /** Why it is not known how it is in a cluster. */
  problem(cluster: string): string | undefined {
    const troubles = (this.#clusters.get(cluster)?.informers ?? [])
      .map(({ trouble }) => trouble)
      // A cluster without Argo Rollouts has no Rollouts.
      .filter(trouble => trouble !== undefined && !isNotFound(trouble));
    if (troubles.length === 0) return undefined;
    const [first] = troubles;
    return `The cluster ${cluster} cannot be watched: ${
      first instanceof Error ? first.message : String(first)
    }`;
  }

  #take(cluster: string, { type, object }: Change): void {
    const { name, namespace, labels } = object.metadata;
    const key = `${cluster} ${object.kind} ${namespace}/${name}`;
    const before = this.#forget(key);
    const now = type === 'gone' ? undefined : readinessOf(object);
    if (now) {
      const deployment = labels?.[DEPLOYMENT_LABEL] ?? '';
      const workloads = this.#seen.get(deployment) ?? new Map();
      this.#seen.set(deployment, workloads.set(key, now));
      this.#deploymentOf.set(key, deployment);
    }
    if (before?.ready !== now?.ready || before?.wanted !== now?.wanted) {
      this.#onChange();
    }
  }

  #forget(key: string): Readiness | undefined {
    const deployment = this.#deploymentOf.get(key) ?? '';
    const workloads = this.#seen.get(deployment);
    const before = workloads?.get(key);
    workloads?.delete(key);
    if (workloads?.size === 0) this.#seen.delete(deployment);
    this.#deploymentOf.delete(key);
    return before;
  }

  #report(cluster: string): void {
    const watched = this.#clusters.get(cluster);
    const problem = this.problem(cluster);
    if (!watched || problem === watched.reported) return;
    watched.reported = problem;
    if (problem) this.#logger.warn(problem);
  }
}

function sumOf(all: Readiness[]): Readiness {
  return {
    wanted: all.reduce((sum, { wanted }) => sum + wanted, 0),
    // What one has too many is no help to another.
    ready: all.reduce((sum, one) => sum + Math.min(one.ready, one.wanted), 0),
  };
}
