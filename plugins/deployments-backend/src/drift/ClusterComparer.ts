import { ObjectChange } from '@highroad/plugin-deployments-common';
import {
  Destination,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { isNotFound, refusalIn } from '../drivers/engine/direct/answers';
import { dryRun } from '../drivers/engine/direct/dryRun';
import { withinTime } from '@highroad/plugin-platform-node';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { deployerOf } from '../drivers/engine/direct/namespaceObjects';
import { asSteered } from '../drivers/engine/direct/steeredServices';
import { fieldChanges } from './fieldChanges';
import {
  DEPLOYMENT_LABEL,
  kubernetesObjectSchema,
} from '@highroad/plugin-platform-node/manifests';

const CALL_MS = 10_000;

/** Says what of some manifests is otherwise in a cluster. Changes nothing. */
export interface Comparer {
  /** @throws Error that says why it is not known */
  compare(
    destination: Destination,
    objects: KubernetesObject[],
  ): Promise<ObjectChange[]>;
}

/**
 * Asks the API server what applying the manifests again would change, without keeping that. So defaults that the server
 * fills in, and fields that belong to others such as the replicas of an autoscaler, are no differences.
 */
export class ClusterComparer implements Comparer {
  readonly #access: ClusterAccess;

  constructor(options: { access: ClusterAccess }) {
    this.#access = options.access;
  }

  async compare(
    { cluster, namespace }: Destination,
    objects: KubernetesObject[],
  ): Promise<ObjectChange[]> {
    if (!(await isThere(this.#access.api(cluster), namespace))) {
      return fieldChanges(objects, []);
    }
    // As the account that manifests are applied as: no more is seen than it may.
    const api = this.#access.api(cluster, deployerOf(namespace));
    const changes: ObjectChange[] = [];
    for (const object of objects) {
      const steered = await within(asSteered(api, object, objects, namespace));
      changes.push(
        ...(await compareOne(api, withNamespace(steered, namespace))),
      );
    }
    return changes;
  }
}

/** Where the namespace is gone, the account is gone with it, and all that was deployed. */
async function isThere(
  api: KubernetesObjectApi,
  name: string,
): Promise<boolean> {
  try {
    await within(
      api.read({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } }),
    );
    return true;
  } catch (error) {
    if (isNotFound(error)) return false;
    throw error;
  }
}

async function compareOne(
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<ObjectChange[]> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  try {
    const there = await within(
      api.read({ apiVersion, kind, metadata: { name, namespace } }),
    ).catch(error => {
      if (isNotFound(error)) return undefined;
      throw error;
    });
    if (!there) return fieldChanges([object], []);
    const again = await within(dryRun(api, object, { force: true }));
    return fieldChanges([ofPeople(again)], [ofPeople(there)]);
  } catch (error) {
    const refusal = refusalIn(error);
    const why = refusal?.message ?? (error as Error).message;
    throw new Error(`${kind} ${name} could not be compared: ${why}`);
  }
}

/** Without what the server keeps of an object for itself, and without how it is doing. */
function ofPeople(object: unknown): KubernetesObject {
  const plain = kubernetesObjectSchema.parse(
    JSON.parse(JSON.stringify(object)),
  );
  const { status: _, ...rest } = plain;
  const { name, namespace, labels, annotations } = plain.metadata;
  return {
    ...rest,
    metadata: {
      ...{ name, namespace },
      // Which deployment wrote it is no part of what was asked for.
      labels: without(labels, DEPLOYMENT_LABEL),
      annotations: without(annotations, 'deployment.kubernetes.io/revision'),
    },
  };
}

function without(
  texts: Record<string, string> | undefined,
  name: string,
): Record<string, string> {
  const { [name]: _, ...rest } = texts ?? {};
  return rest;
}

function withNamespace(
  object: KubernetesObject,
  namespace: string,
): KubernetesObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function within<T>(call: Promise<T>): Promise<T> {
  return withinTime(call, CALL_MS, 'the cluster did not answer in time');
}
