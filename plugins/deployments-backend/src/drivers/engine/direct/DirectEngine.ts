import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import {
  Aim,
  Destination,
  Engine,
  EngineRefusedError,
  KubernetesObject,
  NewPods,
  Observation,
  SteerAction,
} from '@highroad/plugin-deployments-node';
import { DEPLOYMENT_LABEL } from '@highroad/plugin-platform-node/manifests';
import { explain, isForbidden, isNotFound } from './answers';
import { Call, callsUntil } from './calls';
import { ClusterClock } from './ClusterClock';
import { claimNamespace } from './claimNamespace';
import { conflictsOf } from './conflictsOf';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { endPause } from './endPause';
import { Inventory, inventoryOf, sameItem } from './Inventory';
import {
  deployerOf,
  FIELD_MANAGER,
  namespaceObjects,
} from './namespaceObjects';
import { isApplied } from './isApplied';
import { jobInTheWay, JobInTheWay, removeJob } from './jobInTheWay';
import { lastWords } from './lastWords';
import { observeWorkload } from './observeWorkload';
import { stepAfter, steerWorkload } from './steerWorkload';
import { PodReader } from './PodReader';
import { asSteered } from './steeredServices';
import { together } from './together';

/** What others need comes before them. */
const FIRST = [
  'ServiceAccount',
  'ConfigMap',
  'AnalysisTemplate',
  'Service',
  'Ingress',
];
const WORKLOADS = ['Deployment', 'Rollout'];
/** For who asks on nobody's behalf: nobody can take it from them. */
const NEVER = new AbortController().signal;

/** Applies manifests straight to a cluster, by server-side apply. */
export class DirectEngine implements Engine {
  readonly #access: ClusterAccess;
  readonly #clocks = new Map<string, ClusterClock>();

  constructor(options: { access: ClusterAccess }) {
    this.#access = options.access;
  }

  async prepare(destination: Destination, signal = NEVER): Promise<void> {
    const call = callsUntil(signal);
    const api = this.#access.api(destination.cluster);
    const [namespace, ...rest] = namespaceObjects(destination);
    await claimNamespace(api, call, destination, namespace).catch(error => {
      throw explain(error, `make the namespace ${destination.namespace}`);
    });
    for (const object of [namespace, ...rest]) {
      await call(() =>
        api.patch(
          object,
          undefined,
          undefined,
          FIELD_MANAGER,
          true,
          PatchStrategy.ServerSideApply,
        ),
      ).catch(error => {
        throw explain(error, `make ${object.kind} ${object.metadata.name}`);
      });
    }
  }

  async conflicts(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; waits?: boolean; signal?: AbortSignal },
  ): Promise<string[]> {
    const { cluster, namespace } = destination;
    const call = callsUntil(options.signal ?? NEVER);
    const api = this.#access.api(cluster, deployerOf(namespace));
    const found = await Promise.all(
      objects.map(async object => {
        const whole = await this.#whole(call, api, object, {
          ...{ objects, namespace, deployment: options.deployment },
        }).catch(error => {
          // The account that may look is made with the namespace: before the first deployment, there is neither.
          if (isForbidden(error)) return undefined;
          throw error;
        });
        if (!whole) return [];
        const job = await lookForJob(call, api, whole);
        if (job?.runs && !options.waits) throw new EngineRefusedError(job.runs);
        return conflictsOf(call, api, whole);
      }),
    );
    return found.flat();
  }

  async apply(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; takeOver?: boolean; signal?: AbortSignal },
  ): Promise<string[]> {
    const { cluster, namespace } = destination;
    const { deployment, takeOver = false, signal = NEVER } = options;
    const call = callsUntil(signal);
    const api = this.#access.api(cluster, deployerOf(namespace));
    const about = { objects, namespace, deployment };
    // Looked at before anything is applied: what is refused must not be half there.
    const jobs = new Map<KubernetesObject, JobInTheWay>();
    for (const object of objects.filter(({ kind }) => kind === 'Job')) {
      const whole = await this.#whole(call, api, object, about);
      const job = await lookForJob(call, api, whole);
      if (job) jobs.set(object, job);
    }
    const inventory = new Inventory(this.#access.api(cluster), namespace);
    const before = await call(() => inventory.read());
    const wanted = inventoryOf(objects);
    const gone = before.filter(
      item => !wanted.some(other => sameItem(item, other)),
    );
    // Written before the effect: what a crash leaves half done can be found and removed.
    await call(() => inventory.write([...wanted, ...gone]));

    const lines: string[] = [];
    for (const object of ordered(objects)) {
      const name = `${object.kind} ${object.metadata.name}`;
      const job = jobs.get(object);
      if (job?.runs) continue;
      try {
        const whole = await this.#whole(call, api, object, about);
        if (job) {
          await removeJob(call, api, whole, job);
          lines.push(`removed ${name} of the version before`);
        }
        const there = await call(() =>
          api.patch(
            whole,
            undefined,
            undefined,
            FIELD_MANAGER,
            takeOver,
            PatchStrategy.ServerSideApply,
          ),
        );
        if (WORKLOADS.includes(object.kind)) {
          await call(() => endPause(api, whole, there));
        }
      } catch (error) {
        throw explain(error, `apply ${name}`);
      }
      lines.push(`applied ${name}`);
    }
    for (const { apiVersion, kind, name } of gone) {
      await call(() =>
        api.delete(
          { apiVersion, kind, metadata: { name, namespace } },
          ...([undefined, undefined, undefined, undefined] as const),
          // Kubernetes would leave the pods of a Job.
          'Background',
        ),
      ).catch(error => {
        if (!isNotFound(error)) throw explain(error, `remove ${kind} ${name}`);
      });
      lines.push(`removed ${kind} ${name}`);
    }
    // All else is there by now: what serves does not wait for what runs once.
    for (const { runs } of jobs.values()) if (runs) throw new Error(runs);
    await call(() => inventory.write(wanted));
    return lines;
  }

  async observe(
    destination: Destination,
    objects: KubernetesObject[],
    signal = NEVER,
  ): Promise<Observation> {
    const { cluster, namespace } = destination;
    const call = callsUntil(signal);
    const api = this.#access.api(cluster);
    const pods = new PodReader(this.#access.config(cluster), api, namespace);
    const now = () => this.#clockOf(cluster).now();
    const seen = await call(() =>
      Promise.all(
        workloadsIn(objects).map(workload =>
          observeWorkload({ api, pods, namespace, now }, workload),
        ),
      ),
    );
    return together(seen);
  }

  async lastWords(
    { cluster, namespace }: Destination,
    { hashes }: NewPods,
    signal = NEVER,
  ): Promise<string[]> {
    const api = this.#access.api(cluster);
    const pods = new PodReader(this.#access.config(cluster), api, namespace);
    return callsUntil(signal)(still =>
      lastWords({ api, pods, namespace }, hashes, still),
    );
  }

  async aim(
    destination: Destination,
    objects: KubernetesObject[],
    action: SteerAction,
    signal = NEVER,
  ): Promise<Aim> {
    const { cluster, namespace } = destination;
    const call = callsUntil(signal);
    const api = this.#access.api(cluster);
    const aim: Aim = {};
    for (const workload of workloadsIn(objects)) {
      const step = await call(() =>
        stepAfter(api, namespace, workload, action),
      );
      if (step !== undefined) aim[workload.metadata.name] = step;
    }
    return aim;
  }

  async steer(
    destination: Destination,
    objects: KubernetesObject[],
    action: SteerAction,
    options: { aim?: Aim; signal?: AbortSignal } = {},
  ): Promise<void> {
    const { cluster, namespace } = destination;
    const { aim = {}, signal = NEVER } = options;
    const call = callsUntil(signal);
    const api = this.#access.api(cluster);
    const config = this.#access.config(cluster);
    for (const workload of workloadsIn(objects)) {
      const { name } = workload.metadata;
      await call(still =>
        steerWorkload({ api, config }, namespace, workload, {
          ...{ action, step: aim[name], signal: still },
        }),
      ).catch(error => {
        throw explain(error, `${action} ${name}`);
      });
    }
  }

  async holds(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string; signal?: AbortSignal },
  ): Promise<boolean> {
    const { cluster, namespace } = destination;
    const call = callsUntil(options.signal ?? NEVER);
    const kept = await call(() =>
      new Inventory(this.#access.api(cluster), namespace).read(),
    );
    const wanted = inventoryOf(objects);
    const same =
      kept.length === wanted.length &&
      kept.every(item => wanted.some(other => sameItem(item, other)));
    if (!same) return false;
    const api = this.#access.api(cluster, deployerOf(namespace));
    for (const object of objects) {
      const whole = await this.#whole(call, api, object, {
        ...{ objects, namespace, deployment: options.deployment },
      });
      if (!(await call(() => isApplied(api, whole)))) return false;
    }
    return true;
  }

  #clockOf(cluster: string): ClusterClock {
    const known = this.#clocks.get(cluster);
    if (known) return known;
    const clock = new ClusterClock({
      config: () => this.#access.config(cluster),
    });
    this.#clocks.set(cluster, clock);
    return clock;
  }

  /** An object as it is applied. */
  async #whole(
    call: Call,
    api: KubernetesObjectApi,
    object: KubernetesObject,
    about: {
      objects: KubernetesObject[];
      namespace: string;
      deployment: string;
    },
  ): Promise<KubernetesObject> {
    const { objects, namespace, deployment } = about;
    const steered = await call(() =>
      asSteered(api, object, objects, namespace),
    );
    return labelled(steered, namespace, deployment);
  }
}

async function lookForJob(
  call: Call,
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<JobInTheWay | undefined> {
  return jobInTheWay(call, api, object).catch(error => {
    throw explain(error, `say whether Job ${object.metadata.name} can change`);
  });
}

function workloadsIn(objects: KubernetesObject[]): KubernetesObject[] {
  return objects.filter(object => WORKLOADS.includes(object.kind));
}

function ordered(objects: KubernetesObject[]): KubernetesObject[] {
  const rank = ({ kind }: KubernetesObject) => {
    const at = FIRST.indexOf(kind);
    return at < 0 ? FIRST.length : at;
  };
  return [...objects].sort((a, b) => rank(a) - rank(b));
}

/** The deployment that writes is named on the object, not on its pods: those would be replaced for it. */
function labelled(
  object: KubernetesObject,
  namespace: string,
  deployment: string,
): KubernetesObject {
  return {
    ...object,
    metadata: {
      ...object.metadata,
      namespace,
      labels: {
        ...object.metadata.labels,
        [DEPLOYMENT_LABEL]: deployment,
      },
    },
  };
}
