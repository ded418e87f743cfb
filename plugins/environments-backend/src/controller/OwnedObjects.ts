import {
  CONTROLLER_FIELD_MANAGER,
  ENVIRONMENT_HOME_LABEL,
  ENVIRONMENT_NAME_LABEL,
  ENVIRONMENT_UID_LABEL,
} from '@highroad/plugin-environments-common';
import { createHash } from 'node:crypto';
import {
  Change,
  ClusterClient,
  Informer,
  Kind,
  KubernetesObject,
  versionOf,
} from '@highroad/plugin-platform-node/kubernetes';
import { holds } from '../drivers/kubernetes/holds';

/** What environments consist of. */
export const OWNED_KINDS = [
  'Namespace',
  'ResourceQuota',
  'LimitRange',
  'NetworkPolicy',
  'Secret',
  'ConfigMap',
  'Service',
  'Deployment',
  'StatefulSet',
  'Ingress',
] as const satisfies Kind[];
export type OwnedKind = (typeof OWNED_KINDS)[number];

/** Says what was applied, so that what is not wanted any more is noticed too. */
const APPLIED_ANNOTATION = 'platform.myorg.com/applied';
/** How long what was just written is preferred to what the watch has shown, in milliseconds. */
const FRESH_MS = 10_000;

/**
 * All objects of all environments, as watches show them, and the one way in which they are written: by server-side
 * apply, only where something is not as it is wanted.
 */
export class OwnedObjects {
  readonly #client: ClusterClient;
  readonly #informers: Map<OwnedKind, Informer>;
  readonly #now: () => number;
  /** What the cluster made of objects that it keeps in other words than they were written in */
  readonly #settled = new Map<string, { of: string; object: unknown }>();
  /** Written so shortly ago that the watch has not shown it yet */
  readonly #fresh = new Map<string, { object: KubernetesObject; at: number }>();

  constructor(options: {
    client: ClusterClient;
    now: () => number;
    jitter: () => number;
    onTrouble: (error: unknown) => void;
  }) {
    this.#client = options.client;
    this.#now = options.now;
    this.#informers = new Map(
      OWNED_KINDS.map(kind => [
        kind,
        new Informer({
          client: options.client,
          kind,
          labelSelector: ENVIRONMENT_UID_LABEL,
          onTrouble: options.onTrouble,
          jitter: options.jitter,
        }),
      ]),
    );
  }

  get synced(): boolean {
    return [...this.#informers.values()].every(one => one.synced);
  }

  start(): void {
    for (const informer of this.#informers.values()) informer.start();
  }

  async stop(): Promise<void> {
    await Promise.all([...this.#informers.values()].map(one => one.stop()));
  }

  /** @param listener - told the namespace and name of the environment that something belongs to */
  onChange(listener: (key: { home: string; name: string }) => void): void {
    for (const informer of this.#informers.values()) {
      informer.onChange(change => {
        this.#forget(change);
        const labels = change.object.metadata.labels ?? {};
        const home = labels[ENVIRONMENT_HOME_LABEL];
        const name = labels[ENVIRONMENT_NAME_LABEL];
        if (home && name) listener({ home, name });
      });
    }
  }

  get(
    kind: OwnedKind,
    name: string,
    namespace?: string,
  ): KubernetesObject | undefined {
    const fresh = this.#fresh.get(keyOf(kind, name, namespace));
    if (fresh && this.#now() - fresh.at < FRESH_MS) return fresh.object;
    return this.#informers.get(kind)?.get(name, namespace);
  }

  /**
   * Also where the watch does not show it, such as one whose mark somebody has taken away: for what must not be made anew while it
   * is there. Asks the cluster only then.
   */
  async find(
    kind: OwnedKind,
    name: string,
    namespace: string,
  ): Promise<KubernetesObject | undefined> {
    return (
      this.get(kind, name, namespace) ??
      (await this.#client.find({ kind, name, namespace }))
    );
  }

  /** All of a kind that belong to an environment. */
  of(kind: OwnedKind, uid: string): KubernetesObject[] {
    return (this.#informers.get(kind)?.list() ?? []).filter(
      ({ metadata }) => metadata.labels?.[ENVIRONMENT_UID_LABEL] === uid,
    );
  }

  list(kind: OwnedKind): KubernetesObject[] {
    return this.#informers.get(kind)?.list() ?? [];
  }

  /** Brings an object to what is wanted. @returns the object as it is then */
  async ensure(wanted: KubernetesObject): Promise<KubernetesObject> {
    const whole = marked(wanted);
    const { name, namespace } = whole.metadata;
    const kind = ownedKind(whole.kind);
    const there = this.get(kind, name, namespace);
    const key = keyOf(kind, name, namespace);
    if (there && !there.metadata.deletionTimestamp) {
      const settled = this.#settled.get(key);
      const asBefore =
        settled?.of === appliedIn(whole) && holds(there, settled?.object);
      if (asBefore || holds(there, whole)) return there;
    }
    const object = await this.#client.apply(whole, {
      manager: CONTROLLER_FIELD_MANAGER,
      force: true,
    });
    // The watch may have been faster than the answer.
    const shown = this.#informers.get(kind)?.get(name, namespace);
    if (!shown || versionOf(shown) < versionOf(object)) {
      this.#fresh.set(key, { object, at: this.#now() });
    }
    if (holds(object, whole)) {
      this.#settled.delete(key);
    } else {
      const { metadata: _, status: __, ...kept } = object;
      const { labels, annotations } = whole.metadata;
      this.#settled.set(key, {
        of: appliedIn(whole),
        object: { ...kept, metadata: { labels, annotations } },
      });
    }
    return object;
  }

  async remove(object: KubernetesObject): Promise<void> {
    const kind = ownedKind(object.kind);
    const { name, namespace } = object.metadata;
    this.#fresh.delete(keyOf(kind, name, namespace));
    this.#settled.delete(keyOf(kind, name, namespace));
    await this.#client.delete({ kind, name, namespace });
  }

  #forget({ type, object }: Change): void {
    const { name, namespace } = object.metadata;
    const key = keyOf(object.kind, name, namespace);
    if (type === 'gone') this.#settled.delete(key);
    const fresh = this.#fresh.get(key);
    if (!fresh) return;
    const caughtUp = versionOf(object) >= versionOf(fresh.object);
    if (type === 'gone' || caughtUp) this.#fresh.delete(key);
  }
}

function marked(wanted: KubernetesObject): KubernetesObject {
  const applied = createHash('sha256')
    .update(JSON.stringify(wanted))
    .digest('hex')
    .slice(0, 16);
  return {
    ...wanted,
    metadata: {
      ...wanted.metadata,
      annotations: {
        ...wanted.metadata.annotations,
        [APPLIED_ANNOTATION]: applied,
      },
    },
  };
}

function appliedIn({ metadata }: KubernetesObject): string {
  return metadata.annotations?.[APPLIED_ANNOTATION] ?? '';
}

function ownedKind(kind: string): OwnedKind {
  const found = OWNED_KINDS.find(one => one === kind);
  if (found) return found;
  throw new TypeError(`No environment consists of a ${kind}`);
}

function keyOf(kind: string, name: string, namespace = ''): string {
  return `${kind} ${namespace}/${name}`;
}
