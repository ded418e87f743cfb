import { PatchStrategy } from '@kubernetes/client-node';
import {
  Destination,
  Engine,
  KubernetesObject,
  Observation,
  SteerAction,
} from '@highroad/plugin-deployments-node';
import { DEPLOYMENT_LABEL } from '@highroad/plugin-platform-node/manifests';
import { explain, isNotFound } from './answers';
import { claimNamespace } from './claimNamespace';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { Inventory, inventoryOf, sameItem } from './Inventory';
import {
  deployerOf,
  FIELD_MANAGER,
  namespaceObjects,
} from './namespaceObjects';
import { isApplied } from './isApplied';
import { observeWorkload } from './observeWorkload';
import { steerWorkload } from './steerWorkload';
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
/** Any API of ours keeps its word within this; a lease is longer. */
const CALL_MS = 10_000;

/** Applies manifests straight to a cluster, by server-side apply. */
export class DirectEngine implements Engine {
  readonly #access: ClusterAccess;

  constructor(options: { access: ClusterAccess }) {
    this.#access = options.access;
  }

  async prepare(destination: Destination): Promise<void> {
    const api = this.#access.api(destination.cluster);
    const [namespace, ...rest] = namespaceObjects(destination);
    await within(claimNamespace(api, destination, namespace)).catch(error => {
      throw explain(error, `make the namespace ${destination.namespace}`);
    });
    for (const object of [namespace, ...rest]) {
      await within(
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

  async apply(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string },
  ): Promise<string[]> {
    const { cluster, namespace } = destination;
    const inventory = new Inventory(this.#access.api(cluster), namespace);
    const before = await within(inventory.read());
    const wanted = inventoryOf(objects);
    const gone = before.filter(
      item => !wanted.some(other => sameItem(item, other)),
    );
    // Written before the effect: what a crash leaves half done can be found and removed.
    await within(inventory.write([...wanted, ...gone]));

    const api = this.#access.api(cluster, deployerOf(namespace));
    const lines: string[] = [];
    for (const object of ordered(objects)) {
      const name = `${object.kind} ${object.metadata.name}`;
      const applying = async () =>
        api.patch(
          labelled(
            await asSteered(api, object, objects, namespace),
            namespace,
            options.deployment,
          ),
          undefined,
          undefined,
          FIELD_MANAGER,
          false,
          PatchStrategy.ServerSideApply,
        );
      await within(applying()).catch(error => {
        throw explain(error, `apply ${name}`);
      });
      lines.push(`applied ${name}`);
    }
    for (const { apiVersion, kind, name } of gone) {
      await within(
        api.delete({ apiVersion, kind, metadata: { name, namespace } }),
      ).catch(error => {
        if (!isNotFound(error)) throw explain(error, `remove ${kind} ${name}`);
      });
      lines.push(`removed ${kind} ${name}`);
    }
    await within(inventory.write(wanted));
    return lines;
  }

  async observe(
    destination: Destination,
    objects: KubernetesObject[],
  ): Promise<Observation> {
    const { cluster, namespace } = destination;
    const api = this.#access.api(cluster);
    const pods = new PodReader(this.#access.config(cluster), api, namespace);
    const seen = await within(
      Promise.all(
        workloadsIn(objects).map(workload =>
          observeWorkload(api, pods, namespace, workload),
        ),
      ),
    );
    return together(seen);
  }

  async steer(
    destination: Destination,
    objects: KubernetesObject[],
    action: SteerAction,
  ): Promise<void> {
    const { cluster } = destination;
    const api = this.#access.api(cluster);
    const config = this.#access.config(cluster);
    for (const workload of workloadsIn(objects)) {
      await within(
        steerWorkload({ api, config }, destination.namespace, workload, action),
      ).catch(error => {
        throw explain(error, `${action} ${workload.metadata.name}`);
      });
    }
  }

  async holds(
    destination: Destination,
    objects: KubernetesObject[],
    options: { deployment: string },
  ): Promise<boolean> {
    const { cluster, namespace } = destination;
    const kept = await within(
      new Inventory(this.#access.api(cluster), namespace).read(),
    );
    const wanted = inventoryOf(objects);
    const same =
      kept.length === wanted.length &&
      kept.every(item => wanted.some(other => sameItem(item, other)));
    if (!same) return false;
    const api = this.#access.api(cluster, deployerOf(namespace));
    for (const object of objects) {
      const whole = labelled(
        await within(asSteered(api, object, objects, namespace)),
        namespace,
        options.deployment,
      );
      if (!(await within(isApplied(api, whole)))) return false;
    }
    return true;
  }
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

async function within<T>(call: Promise<T>): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error('The cluster did not answer in time.')),
      CALL_MS,
    );
  });
  try {
    return await Promise.race([call, late]);
  } finally {
    clearTimeout(timer);
  }
}
