import {
  DATABASE_LABEL,
  EnvironmentServiceSpec,
  EnvironmentServiceStatus,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';
import {
  ClusterClient,
  KubernetesObject,
  isInvalid,
} from '@highroad/plugin-platform-node/kubernetes';
import { holds } from '../drivers/kubernetes/holds';
import { serviceOf } from '../service/serviceOf';
import { clashesAmong } from './clashesAmong';
import { Images } from './Images';
import { isLent } from './lentValues';
import { commitBefore, ServiceManifests } from './manifests/ServiceManifests';
import {
  askAgainForImages,
  ObservedWith,
  observeServices,
} from './observeService';
import { digestAmong, mayMove, withDigest } from './objects/movedTags';
import { inRoom } from './objects/roomForUpdates';
import { serviceSecretName } from './objects/serviceVariables';
import { OwnedObjects } from './OwnedObjects';
import { SecretSource } from './SecretSource';
import { PlannedService, planService } from './planService';
import { ServiceParts } from './ServiceParts';
import { ServiceSecrets } from './ServiceSecrets';
import { Target } from './Target';

const runningSchema = z.object({
  spec: z.object({
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({}),
});

const selectedSchema = z.object({ spec: z.object({ selector: z.unknown() }) });

/** So long it is waited for what a tag leads to where something runs, in milliseconds. */
const PATIENCE_MS = 250;

type KnownService = Extract<PlannedService, { parts: ServiceParts }>;

/** Has the services of environments run, each as soon as its databases and its image are there. */
export class Services {
  readonly #client: ClusterClient;
  readonly #owned: OwnedObjects;
  readonly #images: Images;
  readonly #manifests: ServiceManifests;
  readonly #secrets: ServiceSecrets;
  readonly #now: () => Date;
  readonly #askAgainMs: number;
  readonly #followMs: number;
  /** Uids of environments whose services run what a tag leads to */
  readonly #following = new Set<string>();

  /**
   * @param options.askAgainMs - how old a pod is whose image is asked for again, by another pod
   * @param options.followMs - how often it is looked what tags lead to
   */
  constructor(options: {
    client: ClusterClient;
    owned: OwnedObjects;
    images: Images;
    manifests: ServiceManifests;
    secrets: SecretSource;
    now: () => Date;
    askAgainMs: number;
    followMs: number;
  }) {
    this.#client = options.client;
    this.#owned = options.owned;
    this.#images = options.images;
    this.#manifests = options.manifests;
    this.#secrets = new ServiceSecrets(options);
    this.#now = options.now;
    this.#askAgainMs = options.askAgainMs;
    this.#followMs = options.followMs;
  }

  /** @param seeded - services start only on databases that are whole: they may change them as they start */
  async run(
    target: Target,
    values: Map<string, string>,
    seeded: boolean,
  ): Promise<EnvironmentServiceStatus[]> {
    this.#following.delete(target.resource.uid);
    this.#secrets.keepOnly(
      target.resource.uid,
      target.spec.services.map(({ name }) => name),
    );
    const planned = this.#inRoom(
      target,
      await Promise.all(
        target.spec.services.map(service =>
          planService(target, service, {
            ...{ values, secrets: this.#secrets, manifests: this.#manifests },
          }),
        ),
      ),
    );
    const clashes = clashesAmong(target, planned);
    const statuses = await Promise.all(
      planned.map((one): Promise<EnvironmentServiceStatus> => {
        const clash = clashes.get(one.service.name);
        if (clash) return this.#stays(target, one.service, clash);
        return 'parts' in one
          ? this.#tried(target, one, seeded)
          : this.#stays(target, one.service, one.unknown);
      }),
    );
    await this.#removeUnwanted(
      target,
      planned.filter(({ service }) => !clashes.has(service.name)),
    );
    return statuses;
  }

  /** @returns in how many milliseconds programs of an environment are to begin with what they were lent; nothing if they did */
  restartIn(uid: string): number | undefined {
    return this.#secrets.restartIn(uid);
  }

  /** @returns in how many milliseconds it is to be looked what the tags lead to that an environment runs; nothing if it runs none */
  followIn(uid: string): number | undefined {
    return this.#following.has(uid) ? this.#followMs : undefined;
  }

  /** @param uid - of an environment that is gone */
  forget(uid: string): void {
    this.#following.delete(uid);
    this.#secrets.forget(uid);
    this.#manifests.forget(uid);
  }

  /** Updated in a way for which there is room beside all else that the environment has. */
  #inRoom(
    { resource, settings }: Target,
    planned: PlannedService[],
  ): PlannedService[] {
    const all = planned.flatMap(one =>
      'parts' in one ? one.parts.workloads : [],
    );
    const databases = this.#owned.of('StatefulSet', resource.uid);
    const fitted = inRoom(all, databases, settings.limits);
    return planned.map(one => {
      if (!('parts' in one)) return one;
      const workloads = one.parts.workloads.map(
        workload => fitted[all.indexOf(workload)],
      );
      return { ...one, parts: { ...one.parts, workloads } };
    });
  }

  /** What a repository holds may be what no cluster takes, and one service holds up no other. */
  async #tried(
    target: Target,
    known: KnownService,
    seeded: boolean,
  ): Promise<EnvironmentServiceStatus> {
    try {
      return await this.#bring(target, known, seeded);
    } catch (error) {
      if (!isInvalid(error)) throw error;
      const message = `The cluster refuses what it is made of: ${error.message}`;
      return this.#stays(target, known.service, { message, problem: true });
    }
  }

  async #bring(
    target: Target,
    { service, parts, lacks }: KnownService,
    seeded: boolean,
  ): Promise<EnvironmentServiceStatus> {
    const { image, images, workloads, others, replicas, notes } = parts;
    const about = {
      ...{ name: service.name, image },
      ...(parts.url && { url: parts.url }),
      ...(parts.commit && { commit: parts.commit }),
    };
    const waits = { ...about, state: 'waiting', ready: 0, replicas } as const;
    const running = workloads.flatMap(
      ({ metadata }) =>
        this.#owned.get('Deployment', metadata.name, target.namespace) ?? [],
    );
    if (!seeded && running.length === 0) {
      return { ...waits, message: 'It starts when the databases are there.' };
    }
    if (lacks) return { ...waits, message: lacks };
    const before = running.flatMap(imagesIn);
    const chosen = digestAmong(before, image);
    const [missing] = await Promise.all([
      this.#missingOf(
        images.filter(
          one => !before.includes(one) && !(chosen && one === image),
        ),
      ),
      ...others.map(object => this.#owned.ensure(object)),
    ]);
    if (missing) {
      return { ...about, ...waitsFor(missing, running, replicas) };
    }
    const digest = await this.#followed(target, image, chosen);
    const observed = await this.#start(
      target,
      digest ? withDigest(workloads, image, digest) : workloads,
    );
    const message = observed.message ?? notes.join(' ');
    return { ...about, ...observed, ...(message && { message }) };
  }

  /**
   * @param before - what it led to when that was last known
   * @returns what a tag leads to that may be moved; nothing where that never was known
   */
  async #followed(
    { resource }: Target,
    image: string,
    before: string | undefined,
  ): Promise<string | undefined> {
    if (!mayMove(image)) return undefined;
    const asked = this.#images.digestOf(image);
    // A registry that is slow holds up no other environment: what it says later is known at the next look.
    const found = before ? await soon(asked, PATIENCE_MS) : await asked;
    const digest = found ?? before;
    if (digest) this.#following.add(resource.uid);
    return digest;
  }

  /** @returns the first that is known not to be there */
  async #missingOf(images: string[]): Promise<string | undefined> {
    const answers = await Promise.all(
      images.map(image => this.#images.look(image)),
    );
    return images.find((_, at) => answers[at] === 'missing');
  }

  #knownOf({ resource }: Target): ObservedWith {
    return {
      now: this.#now(),
      wasReady: resource.status.readyAt !== undefined,
    };
  }

  async #start(target: Target, wanted: KubernetesObject[]) {
    const deployments = await Promise.all(
      wanted.map(async one => {
        const { name, namespace } = one.metadata;
        const there = this.#owned.get('Deployment', name, namespace);
        if (there && !haveOneSelector(there, one)) {
          // Which pods are a Deployment's can't be changed.
          await this.#owned.remove(there);
        }
        return this.#owned.ensure(one);
      }),
    );
    const observed = await observeServices(
      this.#client,
      deployments,
      this.#knownOf(target),
    );
    if (observed.state === 'waiting-for-image') {
      for (const deployment of deployments) {
        await askAgainForImages(this.#client, deployment, {
          now: this.#now(),
          afterMs: this.#askAgainMs,
        });
      }
    }
    return observed;
  }

  /** What runs of a service goes on as it is, while it isn't known what it is to be. */
  async #stays(
    target: Target,
    { name, replicas }: EnvironmentServiceSpec,
    why: { message: string; problem: boolean },
  ): Promise<EnvironmentServiceStatus> {
    const { status, uid } = target.resource;
    const before = status.services.find(one => one.name === name);
    const running = this.#owned
      .of('Deployment', uid)
      .filter(one => serviceOf(one.metadata.labels) === name);
    const commit = commitBefore(target, name);
    const about = {
      name,
      ...(before?.image && { image: before.image }),
      ...(before?.url && { url: before.url }),
      ...(commit && { commit }),
    };
    if (running.length === 0) {
      const state = why.problem ? 'failing' : 'waiting';
      return { ...about, state, ready: 0, replicas, message: why.message };
    }
    const observed = await observeServices(
      this.#client,
      running,
      this.#knownOf(target),
    );
    // It is what was asked for, as far as it was read before.
    if (commit && !why.problem) return { ...about, ...observed };
    return {
      ...{ ...about, ...observed, message: why.message },
      state: why.problem ? 'failing' : 'updating',
    };
  }

  /** What an earlier manifest asked for, and this one does not. */
  async #removeUnwanted(
    { resource, spec }: Target,
    planned: PlannedService[],
  ): Promise<void> {
    const wanted = planned.flatMap(one =>
      'parts' in one ? [...one.parts.workloads, ...one.parts.others] : [],
    );
    const unknown = planned.flatMap(one =>
      'parts' in one ? [] : [one.service.name],
    );
    for (const kind of [
      'Ingress',
      'Deployment',
      'Service',
      'ConfigMap',
    ] as const) {
      for (const object of this.#owned.of(kind, resource.uid)) {
        const { name, labels, deletionTimestamp } = object.metadata;
        const stays =
          wanted.some(one => one.kind === kind && one.metadata.name === name) ||
          unknown.includes(serviceOf(labels) ?? '');
        const ofDatabase = labels?.[DATABASE_LABEL];
        if (!stays && !ofDatabase && !deletionTimestamp) {
          await this.#owned.remove(object);
        }
      }
    }
    const secrets = spec.services.map(one => serviceSecretName(one.name));
    for (const secret of this.#owned.of('Secret', resource.uid)) {
      const { name, deletionTimestamp } = secret.metadata;
      if (isLent(secret) && !secrets.includes(name) && !deletionTimestamp) {
        await this.#owned.remove(secret);
      }
    }
  }
}

/** @returns nothing where that takes longer, in milliseconds */
async function soon<T>(answer: Promise<T>, ms: number): Promise<T | undefined> {
  let timer: NodeJS.Timeout | undefined;
  try {
    return await Promise.race([
      answer,
      new Promise<undefined>(resolve => {
        timer = setTimeout(() => resolve(undefined), ms);
      }),
    ]);
  } finally {
    clearTimeout(timer);
  }
}

function haveOneSelector(a: KubernetesObject, b: KubernetesObject): boolean {
  const [first, second] = [a, b].map(
    one => selectedSchema.parse(one).spec.selector,
  );
  return holds(first, second) && holds(second, first);
}

/** What runs goes on while its next image is built. */
function waitsFor(
  image: string,
  running: KubernetesObject[],
  replicas: number,
): Pick<EnvironmentServiceStatus, 'state' | 'ready' | 'replicas' | 'message'> {
  const ready = running.reduce(
    (sum, one) => sum + runningSchema.parse(one).status.readyReplicas,
    0,
  );
  return {
    ...{ state: 'waiting-for-image', ready, replicas },
    message: `Its image ${image} is not in the registry yet. It is looked for every few seconds, and started when it is there${
      running.length > 0 ? '; until then what was there before runs' : ''
    }.`,
  };
}

function imagesIn(deployment: KubernetesObject): string[] {
  return runningSchema
    .parse(deployment)
    .spec.template.spec.containers.map(({ image }) => image);
}
