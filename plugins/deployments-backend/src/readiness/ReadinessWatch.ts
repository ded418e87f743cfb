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

/** A cluster whose settings cannot be used yet is tried again after this, in milliseconds. */
const AGAIN_MS = 20_000;

interface Watched {
  client: ClusterClient;
  informers: Array<{ kind: Kind; informer: Informer }>;
}

/**
 * How many pods are ready of what deployments brought to clusters: the workloads there are watched, so that it is known
 * at once and costs a cluster nothing while nothing happens.
 */
export class ReadinessWatch {
  readonly #access: Pick<ClusterAccess, 'config'>;
  /** By name: what watches it, or why nothing does */
  readonly #clusters: Map<string, Watched | { problem: string }>;
  readonly #jitter: () => number;
  readonly #logger: LoggerService;
  readonly #onChange: () => void;
  readonly #retries = new Set<NodeJS.Timeout>();
  /** By deployment, then by workload */
  readonly #seen = new Map<string, Map<string, Readiness>>();
  /** Which deployment wrote a workload last */
  readonly #deploymentOf = new Map<string, string>();

  /**
   * @param options.clusters - names of those that are watched
   * @param options.onChange - told when pods of something are missing, are others that are missing, or are back
   */
  constructor(options: {
    access: Pick<ClusterAccess, 'config'>;
    clusters: string[];
    jitter: () => number;
    logger: LoggerService;
    onChange: () => void;
  }) {
    this.#access = options.access;
    this.#jitter = options.jitter;
    this.#logger = options.logger;
    this.#onChange = options.onChange;
    this.#clusters = new Map(
      options.clusters.map(name => [name, { problem: notYet(name) }]),
    );
  }

  start(): void {
    for (const cluster of this.#clusters.keys()) this.#begin(cluster);
  }

  async stop(): Promise<void> {
    for (const retry of this.#retries) clearTimeout(retry);
    await Promise.all(
      [...this.#clusters.values()].map(async watched => {
        if ('problem' in watched) return;
        const { client, informers } = watched;
        await Promise.all(informers.map(({ informer }) => informer.stop()));
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
    const watched = this.#clusters.get(cluster);
    if (!watched) return undefined;
    if ('problem' in watched) return watched.problem;
    const [trouble] = watched.informers.flatMap(({ kind, informer }) => {
      if (informer.trouble === undefined) return [];
      // A cluster without Argo Rollouts has no Rollouts.
      const hasNone =
        kind === 'Rollout' && isNotFound(informer.trouble) && !informer.synced;
      return hasNone ? [] : [informer.trouble];
    });
    if (trouble !== undefined) return cannotWatch(cluster, trouble);
    const isRead = watched.informers.every(
      ({ informer }) => informer.synced || informer.trouble !== undefined,
    );
    return isRead ? undefined : notYet(cluster);
  }

  #begin(cluster: string): void {
    try {
      const config = this.#access.config(cluster);
      const client = new ClusterClient({ config });
      const informers = KINDS.map(kind => {
        const informer = new Informer({
          ...{ client, kind, jitter: this.#jitter, reduce },
          labelSelector: DEPLOYMENT_LABEL,
          onTrouble: (_, isNew) => {
            const problem = isNew && this.problem(cluster);
            if (problem) this.#logger.warn(problem);
          },
        });
        informer.onChange(change => this.#take(cluster, change));
        return { kind, informer };
      });
      this.#clusters.set(cluster, { client, informers });
      for (const { informer } of informers) informer.start();
    } catch (error) {
      const problem = cannotWatch(cluster, error);
      this.#clusters.set(cluster, { problem });
      this.#logger.warn(problem);
      const retry = setTimeout(() => {
        this.#retries.delete(retry);
        this.#begin(cluster);
      }, AGAIN_MS);
      this.#retries.add(retry.unref());
    }
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
    const isOther =
      before?.ready !== now?.ready || before?.wanted !== now?.wanted;
    const isMissing = [before, now].some(one => one && isUnready(one));
    if (isOther && isMissing) this.#onChange();
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
}

function notYet(cluster: string): string {
  return `The cluster ${cluster} has not been looked at yet.`;
}

function cannotWatch(cluster: string, error: unknown): string {
  const why = error instanceof Error ? error.message : String(error);
  return `The cluster ${cluster} cannot be watched: ${why}`;
}

function sumOf(all: Readiness[]): Readiness {
  return {
    wanted: all.reduce((sum, { wanted }) => sum + wanted, 0),
    // What one has too many is no help to another.
    ready: all.reduce((sum, one) => sum + Math.min(one.ready, one.wanted), 0),
  };
}
