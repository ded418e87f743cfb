import {
  pushImage,
  TestCluster,
  TestRegistry,
  TestSandbox,
} from '@highroad/sandbox/testing';
import fs from 'fs-extra';
import { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  SlackServer,
  TOKEN,
} from '@highroad/plugin-platform-node/slack/testing';
import { guardedWorkload } from '@highroad/plugin-platform-node/manifests/testing';
import { commitEach } from './cartRepository';
import { Place } from './Place';
import { Deployed } from './PortalProcess';

/**
 * What deployments need from outside, for real: a registry with images, a repository with a commit for each version, a
 * cluster; and Slack. Portals run as processes of their own, so that they can be killed.
 */
export class OutsideWorld {
  readonly slack = new SlackServer();
  readonly cluster: TestCluster;
  readonly registry: TestRegistry;
  readonly folder: string;
  readonly #namespaces: string[] = [];
  readonly #children: ChildProcess[] = [];
  /** The registry as portals reach it */
  readonly #seen: TestRegistry;
  #slackUrl = '';

  /**
   * @param versions - annotations of each version's pods, which say what becomes of them
   * @param changes - what is done to the workload of a version, by its name
   * @param inFront - opens what stands between portals and the registry of that address; returns its own
   */
  static async create(
    sandbox: TestSandbox,
    versions: Record<string, Record<string, string>>,
    changes: Record<string, (workload: string) => string> = {},
    inFront: (address: string) => Promise<string> = async address => address,
  ): Promise<OutsideWorld> {
    const registry = await sandbox.registry();
    const address = await inFront(registry.address);
    const path = registry.prefix.slice(registry.prefix.indexOf('/'));
    const seen = { address, prefix: `${new URL(address).host}${path}` };
    const world = new OutsideWorld({
      cluster: await sandbox.cluster(),
      registry,
      seen: address === registry.address ? registry : seen,
      folder: await mkdtemp(join(tmpdir(), 'highroad-outside-')),
    });
    const image = `${world.#seen.prefix}/cart`;
    await world.#begin(
      Object.fromEntries(
        Object.entries(versions).map(([name, annotations]) => {
          const text = guardedWorkload(image, { annotations });
          return [name, changes[name]?.(text) ?? text];
        }),
      ),
    );
    return world;
  }

  private constructor(options: {
    cluster: TestCluster;
    registry: TestRegistry;
    seen: TestRegistry;
    folder: string;
  }) {
    this.cluster = options.cluster;
    this.registry = options.registry;
    this.#seen = options.seen;
    this.folder = options.folder;
  }

  get repositories(): string {
    return join(this.folder, 'repositories');
  }

  /** Name of the image's repository in the registry. */
  get imagePath(): string {
    const { prefix } = this.registry;
    return `${prefix.slice(prefix.indexOf('/') + 1)}/cart`;
  }

  async #begin(workloads: Record<string, string>) {
    this.#slackUrl = await this.slack.start();
    const commits = await commitEach(this.repositories, workloads);
    for (const [name, commit] of Object.entries(commits)) {
      await pushImage(this.registry.address, this.imagePath, {
        references: [name],
        labels: { 'org.opencontainers.image.revision': commit },
      });
    }
  }

  async end(): Promise<void> {
    for (const child of this.#children) child.kill('SIGKILL');
    await this.slack.stop();
    await this.cluster.kubectl([
      ...['delete', 'namespace', ...this.#namespaces],
      ...['--wait=false', '--ignore-not-found'],
    ]);
    await rm(this.folder, { recursive: true, force: true });
  }

  /**
   * An environment that nothing was deployed to, with a database of its own.
   *
   * @param options.environment - what it has beside name and cluster
   * @param options.isPromotedTo - there is another environment, from which it is promoted to this one
   * @param options.prometheus - the one that conditions are asked of
   * @param options.metrics - settings of the plugin of metrics, which is there then too
   */
  async newPlace(
    options: {
      environment?: object;
      isPromotedTo?: boolean;
      kubeconfig?: string;
      metrics?: object;
      prometheus?: object;
    } = {},
  ): Promise<Place> {
    const id = randomBytes(4).toString('hex');
    const home = join(this.folder, id);
    await fs.ensureDir(home);
    const environment = `e-${id}`;
    const namespace = `cart-${environment}`;
    this.#namespaces.push(namespace);
    const source = options.isPromotedTo ? `f-${id}` : undefined;
    if (source) this.#namespaces.push(`cart-${source}`);
    const { address, prefix } = this.#seen;
    return new Place({
      ...{ home, environment, namespace, source, cluster: this.cluster },
      metrics: options.metrics !== undefined,
      onChild: child => this.#children.push(child),
      config: {
        app: { baseUrl: 'http://localhost:3000' },
        backend: {
          baseUrl: 'http://localhost:0',
          listen: { host: '127.0.0.1', port: 0 },
          database: {
            client: 'better-sqlite3',
            connection: { directory: home },
          },
        },
        platform: {
          ...(options.metrics && { metrics: options.metrics }),
          ...(options.prometheus && { prometheus: options.prometheus }),
          localRepositories: { directory: this.repositories },
          registries: [{ host: new URL(address).host, insecure: true }],
          clusters: [
            {
              name: 'test',
              kubeconfig: options.kubeconfig ?? this.cluster.kubeconfig,
            },
          ],
          slack: {
            ...{ token: TOKEN, channel: '#deployments' },
            apiUrl: this.#slackUrl,
          },
          environments: [
            {
              ...{ name: environment, tier: 'staging', cluster: 'test' },
              ...options.environment,
            },
            ...(source
              ? [{ name: source, tier: 'staging', cluster: 'test' }]
              : []),
          ],
        },
      },
      entities: [
        {
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name: 'cart',
            annotations: {
              'platform.myorg.com/image': `${prefix}/cart`,
              'pagerduty.com/service-id': 'PCART01',
              'backstage.io/source-location':
                'url:http://localhost:3000/repositories/acme/cart/',
            },
          },
          spec: { type: 'service', lifecycle: 'production', owner: 'team' },
        },
      ],
    });
  }

  /** What Slack has of these deployments, once it has the end of each. */
  async slackOf(all: Deployed[]) {
    for (let tries = 0; tries < 200; tries++) {
      const messages = this.slack.messages.filter(message =>
        all.some(({ id }) => message.metadata.event_payload.id === id),
      );
      const ended = messages.filter(
        ({ text }) => !/checking|queued|shifting|applying/i.test(text),
      );
      if (ended.length >= all.length) return messages;
      await sleep(100);
    }
    throw new Error(
      `Slack is not told: ${JSON.stringify(
        this.slack.messages.slice(-4).map(({ text }) => text),
      )}`,
    );
  }
}
