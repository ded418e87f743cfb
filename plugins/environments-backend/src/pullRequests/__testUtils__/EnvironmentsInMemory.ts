import { ConflictError, NotFoundError } from '@backstage/errors';
import {
  EnvironmentManifest,
  EnvironmentStatus,
  environmentStatusSchema,
  EXTENDED_UNTIL_ANNOTATION,
  KEEP_LABEL,
  pullRequestKey,
  PULL_REQUEST_LABEL,
} from '@highroad/plugin-environments-common';
import {
  ApplyOutcome,
  EnvironmentKey,
  EnvironmentMarks,
  EnvironmentResource,
  EnvironmentResources,
  ResourceChange,
} from '../../service/EnvironmentResources';
import { lifetimeEnd } from '../../service/lifetimeEnd';
import { parsePreviewSettings } from '../../service/PreviewSettings';

export const SETTINGS = parsePreviewSettings({ lifetime: { max: '30d' } });

/** What the cluster would keep, without a cluster: for tests of the rules alone. */
export class EnvironmentsInMemory implements EnvironmentResources {
  readonly home = 'highroad-environments';
  readonly kept = new Map<string, EnvironmentResource>();
  readonly deletions: string[] = [];
  /** How often something was written */
  writes = 0;
  /** Whether what is ended stays until a test takes it away */
  lingers = false;
  #listeners = new Set<(change: ResourceChange) => void>();
  #next = 1;

  constructor(readonly now: () => Date) {}

  notConnected() {
    return undefined;
  }

  async list(): Promise<EnvironmentResource[]> {
    return [...this.kept.values()];
  }

  async find({ name }: EnvironmentKey) {
    return this.kept.get(name);
  }

  async ofPullRequest(key: string) {
    return [...this.kept.values()].filter(
      ({ labels }) => labels[PULL_REQUEST_LABEL] === key,
    );
  }

  async apply(
    manifest: EnvironmentManifest,
    marks: EnvironmentMarks,
  ): Promise<{ outcome: ApplyOutcome; resource: EnvironmentResource }> {
    const { name } = manifest.metadata;
    const before = this.kept.get(name);
    if (before?.deletedAt) throw new ConflictError(`${name} is being ended.`);
    this.writes += 1;
    const { pullRequest } = manifest.spec;
    const version = this.#next++;
    const resource: EnvironmentResource = {
      ...{ name, home: this.home },
      uid: before?.uid ?? `uid-${version}`,
      generation: (before?.generation ?? 0) + 1,
      resourceVersion: String(version),
      labels: {
        ...before?.labels,
        ...(pullRequest && {
          [PULL_REQUEST_LABEL]: pullRequestKey(pullRequest),
        }),
      },
      annotations: { ...before?.annotations },
      finalizers: [],
      createdAt: before?.createdAt ?? this.now(),
      spec: { ...manifest.spec, owner: marks.owner },
      status: before?.status ?? environmentStatusSchema.parse({}),
    };
    this.#set(resource);
    return { outcome: before ? 'changed' : 'created', resource };
  }

  /** As the controller would say it. */
  say(name: string, status: Partial<EnvironmentStatus>): void {
    const before = this.#get(name);
    this.#set({
      ...before,
      status: {
        ...before.status,
        observedGeneration: before.generation,
        expiresAt: lifetimeEnd(before, SETTINGS, this.now())?.toISOString(),
        ...status,
      },
    });
  }

  async extend({ name }: EnvironmentKey, until: Date) {
    this.writes += 1;
    const before = this.#get(name);
    const resource = {
      ...before,
      annotations: {
        ...before.annotations,
        [EXTENDED_UNTIL_ANNOTATION]: until.toISOString(),
      },
      status: { ...before.status, expiresAt: until.toISOString() },
    };
    this.#set(resource);
    return resource;
  }

  async keep({ name }: EnvironmentKey, keep: boolean) {
    this.writes += 1;
    const before = this.#get(name);
    const resource = {
      ...before,
      labels: { ...before.labels, [KEEP_LABEL]: String(keep) },
    };
    this.#set(resource);
    return resource;
  }

  async delete({ name }: EnvironmentKey, uid?: string): Promise<boolean> {
    const found = this.kept.get(name);
    if (!found || (uid !== undefined && found.uid !== uid)) return false;
    this.deletions.push(name);
    if (this.lingers) this.#set({ ...found, deletedAt: this.now() });
    else this.vanish(name);
    return true;
  }

  /** As if its time were up, or its teardown done. */
  vanish(name: string): void {
    const { uid } = this.#get(name);
    this.kept.delete(name);
    for (const listener of this.#listeners) {
      listener({ type: 'gone', key: { home: this.home, name }, uid });
    }
  }

  onChange(listener: (change: ResourceChange) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  #get(name: string): EnvironmentResource {
    const found = this.kept.get(name);
    if (!found) throw new NotFoundError(`There is no environment "${name}".`);
    return found;
  }

  #set(resource: EnvironmentResource): void {
    this.kept.set(resource.name, resource);
    for (const listener of this.#listeners) {
      listener({ type: 'applied', resource });
    }
  }
}
