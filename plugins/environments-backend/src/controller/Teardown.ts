import {
  CONTROLLER_FIELD_MANAGER,
  ConditionType,
  EnvironmentCondition,
  EnvironmentDatabaseStatus,
  EnvironmentStatus,
  FINALIZER,
  KIND,
  ownNamespaceOf,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';
import {
  ClusterClient,
  KubernetesObject,
  isConflict,
  isNotFound,
} from '@highroad/plugin-platform-node/kubernetes';
import { EnvironmentResource } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { Databases } from './Databases';
import { isNamespaceOf } from './isNamespaceOf';
import { namespaceBlocker } from './namespaceBlocker';
import { conditionsOf } from './statusOf';
import { StatusWriter } from './StatusWriter';
import { slugFor } from './Target';

const LOOK_AGAIN_MS = 1_000;
/** How soon what nobody can take away is looked at again, in milliseconds. */
const UNKNOWN_MS = 5_000;
/** How long pods of an environment that nobody wants any more may take to end. */
const GRACE_SECONDS = 3;

const namespaceSchema = z.object({
  metadata: z.object({
    uid: z.string(),
    deletionTimestamp: z.string().optional(),
  }),
});

/** What an environment that goes still has of databases, or may have. */
interface DatabasesLeft {
  /** Why they can't be removed now */
  trouble?: string;
  /** When it is tried again, in milliseconds from now */
  retryInMs?: number;
}

/** Takes all of an environment away, then lets go of its resource. */
export class Teardown {
  readonly #client: ClusterClient;
  readonly #databases: Databases;
  readonly #statuses: StatusWriter;
  readonly #settings: PreviewSettings;
  readonly #now: () => Date;
  readonly #patienceMs: number;

  /** @param options.patienceMs - how long after its end what stands in the way is named */
  constructor(options: {
    client: ClusterClient;
    databases: Databases;
    statuses: StatusWriter;
    settings: PreviewSettings;
    now: () => Date;
    patienceMs: number;
  }) {
    this.#client = options.client;
    this.#databases = options.databases;
    this.#statuses = options.statuses;
    this.#settings = options.settings;
    this.#now = options.now;
    this.#patienceMs = options.patienceMs;
  }

  /**
   * One step towards the end.
   *
   * @returns when to look again, in milliseconds; undefined when nothing is left
   */
  async step(resource: EnvironmentResource): Promise<number | undefined> {
    if (!resource.finalizers.includes(FINALIZER)) return this.#wait(resource);
    const namespace = ownNamespaceOf(slugFor(resource, this.#settings));
    const left = await this.#endNamespace(namespace, resource);
    const databases = this.#endDatabases(resource, left === undefined);
    if (!left && !databases) {
      await this.#letGo(resource);
      return undefined;
    }
    await this.#tell(resource, namespace, left, databases);
    return databases?.retryInMs ?? LOOK_AGAIN_MS;
  }

  /** Nothing is left of it but its resource: that goes with the last finalizer, and those of others are not ours to take away. */
  async #wait(resource: EnvironmentResource): Promise<number | undefined> {
    const { finalizers, home, name } = resource;
    if (finalizers.length === 0) return undefined;
    const left = this.#patienceMs - this.#goingFor(resource);
    if (left > 0) return left;
    await this.#write(resource, {
      blocked: true,
      message: `Nothing of it is left but its resource ${name} in ${home}, which is kept from going by the finalizer${
        finalizers.length > 1 ? 's' : ''
      } ${finalizers.join(', ')}.`,
    });
    return undefined;
  }

  /** @returns for how long it has been going, in milliseconds */
  #goingFor({ deletedAt }: EnvironmentResource): number {
    return deletedAt ? this.#now().getTime() - deletedAt.getTime() : 0;
  }

  /**
   * By the drivers that made them, whatever its manifest says by now.
   *
   * @param isLast - nothing else is left of it
   * @returns what is left of them; undefined once nothing is
   */
  #endDatabases(
    resource: EnvironmentResource,
    isLast: boolean,
  ): DatabasesLeft | undefined {
    const removal = this.#databases.remove(resource, isLast);
    const unknown = resource.status.databases.find(
      ({ driver }) => !this.#databases.knows(driver),
    );
    if (removal.state === 'done') {
      if (!unknown) return undefined;
      // By then the missing one may be there.
      this.#databases.forget(resource.uid);
    }
    const late = this.#goingFor(resource) > this.#patienceMs;
    const trouble = [
      'failure' in removal && removal.failure,
      removal.state === 'going-on' &&
        !removal.failure &&
        late &&
        'their server was asked to, and has not answered yet',
      unknown &&
        `there is no way "${unknown.driver}" to reach them any more. Configure it again under platform.previews.databases`,
    ].filter(Boolean);
    return {
      ...(trouble.length > 0 && { trouble: trouble.join('; ') }),
      ...(removal.state === 'failed' && {
        retryInMs: Math.max(0, removal.retryAt - this.#now().getTime()),
      }),
      ...(removal.state === 'done' && { retryInMs: UNKNOWN_MS }),
    };
  }

  /** @returns the namespace as it is, while it is there; only one that is this very environment's is touched */
  async #endNamespace(
    name: string,
    resource: EnvironmentResource,
  ): Promise<KubernetesObject | undefined> {
    const found = await this.#client.find({ kind: 'Namespace', name });
    if (!found || !isNamespaceOf(found, resource)) return undefined;
    const { metadata } = namespaceSchema.parse(found);
    if (metadata.deletionTimestamp) return found;
    await this.#client.delete(
      { kind: 'Namespace', name },
      { uid: metadata.uid },
    );
    await this.#endPods(name);
    return found;
  }

  /**
   * A cluster that removes a namespace gives its pods half a minute, and looks again no sooner than after half of that,
   * however fast they end. In a namespace that is going no other pods come in their place.
   */
  async #endPods(namespace: string): Promise<void> {
    const { items } = await this.#client.list('Pod', { namespace });
    await Promise.all(
      items.map(({ metadata: { name } }) =>
        this.#client.delete(
          { kind: 'Pod', name, namespace },
          {},
          {
            graceSeconds: GRACE_SECONDS,
          },
        ),
      ),
    );
  }

  async #letGo({ home, name, uid, finalizers }: EnvironmentResource) {
    try {
      await this.#client.patch(
        { kind: KIND, name, namespace: home },
        {
          metadata: {
            uid,
            finalizers: finalizers.filter(one => one !== FINALIZER),
          },
        },
        { manager: CONTROLLER_FIELD_MANAGER },
      );
    } catch (error) {
      // Gone, or another of that name already: this one is over in any case.
      if (!isNotFound(error) && !isConflict(error)) throw error;
    }
  }

  async #tell(
    resource: EnvironmentResource,
    namespace: string,
    left: KubernetesObject | undefined,
    databases: DatabasesLeft | undefined,
  ): Promise<void> {
    const trouble = databases?.trouble;
    const goingFor = this.#goingFor(resource);
    const silentTooLong = goingFor > 2 * this.#patienceMs;
    const blocker =
      left && goingFor > this.#patienceMs
        ? namespaceBlocker(left, { silentTooLong })
        : undefined;
    const message = [
      blocker
        ? `Its namespace ${namespace} is kept from going: ${blocker}`
        : left && `Its namespace ${namespace} is being removed.`,
      trouble
        ? `Its databases can't be removed now: ${trouble}`
        : !left && 'Its databases are being removed.',
    ]
      .filter(Boolean)
      .join(' ');
    await this.#write(resource, {
      blocked: blocker !== undefined || trouble !== undefined,
      message,
      // By these it is known which drivers have to take something away.
      databases: databases ? resource.status.databases : [],
    });
  }

  async #write(
    resource: EnvironmentResource,
    {
      blocked,
      message,
      databases = [],
    }: {
      blocked: boolean;
      message: string;
      databases?: EnvironmentDatabaseStatus[];
    },
  ): Promise<void> {
    const conditions: EnvironmentCondition[] = conditionsOf(
      verdictsOf(blocked, message),
      resource.status.conditions,
      resource.generation,
      this.#now(),
    );
    const { url: _ended, ...before } = resource.status;
    const status: EnvironmentStatus = {
      ...before,
      observedGeneration: resource.generation,
      ...{ phase: 'deleting', message, conditions },
      services: [],
      databases,
    };
    await this.#statuses.write(resource, status);
  }
}

function verdictsOf(blocked: boolean, message: string) {
  const verdicts: Partial<
    Record<
      ConditionType,
      Pick<EnvironmentCondition, 'status' | 'reason' | 'message'>
    >
  > = {
    Ready: { status: 'False', reason: 'Deleting', message },
    TeardownUnblocked: blocked
      ? { status: 'False', reason: 'Blocked', message }
      : { status: 'True', reason: 'Going', message },
  };
  return verdicts;
}
