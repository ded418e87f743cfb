import { mockServices } from '@backstage/backend-test-utils';
import {
  environmentManifestSchema,
  EnvironmentManifestInput,
  EnvironmentPhase,
} from '@highroad/plugin-environments-common';
import { DatabaseDriver } from '@highroad/plugin-environments-node';
import { SecretValue } from '@highroad/plugin-platform-common';
import { TestCluster } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import { z } from 'zod';
import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { admissionObjects } from '../controller/admission';
import { Images } from '../controller/Images';
import {
  ManifestProblem,
  ManifestReader,
} from '../controller/manifests/ManifestReader';
import { SecretProblem, SecretSource } from '../controller/SecretSource';
import { SeedProblem, SeedSource } from '../controller/SeedSource';
import {
  LEASE_NAMESPACE,
  leaseOf,
  RunningController,
  startController,
} from '../controller/startController';
import { EnvironmentResource } from '../service/EnvironmentResources';
import {
  EnvironmentChanges,
  KubernetesEnvironmentResources,
} from '../service/KubernetesEnvironmentResources';
import {
  parsePreviewSettings,
  PreviewSettings,
} from '../service/PreviewSettings';

/** What tests look at of objects. */
const objectSchema = z
  .object({
    metadata: z
      .object({
        labels: z.record(z.string()).default({}),
        annotations: z.record(z.string()).default({}),
        generation: z.number().optional(),
      })
      .passthrough(),
    spec: z
      .object({
        replicas: z.number().optional(),
        template: z
          .object({
            spec: z.object({
              containers: z.array(
                z.object({
                  image: z.string(),
                  env: z.array(z.unknown()).default([]),
                }),
              ),
            }),
          })
          .optional(),
      })
      .optional(),
    data: z.record(z.string()).optional(),
  })
  .passthrough();

export const OWNER = 'group:default/shop';

/** Says of every seed that it is not there. */
export const noSeeds: SeedSource = {
  async find(_target, path) {
    throw new SeedProblem(`There is no ${path} in this test.`);
  },
};

/** Leaves it to the node whether an image is there. */
const nobodyKnows: Images = {
  look: async () => 'unknown',
  digestOf: async () => undefined,
};

/** Says of every repository that it can't be read. */
const noManifests: ManifestReader = {
  async read() {
    throw new ManifestProblem('There are no repositories in this test.');
  },
};

/** Has none, for anybody. */
export const noSecrets: SecretSource = {
  ownerOf: async () => undefined,
  newest: async () => ({}),
  async lend() {
    throw new SecretProblem('There are no secrets in this test.');
  },
};

/** A controller on a real API server, in a home namespace of its own. */
export class EnvironmentWorld {
  readonly cluster: TestCluster;
  readonly settings: PreviewSettings;
  /** Every request by the controller that may change something, but those for its lease */
  readonly writes: string[] = [];
  readonly expired: string[] = [];
  /** Names of environments, each time one was looked at to its end */
  readonly looks: string[] = [];
  readonly resources: KubernetesEnvironmentResources;
  readonly #drivers: Map<string, DatabaseDriver>;
  readonly #seeds: SeedSource;
  readonly #images: Images;
  readonly #secrets: SecretSource;
  readonly #manifests: ManifestReader;
  readonly #access: ClusterAccess;
  readonly #changes = new EnvironmentChanges();
  readonly #names = new Set<string>();
  #running: RunningController | undefined;

  constructor(options: {
    cluster: TestCluster;
    settings?: object;
    drivers?: Map<string, DatabaseDriver>;
    seeds?: SeedSource;
    images?: Images;
    secrets?: SecretSource;
    manifests?: ManifestReader;
  }) {
    this.cluster = options.cluster;
    this.settings = parsePreviewSettings({
      cluster: 'test',
      namespace: options.cluster.namespace,
      teamNamespaces: false,
      url: 'http://{service}-{environment}.previews.test:8080',
      ...options.settings,
    });
    this.#drivers = options.drivers ?? new Map();
    this.#seeds = options.seeds ?? noSeeds;
    this.#images = options.images ?? nobodyKnows;
    this.#secrets = options.secrets ?? noSecrets;
    this.#manifests = options.manifests ?? noManifests;
    this.#access = new ClusterAccess([
      { name: 'test', kubeconfig: options.cluster.kubeconfig },
    ]);
    this.resources = new KubernetesEnvironmentResources({
      home: this.settings.namespace,
      changes: this.#changes,
      cluster: () =>
        this.#running
          ? { client: this.client(), environments: this.#running.environments }
          : { missing: 'no controller runs' },
    });
  }

  client(onWrite?: (method: string, path: string) => void): ClusterClient {
    return new ClusterClient({
      config: this.kubeConfig(),
      ...(onWrite && { onWrite }),
    });
  }

  kubeConfig() {
    return this.#access.config('test');
  }

  async start(identity = `test-${randomBytes(4).toString('hex')}`) {
    this.#running = await this.startAnother(identity);
    await this.until(() => this.#running?.controller.leading, 'a leader');
    return this.#running;
  }

  /**
   * @param options.client - by which it reaches the cluster
   * @param options.drivers - by which it makes databases
   * @param options.usualLease - holds its lease as long as outside of tests
   */
  startAnother(
    identity: string,
    options: {
      client?: ClusterClient;
      drivers?: Map<string, DatabaseDriver>;
      usualLease?: boolean;
    } = {},
  ): Promise<RunningController> {
    const { client, drivers = this.#drivers, usualLease } = options;
    const watched = (method: string, path: string) => {
      if (!path.includes('/leases')) this.writes.push(`${method} ${path}`);
    };
    return startController({
      client: client ?? this.client(watched),
      settings: this.settings,
      drivers,
      seeds: this.#seeds,
      images: this.#images,
      secrets: this.#secrets,
      manifests: this.#manifests,
      logger: mockServices.logger.mock(),
      identity,
      now: () => new Date(),
      jitter: () => Math.random(),
      newPassword: () => new SecretValue(randomBytes(24).toString('hex')),
      ...(!usualLease && { leaseMs: 5_000 }),
      pace: {
        ...{ blockedAfterMs: 3_000, askForImageAfterMs: 3_000 },
        followTagsEveryMs: 1_000,
      },
      onChange: ({ type, object }) => this.#changes.tell(type, object),
      onLooked: ({ name }) => this.looks.push(name),
      onExpired: async ({ name }) => {
        this.expired.push(name);
      },
    });
  }

  async stop(): Promise<void> {
    await this.#running?.stop();
    this.#running = undefined;
  }

  /** As after a crash or an update: all is looked at from nothing. */
  async restart(): Promise<RunningController> {
    await this.stop();
    return this.start();
  }

  /** Has an environment looked at, and waits for the cluster to have been asked by it. */
  async lookAgain(running: RunningController, name: string): Promise<number> {
    const before = this.looks.length;
    running.controller.wake({ home: this.settings.namespace, name });
    await this.until(
      () => this.looks.slice(before).includes(name),
      `a look at ${name}`,
    );
    return this.looks.length - before;
  }

  /** Ends all environments that were made here, and whatever is left of them. */
  async cleanUp(): Promise<void> {
    try {
      if (!this.#running) return;
      for (const name of this.#names) {
        await this.resources.delete({ home: this.settings.namespace, name });
      }
      await this.until(
        async () => (await this.resources.list()).length === 0,
        'the end of all environments',
        // Namespaces go one after the other where much else goes on.
        150_000,
      );
    } finally {
      await this.stop();
      await this.cluster.kubectl([
        ...['delete', 'lease', leaseOf(this.settings), '--ignore-not-found'],
        `--namespace=${LEASE_NAMESPACE}`,
      ]);
      for (const { kind, metadata } of admissionObjects(this.settings)) {
        await this.cluster.kubectl([
          ...['delete', kind, metadata.name, '--ignore-not-found'],
        ]);
      }
    }
  }

  /** A name that no other test has. */
  name(beginning = 'demo'): string {
    const name = `${beginning}-${randomBytes(4).toString('hex')}`;
    this.#names.add(name);
    return name;
  }

  manifest(
    name: string,
    spec: Partial<EnvironmentManifestInput['spec']> = {},
    annotations: Record<string, string> = {},
  ) {
    return environmentManifestSchema.parse({
      apiVersion: 'platform.myorg.com/v1',
      kind: 'Environment',
      metadata: { name, annotations },
      spec: {
        type: 'preview',
        services: [{ name: 'api', image: 'myorg/api:1' }],
        ...spec,
      },
    });
  }

  async apply(
    name: string,
    spec: Partial<EnvironmentManifestInput['spec']> = {},
    annotations: Record<string, string> = {},
  ): Promise<EnvironmentResource> {
    const { resource } = await this.resources.apply(
      this.manifest(name, spec, annotations),
      { owner: OWNER, requestedBy: 'user:default/jonas.lind' },
    );
    return resource;
  }

  async get(name: string): Promise<EnvironmentResource | undefined> {
    return this.resources.find({ home: this.settings.namespace, name });
  }

  async untilPhase(
    name: string,
    phase: EnvironmentPhase,
    withinMs = 45_000,
  ): Promise<EnvironmentResource> {
    return this.untilResource(
      name,
      one => one.status.phase === phase,
      `phase ${phase} of ${name}`,
      withinMs,
    );
  }

  async untilResource(
    name: string,
    is: (resource: EnvironmentResource) => boolean,
    what: string,
    withinMs = 45_000,
  ): Promise<EnvironmentResource> {
    let last: EnvironmentResource | undefined;
    try {
      await this.until(
        async () => {
          last = await this.get(name);
          return last !== undefined && is(last);
        },
        what,
        withinMs,
      );
    } catch (error) {
      throw new Error(`${error}: ${JSON.stringify(last?.status)}`);
    }
    if (!last) throw new Error(`${name} has gone`);
    return last;
  }

  async untilGone(name: string, withinMs = 90_000): Promise<void> {
    await this.until(
      async () => (await this.get(name)) === undefined,
      `the end of ${name}`,
      withinMs,
    );
  }

  async until(
    condition: () => unknown,
    what: string,
    withinMs = 45_000,
  ): Promise<void> {
    const end = Date.now() + withinMs;
    while (!(await condition())) {
      if (Date.now() > end) {
        throw new Error(`Waited ${withinMs / 1000} s in vain for ${what}`);
      }
      await pause(50);
    }
  }

  /** An object as JSON; undefined where there is none. */
  async object(
    kind: string,
    name: string,
    namespace?: string,
  ): Promise<z.output<typeof objectSchema> | undefined> {
    const text = await this.cluster.kubectl([
      ...['get', kind, name, '--output=json', '--ignore-not-found'],
      ...(namespace ? [`--namespace=${namespace}`] : []),
    ]);
    return text.trim() ? objectSchema.parse(JSON.parse(text)) : undefined;
  }
}
