import {
  DATABASE_LABEL,
  EnvironmentServiceSpec,
  EnvironmentServiceStatus,
} from '@highroad/plugin-environments-common';
import { z } from 'zod';
import { ClusterClient } from '../drivers/kubernetes/ClusterClient';
import { KubernetesObject } from '../drivers/kubernetes/kinds';
import { Images } from './Images';
import { imageOf } from './objects/imageOf';
import { databasesOf, serviceObjects } from './objects/serviceObjects';
import { askAgainForImages, observeService } from './observeService';
import { OwnedObjects } from './OwnedObjects';
import { SecretSource } from './SecretSource';
import { ServiceSecrets } from './ServiceSecrets';
import { addressOf, Target } from './Target';

const runningSchema = z.object({
  spec: z.object({
    replicas: z.number().default(1),
    template: z.object({
      spec: z.object({ containers: z.array(z.object({ image: z.string() })) }),
    }),
  }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({}),
});

/** Has the services of environments run, each as soon as its databases and its image are there. */
export class Services {
  readonly #client: ClusterClient;
  readonly #owned: OwnedObjects;
  readonly #images: Images;
  readonly #secrets: ServiceSecrets;
  readonly #now: () => Date;
  readonly #askAgainMs: number;

  /** @param options.askAgainMs - how old a pod is whose image is asked for again, by another pod */
  constructor(options: {
    client: ClusterClient;
    owned: OwnedObjects;
    images: Images;
    secrets: SecretSource;
    now: () => Date;
    askAgainMs: number;
  }) {
    this.#client = options.client;
    this.#owned = options.owned;
    this.#images = options.images;
    this.#secrets = new ServiceSecrets(options);
    this.#now = options.now;
    this.#askAgainMs = options.askAgainMs;
  }

  /** @param seeded - services start only on databases that are whole: they may change them as they start */
  async run(
    target: Target,
    values: Map<string, string>,
    seeded: boolean,
  ): Promise<EnvironmentServiceStatus[]> {
    const { spec, resource, slug, settings, namespace } = target;
    const wanted: KubernetesObject[] = [];
    const statuses = await Promise.all(
      spec.services.map(async (service): Promise<EnvironmentServiceStatus> => {
        const resolved = imageOf(service.image, {
          name: resource.name,
          pullRequest: spec.pullRequest,
          settings,
        });
        // It was accepted, so its image can be told.
        const image = resolved.ok ? resolved.image : service.image;
        const address = service.public
          ? addressOf(service.name, slug, settings)
          : undefined;
        const about = {
          ...{ name: service.name, image },
          ...(address && { url: address.url }),
        };
        const lent = await this.#secrets.provide(target, service);
        const { deployment, others } = serviceObjects(target, service, {
          image,
          values: [
            ...databasesOf(target, service.name).map(({ name }) =>
              values.get(name),
            ),
            ...('values' in lent && lent.values ? [lent.values] : []),
          ].join(),
        });
        wanted.push(deployment, ...others);
        const runs = this.#owned.get('Deployment', service.name, namespace);
        if (!seeded && !runs) {
          return {
            ...{ ...about, state: 'waiting', ready: 0 },
            replicas: service.replicas,
            message: 'It starts when the databases are there.',
          };
        }
        if ('missing' in lent) {
          return {
            ...{ ...about, state: 'waiting', ready: 0 },
            ...{ replicas: service.replicas, message: lent.missing },
          };
        }
        const changes = !runs || imageIn(runs) !== image;
        const [answer] = await Promise.all([
          changes ? this.#images.look(image) : 'there',
          ...others.map(object => this.#owned.ensure(object)),
        ]);
        if (answer === 'missing') {
          return { ...about, ...waitsFor(image, runs, service) };
        }
        const observed = await this.#start(deployment);
        return { ...about, ...observed };
      }),
    );
    await this.#removeUnwanted(target, wanted);
    return statuses;
  }

  /** @param uid - of an environment that is gone */
  forget(uid: string): void {
    this.#secrets.forget(uid);
  }

  async #start(wanted: KubernetesObject) {
    const deployment = await this.#owned.ensure(wanted);
    const observed = await observeService(this.#client, deployment);
    if (observed.state === 'waiting-for-image') {
      await askAgainForImages(this.#client, deployment, {
        now: this.#now(),
        afterMs: this.#askAgainMs,
      });
    }
    return observed;
  }

  /** What an earlier manifest asked for, and this one does not. */
  async #removeUnwanted(
    { resource }: Target,
    wanted: KubernetesObject[],
  ): Promise<void> {
    for (const kind of ['Ingress', 'Deployment', 'Service'] as const) {
      for (const object of this.#owned.of(kind, resource.uid)) {
        const stays = wanted.some(
          one =>
            one.kind === kind && one.metadata.name === object.metadata.name,
        );
        const ofDatabase = object.metadata.labels?.[DATABASE_LABEL];
        if (!stays && !ofDatabase && !object.metadata.deletionTimestamp) {
          await this.#owned.remove(object);
        }
      }
    }
  }
}

/** What runs goes on while its next image is built. */
function waitsFor(
  image: string,
  runs: KubernetesObject | undefined,
  { replicas }: EnvironmentServiceSpec,
): Pick<EnvironmentServiceStatus, 'state' | 'ready' | 'replicas' | 'message'> {
  const ready = runs ? runningSchema.parse(runs).status.readyReplicas : 0;
  return {
    ...{ state: 'waiting-for-image', ready, replicas },
    message: `Its image ${image} is not in the registry yet. It is looked for every few seconds, and started when it is there${
      runs ? '; until then what was there before runs' : ''
    }.`,
  };
}

function imageIn(deployment: KubernetesObject): string | undefined {
  return runningSchema.parse(deployment).spec.template.spec.containers[0]
    ?.image;
}
