import {
  ConflictError,
  InputError,
  NotAllowedError,
  NotFoundError,
  ServiceUnavailableError,
} from '@backstage/errors';
import {
  API_VERSION,
  EnvironmentManifest,
  EXTENDED_UNTIL_ANNOTATION,
  FINALIZER,
  KEEP_LABEL,
  KIND,
  LAST_ACTIVITY_ANNOTATION,
  PORTAL_FIELD_MANAGER,
  PULL_REQUEST_LABEL,
  pullRequestKey,
  REQUESTED_BY_ANNOTATION,
} from '@highroad/plugin-environments-common';
import {
  ClusterClient,
  ClusterError,
  Informer,
  KubernetesObject,
  isConflict,
  isInvalid,
  isNotFound,
} from '@highroad/plugin-platform-node/kubernetes';
import { ownerOf } from './describe';
import {
  ApplyOutcome,
  EnvironmentKey,
  EnvironmentMarks,
  EnvironmentResource,
  EnvironmentResources,
  ResourceChange,
} from './EnvironmentResources';
import { readResource } from './readResource';

/** Who is told what a watch shows. */
export class EnvironmentChanges {
  readonly #listeners = new Set<(change: ResourceChange) => void>();

  /** @returns ends it */
  listen(listener: (change: ResourceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  tell(type: 'applied' | 'gone', object: KubernetesObject): void {
    const resource = readResource(object);
    const { name, home, uid } = resource;
    for (const listener of this.#listeners) {
      listener(
        type === 'gone'
          ? { type, key: { name, home }, uid }
          : { type, resource },
      );
    }
  }
}

/** What is known of the cluster that environments are in. */
export interface EnvironmentCluster {
  client: ClusterClient;
  environments: Informer;
}

/** Environments as a cluster keeps them. */
export class KubernetesEnvironmentResources implements EnvironmentResources {
  readonly home: string;
  readonly #cluster: () => EnvironmentCluster | { missing: string };
  readonly #changes: EnvironmentChanges;

  /** @param options.cluster - the cluster, or what is missing so that it can be used */
  constructor(options: {
    home: string;
    cluster: () => EnvironmentCluster | { missing: string };
    changes: EnvironmentChanges;
  }) {
    this.#changes = options.changes;
    this.home = options.home;
    this.#cluster = options.cluster;
  }

  notConnected(): string | undefined {
    const cluster = this.#cluster();
    return 'missing' in cluster ? cluster.missing : undefined;
  }

  async list(): Promise<EnvironmentResource[]> {
    return this.#connected()
      .environments.list()
      .map(readResource)
      .sort((a, b) => b.createdAt.getTime() - a.createdAt.getTime());
  }

  async find(key: EnvironmentKey): Promise<EnvironmentResource | undefined> {
    const found = this.#connected().environments.get(key.name, key.home);
    return found && readResource(found);
  }

  async ofPullRequest(key: string): Promise<EnvironmentResource[]> {
    const all = await this.list();
    return all.filter(({ labels }) => labels[PULL_REQUEST_LABEL] === key);
  }

  async apply(
    manifest: EnvironmentManifest,
    marks: EnvironmentMarks,
  ): Promise<{ outcome: ApplyOutcome; resource: EnvironmentResource }> {
    const { client, environments } = this.#connected();
    const { name, namespace = this.home } = manifest.metadata;
    const key = { home: namespace, name };
    // Not from the watch: what is applied twice in a row is to be seen.
    const before = await this.#read(key);
    if (before?.deletedAt) {
      throw new ConflictError(
        `The environment ${name} is being ended. Wait until it is gone, or give this one another name.`,
      );
    }
    refuseOthers(before, manifest, marks);
    const object = objectOf(manifest, namespace, marks, before);
    const applied = await client
      .apply(object, { manager: PORTAL_FIELD_MANAGER, force: true })
      .catch(async error => {
        // The cluster lets nobody have what somebody else made since it was read.
        if (isInvalid(error)) {
          refuseOthers(await this.#read(key), manifest, marks);
        }
        throw explain(error, `make the environment ${name}`);
      });
    environments.note(applied);
    const resource = readResource(applied);
    return {
      resource,
      outcome: outcomeOf(before, resource),
    };
  }

  async extend(key: EnvironmentKey, until: Date): Promise<EnvironmentResource> {
    return this.#patch(key, {
      annotations: { [EXTENDED_UNTIL_ANNOTATION]: until.toISOString() },
    });
  }

  async keep(key: EnvironmentKey, keep: boolean): Promise<EnvironmentResource> {
    return this.#patch(key, { labels: { [KEEP_LABEL]: keep ? 'true' : null } });
  }

  async delete({ home, name }: EnvironmentKey, uid?: string): Promise<boolean> {
    const { client } = this.#connected();
    try {
      return await client.delete(
        { kind: KIND, name, namespace: home },
        { ...(uid && { uid }) },
      );
    } catch (error) {
      // Another one by now, which nobody asked to end.
      if (uid && isConflict(error)) return false;
      throw explain(error, `end the environment ${name}`);
    }
  }

  onChange(listener: (change: ResourceChange) => void): () => void {
    const unlisten = this.#changes.listen(listener);
    const cluster = this.#cluster();
    if (!('missing' in cluster)) {
      for (const object of cluster.environments.list()) {
        listener({ type: 'applied', resource: readResource(object) });
      }
    }
    return unlisten;
  }

  async #read({
    home,
    name,
  }: EnvironmentKey): Promise<EnvironmentResource | undefined> {
    const found = await this.#connected().client.find({
      ...{ kind: KIND, name },
      namespace: home,
    });
    return found && readResource(found);
  }

  async #patch(
    { home, name }: EnvironmentKey,
    metadata: object,
  ): Promise<EnvironmentResource> {
    const { client, environments } = this.#connected();
    try {
      const patched = await client.patch(
        { kind: KIND, name, namespace: home },
        { metadata },
        { manager: PORTAL_FIELD_MANAGER },
      );
      environments.note(patched);
      return readResource(patched);
    } catch (error) {
      if (isNotFound(error)) {
        throw new NotFoundError(`There is no environment ${name}.`);
      }
      throw explain(error, `change the environment ${name}`);
    }
  }

  #connected(): EnvironmentCluster {
    const cluster = this.#cluster();
    if ('missing' in cluster) {
      throw new ServiceUnavailableError(cluster.missing);
    }
    return cluster;
  }
}

/**
 * An environment stays its owner's; one of a pull request follows who owns the repository's services.
 *
 * @throws ConflictError
 */
function refuseOthers(
  before: EnvironmentResource | undefined,
  { metadata, spec }: EnvironmentManifest,
  { owner }: EnvironmentMarks,
): void {
  const other = before && ownerOf(before);
  if (!other || !owner || other === owner || spec.pullRequest) return;
  throw new ConflictError(
    `The environment ${metadata.name} is there already, and belongs to ${other}. Give yours another name.`,
  );
}

function objectOf(
  { metadata, spec }: EnvironmentManifest,
  namespace: string,
  { owner, requestedBy, lastActivityAt }: EnvironmentMarks,
  before: EnvironmentResource | undefined,
): KubernetesObject {
  const asked =
    before?.annotations[REQUESTED_BY_ANNOTATION] ?? requestedBy ?? undefined;
  return {
    apiVersion: API_VERSION,
    kind: KIND,
    metadata: {
      name: metadata.name,
      namespace,
      // The controller would write it before anything else; so it need not.
      finalizers: [FINALIZER],
      labels: {
        ...metadata.labels,
        ...(spec.pullRequest && {
          [PULL_REQUEST_LABEL]: pullRequestKey(spec.pullRequest),
        }),
      },
      annotations: {
        ...metadata.annotations,
        ...(asked && { [REQUESTED_BY_ANNOTATION]: asked }),
        ...(lastActivityAt && {
          [LAST_ACTIVITY_ANNOTATION]: lastActivityAt.toISOString(),
        }),
      },
    },
    spec: { ...spec, ...(owner && { owner }) },
  };
}

function outcomeOf(
  before: EnvironmentResource | undefined,
  after: EnvironmentResource,
): ApplyOutcome {
  if (before?.uid !== after.uid) return 'created';
  return before.generation === after.generation ? 'unchanged' : 'changed';
}

/** Why a cluster would not, as an error that a person understands. */
function explain(error: unknown, what: string): Error {
  if (!(error instanceof ClusterError)) {
    return new ServiceUnavailableError(
      `The cluster did not answer when it was to ${what}. Try again.`,
      error,
    );
  }
  const { code, message, causes } = error;
  const why = causes.length > 0 ? causes.join('; ') : message;
  if (code === 403) {
    return new NotAllowedError(`The cluster will not ${what}: ${why}`);
  }
  if (code === 409) {
    return new ConflictError(`The cluster could not ${what}: ${why}`);
  }
  if (code === 400 || code === 422) {
    return new InputError(`The cluster will not ${what}: ${why}`);
  }
  return new ServiceUnavailableError(
    `The cluster could not ${what} now: ${why}`,
  );
}
