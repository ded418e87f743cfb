import {
  EngineRefusedError,
  KubernetesObject,
} from '@highroad/plugin-deployments-node';
import { DEPLOYMENT_LABEL } from '@highroad/plugin-platform-node/manifests';
import { KubernetesObjectApi } from '@kubernetes/client-node';
import { z } from 'zod';
import { isForbidden, isNotFound, refusalIn } from './answers';
import { Call } from './calls';
import { dryRun } from './dryRun';
import { FIELD_MANAGER } from './namespaceObjects';

const jobSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string()).default({}),
    // The client gives a Date, the server text.
    deletionTimestamp: z.unknown(),
    managedFields: z
      .array(z.object({ manager: z.string().optional() }))
      .default([]),
  }),
  spec: z.object({ suspend: z.boolean().default(false) }),
  status: z
    .object({
      active: z.number().default(0),
      conditions: z
        .array(z.object({ type: z.string(), status: z.string() }))
        .default([]),
    })
    .default({}),
});
type Job = z.output<typeof jobSchema>;

/** A Job of a version before. What it runs cannot be changed, so another takes its place. */
export interface JobInTheWay {
  uid: string;
  resourceVersion: string;
  /** Why it is left alone for now, in a sentence; nothing where it has ended */
  runs?: string;
}

/**
 * Looks whether an object is a Job that is there already with something else to run. The API server itself says so: it
 * applies it without keeping that. What else it would refuse is left for when it is applied.
 *
 * @param object - as it will be applied
 * @throws EngineRefusedError if that Job is somebody else's; Error while it is being removed
 */
export async function jobInTheWay(
  call: Call,
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<JobInTheWay | undefined> {
  if (object.kind !== 'Job' || !(await isFixed(call, api, object))) {
    return undefined;
  }
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const found = await call(() =>
    api.read({ apiVersion, kind, metadata: { name, namespace } }),
  ).catch(error => {
    // It has gone at this very moment.
    if (isNotFound(error)) return undefined;
    throw error;
  });
  if (!found) return undefined;
  const job = jobSchema.parse(found);
  const { uid, resourceVersion, deletionTimestamp } = job.metadata;
  if (deletionTimestamp) {
    throw beingRemoved(name);
  }
  if (!isOurs(job)) {
    throw new EngineRefusedError(
      `There is a Job ${name} in ${namespace} that the platform did not make, and what a Job runs cannot be changed. Remove it, or give yours another name.`,
    );
  }
  return {
    ...{ uid, resourceVersion },
    ...(!hasEnded(job) && {
      runs: `The Job ${name} of a version before still runs, and what it runs cannot be changed. Wait until it has ended, or end it (kubectl -n ${namespace} delete job ${name}).`,
    }),
  };
}

/**
 * Removes it with its pods, if it is still the one that was looked at and has not changed since.
 *
 * @throws Error, to be tried again, if it has changed, or is still there
 */
export async function removeJob(
  call: Call,
  api: KubernetesObjectApi,
  object: KubernetesObject,
  { uid, resourceVersion }: JobInTheWay,
): Promise<void> {
  const { apiVersion, kind, metadata } = object;
  const { name, namespace } = metadata;
  const header = { apiVersion, kind, metadata: { name, namespace } };
  try {
    await call(() =>
      api.delete(
        header,
        ...([undefined, undefined, undefined, undefined] as const),
        undefined,
        // Kubernetes would leave the pods. Where there is a body, it takes no heed of the query.
        {
          propagationPolicy: 'Background',
          preconditions: { uid, resourceVersion },
        },
      ),
    );
    // Somebody's finalizer may hold it up.
    await call(() => api.read(header));
  } catch (error) {
    if (isNotFound(error)) return;
    if (refusalIn(error)?.code !== 409) throw error;
    throw new Error(`The Job ${name} has changed while it was looked at.`);
  }
  throw beingRemoved(name);
}

/** Whether the only thing against it is that what is there cannot be changed. */
async function isFixed(
  call: Call,
  api: KubernetesObjectApi,
  object: KubernetesObject,
): Promise<boolean> {
  try {
    // Who manages its fields is another question.
    await call(() => dryRun(api, object, { force: true }));
    return false;
  } catch (error) {
    // The account that may look is made with the namespace.
    if (isForbidden(error)) return false;
    const refusal = refusalIn(error);
    if (!refusal || refusal.code === 429 || refusal.code >= 500) throw error;
    const { code, causes, message } = refusal;
    const reasons = causes.length > 0 ? causes : [message];
    return code === 422 && reasons.every(one => /is immutable/.test(one));
  }
}

function beingRemoved(name: string): Error {
  return new Error(
    `The Job ${name} is being removed; it can be made again when it is gone.`,
  );
}

function isOurs({ metadata }: Job): boolean {
  return (
    metadata.labels[DEPLOYMENT_LABEL] !== undefined &&
    metadata.managedFields.some(({ manager }) => manager === FIELD_MANAGER)
  );
}

function hasEnded({ spec, status }: Job): boolean {
  const ended = status.conditions.some(
    ({ type, status: is }) =>
      is === 'True' && (type === 'Complete' || type === 'Failed'),
  );
  return ended || (spec.suspend && status.active === 0);
}
