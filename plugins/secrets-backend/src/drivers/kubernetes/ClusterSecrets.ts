import { KubernetesObjectApi, PatchStrategy } from '@kubernetes/client-node';
import {
  ClusterAccess,
  ENVIRONMENT_ANNOTATION,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { SecretValue } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { AbortableApi, abortedBy } from './AbortableApi';
import {
  ChangedMeanwhileError,
  ClusterError,
  explainCluster,
  ForeignNamespaceError,
  isConflict,
  isForbidden,
  isInvalid,
  isNotFound,
  RefusedError,
} from './clusterErrors';
import {
  asApplied,
  ManagedField,
  managedFieldSchema,
  wasMade,
} from './fieldManagers';
import { beganWithAll, labelSelector, Written, writtenAt } from './beganWith';
import { podsBefore } from './podsBefore';
import { restartFor } from './restartFor';
import {
  FirstArrival,
  isRolledOut,
  usesSecret,
  Workload,
  workloadSchema,
} from './usesSecret';

/** Who writes, as Kubernetes keeps it for every field. */
export const FIELD_MANAGER = 'highroad-secrets';
/** When programs were last restarted for their secrets, on the template of their pods. */
export const RESTART_ANNOTATION = 'platform.myorg.com/secrets-changed-at';
/** For which revision of the Secret that was, on the workload itself: there it changes no pods. */
export const REVISION_ANNOTATION = 'platform.myorg.com/secrets-revision';
/** A call that takes longer has failed; a lease is longer. */
const CALL_MS = 8_000;

/** So many that could not be restarted are told of, each with its reason. */
const MOST_TOLD = 5;

const WORKLOADS = [
  { apiVersion: 'apps/v1', kind: 'Deployment' },
  { apiVersion: 'apps/v1', kind: 'StatefulSet' },
  { apiVersion: 'apps/v1', kind: 'DaemonSet' },
  { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
];

const namespaceSchema = z.object({
  metadata: z.object({
    annotations: z.record(z.string()).default({}),
    deletionTimestamp: z.unknown(),
  }),
});
const secretSchema = z.object({
  metadata: z.object({
    resourceVersion: z.string(),
    managedFields: z.array(managedFieldSchema).default([]),
  }),
  data: z.record(z.string()).nullish(),
  immutable: z.boolean().nullish(),
});
const listSchema = z.object({ items: z.array(z.unknown()) });

/** Where a service's Secret is. */
export interface SecretPlace {
  cluster: string;
  namespace: string;
  /** Name of the Secret */
  secret: string;
  service: string;
  environment: string;
}

/** A Secret as the cluster has it. */
export interface ClusterSecret {
  /** The cluster's; another after each change */
  revision: string;
  /** Base64 by key */
  data: Map<string, SecretValue>;
  /** When the platform last changed it, by the cluster's clock, to the second */
  writtenAt?: Date;
  /** Nobody may change what it holds */
  immutable?: true;
  /** Who keeps which of its fields, where the platform made it and did not live to apply it */
  made?: ManagedField[];
}

/** A workload that uses a Secret. */
interface User {
  apiVersion: string;
  kind: string;
  name: string;
  workload: Workload;
  /** When the platform last had it restarted, as it wrote it there */
  restartedAt?: string;
  /** For which revision of the Secret, as it wrote it there too */
  restartedFor?: string;
  /** The same by the cluster's clock, to the second */
  patchedAt?: Date;
}

const annotatedSchema = z.object({
  annotations: z.record(z.string()).nullish(),
});
const restartedSchema = z.object({
  metadata: annotatedSchema,
  spec: z.object({
    restartAt: z.string().nullish(),
    template: z.object({ metadata: annotatedSchema.nullish() }).nullish(),
  }),
});

/** Secrets in clusters, and the workloads that use them. */
export class ClusterSecrets {
  readonly #access: Pick<ClusterAccess, 'config' | 'names'>;
  readonly #callMs: number;
  readonly #apis = new Map<string, AbortableApi>();

  /** @param options.callMs - how long a call may take, in milliseconds; eight seconds, if left out */
  constructor(options: {
    access: Pick<ClusterAccess, 'config' | 'names'>;
    callMs?: number;
  }) {
    this.#access = options.access;
    this.#callMs = options.callMs ?? CALL_MS;
  }

  /**
   * Whether the service runs there.
   *
   * @throws ForeignNamespaceError if the namespace is somebody else's
   */
  async runsIn(place: SecretPlace): Promise<boolean> {
    const found = await this.#call(place, 'look at the namespace', api =>
      api
        .read({
          apiVersion: 'v1',
          kind: 'Namespace',
          metadata: { name: place.namespace },
        })
        .catch(nothingIfNotFound),
    );
    if (!found) return false;
    const { annotations, deletionTimestamp } =
      namespaceSchema.parse(found).metadata;
    if (deletionTimestamp) return false;
    const ours =
      annotations[SERVICE_ANNOTATION] === place.service &&
      annotations[ENVIRONMENT_ANNOTATION] === place.environment;
    if (ours) return true;
    throw new ForeignNamespaceError(
      `The namespace ${place.namespace} was not made for ${place.service} in ${place.environment}, so it gets none of its secrets.`,
    );
  }

  /** @returns nothing where there is no such Secret */
  async read(place: SecretPlace): Promise<ClusterSecret | undefined> {
    const found = await this.#call(place, 'read the Secret', api =>
      api.read(headerOf(place)).catch(nothingIfNotFound),
    );
    return found && secretOf(found);
  }

  /**
   * Makes our keys of the Secret be exactly these. Keys of others in it stay as they are.
   *
   * @param data - base64 by key
   * @param seen - what it was when `data` was not known yet: where it is another by now, `data` may be older than what is there
   * @returns the cluster's revision of it
   * @throws ChangedMeanwhileError, and nothing is written
   */
  async apply(
    place: SecretPlace,
    data: Map<string, SecretValue>,
    seen: ClusterSecret | undefined,
  ): Promise<ClusterSecret> {
    const wanted = Object.fromEntries(
      [...data].map(([key, value]) => [key, value.reveal()]),
    );
    const header = headerOf(place);
    if (!seen) {
      const made = await this.#write(place, api =>
        api.create(
          ...([{ ...header, data: wanted }, undefined, undefined] as const),
          FIELD_MANAGER,
        ),
      );
      return this.#takeOver(place, made);
    }
    const { revision } = await this.#takeOver(place, seen);
    return this.#write(place, api =>
      api
        .patch(
          {
            ...{ ...header, data: wanted },
            metadata: { ...header.metadata, resourceVersion: revision },
          },
          undefined,
          undefined,
          FIELD_MANAGER,
          // What somebody else wrote over one of our keys is written over.
          true,
          PatchStrategy.ServerSideApply,
        )
        .catch(error => {
          if (!seen.immutable || !isInvalid(error)) throw error;
          throw new RefusedError(
            `Somebody made the Secret ${place.secret} there immutable. Delete it (kubectl delete secret ${place.secret} --namespace ${place.namespace}): it is made anew, with all keys.`,
          );
        }),
    );
  }

  /**
   * What must be there once only is made, and not applied. It is noted as applied right after: of what is left out later, only
   * what was applied is taken away.
   */
  async #takeOver(
    place: SecretPlace,
    secret: ClusterSecret,
  ): Promise<ClusterSecret> {
    const { made, revision } = secret;
    if (!made) return secret;
    const header = headerOf(place);
    return this.#write(place, api =>
      api.patch(
        {
          ...header,
          metadata: {
            ...{ ...header.metadata, resourceVersion: revision },
            managedFields: asApplied(made, FIELD_MANAGER),
          },
        },
        undefined,
        undefined,
        FIELD_MANAGER,
        undefined,
        PatchStrategy.MergePatch,
      ),
    );
  }

  /** @throws ChangedMeanwhileError where it is not what it was taken for, and nothing is written */
  async #write(
    place: SecretPlace,
    work: (api: KubernetesObjectApi) => Promise<unknown>,
  ): Promise<ClusterSecret> {
    const written = await this.#call(place, 'write the Secret', api =>
      work(api).catch(error => {
        // Also where it was removed.
        if (!isConflict(error) && !isNotFound(error)) throw error;
        throw new ChangedMeanwhileError(
          'It was changed at that moment, and is looked at again.',
        );
      }),
    );
    return secretOf(written);
  }

  /**
   * Has every workload that uses some keys of the Secret replace its pods, as gently as it does for a new version. One whose
   * pods surely have what it holds is left alone, and so is one that was restarted for that very revision of it, or for the
   * same time since the Secret was written. One that cannot be restarted keeps no other from it.
   *
   * @param changed.at - when the values changed, ISO 8601
   * @param changed.keys - which changed; any may have, if left out
   * @param changed.first - which of these nobody can have had before; none, if left out
   * @returns what was restarted, such as `Deployment cart`
   * @throws ClusterError that says which could not be restarted and why, and which were all the same
   */
  async restart(
    place: SecretPlace,
    changed: { at: string; keys?: string[]; first?: FirstArrival },
  ): Promise<string[]> {
    const { at, keys, first } = changed;
    const found = await this.#users(place, keys);
    const held = found.length > 0 ? await this.read(place) : undefined;
    const since = held?.writtenAt;
    const users = [];
    for (const one of found) {
      const { secret } = place;
      const has =
        since &&
        (await this.#has(place, one.workload, { secret, since, keys, first }));
      if (!has) users.push(one);
    }
    // At once, so that those that do not answer take no more time than one.
    const outcomes = await Promise.allSettled(
      users.map(one => this.#restartOne(place, one, { at, held })),
    );
    const nameOf = ({ kind, name }: User) => `${kind} ${name}`;
    const reasons = outcomes.flatMap(one =>
      one.status === 'rejected' ? [one.reason] : [],
    );
    const done = users.filter(
      (_, index) => outcomes[index].status === 'fulfilled',
    );
    if (reasons.length > 0) throw notRestarted(reasons, done.map(nameOf));
    return done.map(nameOf);
  }

  async #restartOne(
    place: SecretPlace,
    user: User,
    { at, held }: { at: string; held?: ClusterSecret },
  ): Promise<void> {
    const { apiVersion, kind, name } = user;
    const { revision, writtenAt: since } = held ?? {};
    const mark = restartFor({ ...user, at, since, revision });
    const patch = {
      ...{ apiVersion, kind },
      metadata: {
        ...{ name, namespace: place.namespace },
        ...(revision && { annotations: { [REVISION_ANNOTATION]: revision } }),
      },
      spec: restartSpec(kind, mark),
    };
    await this.#call(place, `restart ${kind} ${name}`, api =>
      api.patch(
        ...([patch, undefined, undefined] as const),
        FIELD_MANAGER,
        undefined,
        PatchStrategy.MergePatch,
      ),
    );
  }

  /** Whether it can be asked at all: the configuration names it. */
  knows(cluster: string): boolean {
    return this.#access.names().includes(cluster);
  }

  /**
   * @param keys - that they use; any of the Secret, if left out
   * @returns workloads that use the Secret and still have pods from before their last restart, such as `Deployment cart`
   */
  async restarting(
    place: Pick<SecretPlace, 'cluster' | 'namespace' | 'secret'>,
    keys?: string[],
  ): Promise<string[]> {
    const users = await this.#users(place, keys);
    return users
      .filter(({ workload }) => !isRolledOut(workload))
      .map(({ kind, name }) => `${kind} ${name}`);
  }

  /**
   * What runs there and may have what one of some keys was before it became another.
   *
   * @param changed.since - when they did, by the cluster's clock; left out, none has the newest that uses one at all
   * @returns such as `Pod cart-1`; where the account may not see pods, workloads, if none of their pods has the newest
   */
  async before(
    place: SecretPlace,
    changed: { keys: string[]; since?: Date },
  ): Promise<string[]> {
    const { secret } = place;
    const { keys, since } = changed;
    const pods = await this.#pods(place);
    if (pods) {
      return podsBefore(pods, { secret, keys, since }).map(
        name => `Pod ${name}`,
      );
    }
    const users = since ? [] : await this.#users(place, keys);
    return users
      .filter(({ workload }) => workload.spec.replicas !== 0)
      .map(({ kind, name }) => `${kind} ${name}`);
  }

  /** Whether all pods of a workload surely have what was written. */
  async #has(
    place: SecretPlace,
    { spec }: Workload,
    written: Written,
  ): Promise<boolean> {
    const selector = labelSelector(spec.selector ?? {});
    if (!selector) return false;
    const pods = await this.#pods(place, selector);
    // An account that may not see them has all restarted.
    return pods !== undefined && beganWithAll(pods, written);
  }

  /** @returns nothing where the account may not see them */
  async #pods(
    place: SecretPlace,
    selector?: string,
  ): Promise<unknown[] | undefined> {
    const answer = await this.#call(place, 'list Pods', api =>
      api
        .list(
          ...(['v1', 'Pod', place.namespace, undefined, undefined] as const),
          ...([undefined, undefined, selector] as const),
        )
        .catch(error => {
          if (isForbidden(error)) return undefined;
          throw error;
        }),
    );
    return answer && listSchema.parse(answer).items;
  }

  async #users(
    place: Pick<SecretPlace, 'cluster' | 'namespace' | 'secret'>,
    keys?: string[],
  ): Promise<User[]> {
    const found: User[] = [];
    for (const { apiVersion, kind } of WORKLOADS) {
      const answer = await this.#call(place, `list ${kind}s`, api =>
        // A cluster without Rollouts has no list of them.
        api.list(apiVersion, kind, place.namespace).catch(nothingIfNotFound),
      );
      const items = answer ? listSchema.parse(answer).items : [];
      for (const item of items) {
        const workload = workloadSchema.parse(item);
        const { name } = workload.metadata;
        const pod = workload.spec.template?.spec;
        if (!usesSecret(pod, place.secret, keys)) continue;
        const patchedAt = writtenAt(item, FIELD_MANAGER);
        found.push({
          ...{ apiVersion, kind, name, workload },
          ...{ patchedAt, ...restartOf(kind, item) },
        });
      }
    }
    return found;
  }

  async #call<T>(
    place: Pick<SecretPlace, 'cluster' | 'namespace'>,
    what: string,
    work: (api: KubernetesObjectApi) => Promise<T>,
  ): Promise<T> {
    const tooLate = new AbortController();
    const late = new Promise<never>((_, reject) => {
      tooLate.signal.addEventListener('abort', () =>
        reject(new ClusterError('It did not answer in time.')),
      );
    });
    const timer = setTimeout(() => tooLate.abort(), this.#callMs);
    try {
      return await abortedBy(tooLate.signal, () =>
        Promise.race([work(this.#api(place.cluster)), late]),
      );
    } catch (error) {
      throw explainCluster(error, `${what} in ${place.namespace}`);
    } finally {
      clearTimeout(timer);
    }
  }

  #api(cluster: string): AbortableApi {
    const known = this.#apis.get(cluster);
    if (known) return known;
    const api = this.#access.config(cluster).makeApiClient(AbortableApi);
    this.#apis.set(cluster, api);
    return api;
  }
}

function headerOf({ namespace, secret }: SecretPlace) {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: secret, namespace },
  };
}

function secretOf(found: unknown): ClusterSecret {
  const { metadata, data, immutable } = secretSchema.parse(found);
  const at = writtenAt(found, FIELD_MANAGER);
  const { managedFields } = metadata;
  return {
    revision: metadata.resourceVersion,
    ...(at && { writtenAt: at }),
    ...(immutable && { immutable }),
    ...(wasMade(managedFields, FIELD_MANAGER) && { made: managedFields }),
    data: new Map(
      Object.entries(data ?? {}).map(([key, value]) => [
        key,
        new SecretValue(value),
      ]),
    ),
  };
}

/** A Rollout has a field for it, which restarts pods without going through its steps. */
function restartSpec(kind: string, at: string): object {
  return kind === 'Rollout'
    ? { restartAt: at.replace(/\.\d+Z$/, 'Z') }
    : { template: { metadata: { annotations: { [RESTART_ANNOTATION]: at } } } };
}

function restartOf(
  kind: string,
  item: unknown,
): Pick<User, 'restartedAt' | 'restartedFor'> {
  const { metadata, spec } = restartedSchema.parse(item);
  const { restartAt, template } = spec;
  const at =
    kind === 'Rollout'
      ? restartAt
      : template?.metadata?.annotations?.[RESTART_ANNOTATION];
  return {
    restartedAt: at ?? undefined,
    restartedFor: metadata.annotations?.[REVISION_ANNOTATION],
  };
}

/**
 * @param reasons - what kept some from being restarted, each of which names which
 * @param done - names of those that were
 */
function notRestarted(reasons: unknown[], done: string[]): ClusterError {
  const all = new Set(
    reasons.map(one => (one instanceof Error ? one.message : String(one))),
  );
  const words = [...all].slice(0, MOST_TOLD);
  if (all.size > words.length) {
    words.push(`Nor ${all.size - words.length} more.`);
  }
  if (done.length > 0) {
    words.push(`Restarted all the same: ${done.join(', ')}.`);
  }
  return new ClusterError(words.join(' '));
}

function nothingIfNotFound(error: unknown): undefined {
  if (isNotFound(error)) return undefined;
  throw error;
}
