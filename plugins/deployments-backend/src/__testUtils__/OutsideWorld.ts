import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import {
  pushImage,
  TestCluster,
  TestRegistry,
  TestSandbox,
} from '@highroad/sandbox/testing';
import fs from 'fs-extra';
import createKnex from 'knex';
import { ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { serviceFiles } from '../drivers/manifests/__testUtils__/service';
import { SlackServer, TOKEN } from '../drivers/slack/__testUtils__/SlackServer';
import { Orders } from './mortalPortal';

const PAST = '2020-01-01T00:00:00.000Z';
const ENDED = ['succeeded', 'failed', 'cancelled', 'superseded'];
const run = promisify(execFile);

/** A deployment, as a portal lists it. */
export interface Deployed {
  id: string;
  kind: string;
  version: string;
  state: string;
  summary: string;
}

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
  #slackUrl = '';

  /** @param versions - annotations of each version's pods, which say what becomes of them */
  static async create(
    sandbox: TestSandbox,
    versions: Record<string, Record<string, string>>,
  ): Promise<OutsideWorld> {
    const world = new OutsideWorld({
      cluster: await sandbox.cluster(),
      registry: await sandbox.registry(),
      folder: await mkdtemp(join(tmpdir(), 'highroad-outside-')),
    });
    await world.#begin(versions);
    return world;
  }

  private constructor(options: {
    cluster: TestCluster;
    registry: TestRegistry;
    folder: string;
  }) {
    this.cluster = options.cluster;
    this.registry = options.registry;
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

  async #begin(versions: Record<string, Record<string, string>>) {
    this.#slackUrl = await this.slack.start();
    const commits = await commitEach(
      this.repositories,
      Object.fromEntries(
        Object.entries(versions).map(([name, annotations]) => [
          name,
          workload(`${this.registry.prefix}/cart`, annotations),
        ]),
      ),
    );
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
   */
  async newPlace(
    options: { environment?: object; kubeconfig?: string } = {},
  ): Promise<Place> {
    const id = randomBytes(4).toString('hex');
    const home = join(this.folder, id);
    await fs.ensureDir(home);
    const environment = `e-${id}`;
    const namespace = `cart-${environment}`;
    this.#namespaces.push(namespace);
    const { address, prefix } = this.registry;
    return new Place({
      ...{ home, environment, namespace, cluster: this.cluster },
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

/** Where a service runs, and the portals that bring it there, one after another or beside each other. */
export class Place {
  readonly environment: string;
  readonly namespace: string;
  readonly home: string;
  readonly #cluster: TestCluster;
  readonly #orders: Orders;
  readonly #onChild: (child: ChildProcess) => void;

  constructor(options: {
    environment: string;
    namespace: string;
    home: string;
    cluster: TestCluster;
    config: Orders['config'];
    entities: Orders['entities'];
    onChild: (child: ChildProcess) => void;
  }) {
    this.environment = options.environment;
    this.namespace = options.namespace;
    this.home = options.home;
    this.#cluster = options.cluster;
    this.#onChild = options.onChild;
    this.#orders = {
      config: options.config,
      entities: options.entities,
      records: join(options.home, 'records.jsonl'),
    };
  }

  get databaseFile(): string {
    return join(this.home, 'deployments.sqlite');
  }

  /** @param die - where it is killed; never if left out */
  async start(die?: Orders['die']): Promise<PortalProcess> {
    const portal = new PortalProcess(this.environment);
    this.#onChild(portal.child);
    await portal.begin({ ...this.#orders, die });
    return portal;
  }

  /** What was written to the audit records. */
  async records(): Promise<Array<{ eventId: string; phase: string }>> {
    const text = await readFile(this.#orders.records, 'utf8');
    return text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
  }

  /** As if so much time had passed that whoever died holds nothing any more. */
  async letLeasesEnd(): Promise<void> {
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: this.databaseFile },
      useNullAsDefault: true,
    });
    await knex('deployments')
      .whereNotNull('lease_until')
      .update({ lease_until: PAST });
    await knex('delivery_targets').update({ lease_until: PAST });
    await knex.destroy();
  }

  async kubectl(args: string[], input?: string): Promise<string> {
    return this.#cluster.kubectl(
      [`--namespace=${this.namespace}`, ...args],
      input,
    );
  }

  /** What the cluster has. */
  async workload(): Promise<{
    generation: number;
    image: string;
    sets: number;
  }> {
    const read = async (...what: string[]) =>
      JSON.parse(await this.kubectl(['get', ...what, '-o', 'json']));
    const workload = await read('deployment', 'cart');
    const sets = await read('replicasets');
    return {
      generation: workload.metadata.generation,
      image: workload.spec.template.spec.containers[0].image,
      sets: sets.items.length,
    };
  }
}

/** One portal, as a process. */
export class PortalProcess {
  readonly child: ChildProcess;
  /** What it asked of others, in the order in which it began to */
  readonly calls: string[] = [];
  readonly #environment: string;
  readonly #dead: Promise<void>;
  #errors = '';
  #url = '';

  constructor(environment: string) {
    this.#environment = environment;
    this.child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli-node/config/nodeTransform.cjs'),
        resolve(__dirname, 'mortalPortal.ts'),
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        },
      },
    );
    this.child.stderr?.on('data', data => {
      this.#errors += data;
    });
    this.#dead = new Promise<void>(done =>
      this.child.once('exit', () => done()),
    );
  }

  async begin(orders: Orders): Promise<void> {
    const port = await new Promise<number>((found, failed) => {
      createInterface({ input: this.child.stdout! }).on('line', line => {
        if (!line.startsWith('{')) return;
        const said = JSON.parse(line);
        if (said.port) found(said.port);
        if (said.call) this.calls.push(said.what);
      });
      this.#dead.then(() =>
        failed(new Error(`It did not start: ${this.#errors}`)),
      );
      this.child.send(orders);
    });
    this.#url = `http://127.0.0.1:${port}/api/deployments/v1`;
  }

  get isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async ask(path: string, body?: object) {
    const response = await fetch(`${this.#url}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: 'Bearer mock-user-token',
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async list(): Promise<Deployed[]> {
    return (await this.ask('deployments?limit=50')).items;
  }

  async deploy(version: string, more: object = {}): Promise<unknown> {
    return this.ask('deployments', {
      ...{ service: 'component:default/cart', version, ...more },
      environment: this.#environment,
    });
  }

  async rollback(): Promise<unknown> {
    return this.ask('rollbacks', {
      service: 'component:default/cart',
      environment: this.#environment,
    });
  }

  /** Waits until all have ended, or it is dead. */
  async settle(): Promise<Deployed[]> {
    for (let tries = 0; tries < 600 && !this.isDead; tries++) {
      const all = await this.list().catch(() => undefined);
      if (all?.every(({ state }) => ENDED.includes(state))) return all;
      await sleep(100);
    }
    if (this.isDead) return [];
    throw new Error(
      `It does not settle: ${JSON.stringify(await this.list())} ${
        this.#errors
      }`,
    );
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await Promise.race([this.#dead, sleep(5_000)]);
    this.child.kill('SIGKILL');
  }
}

function workload(image: string, annotations: Record<string, string>): string {
  return `
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: cart}}
  template:
    metadata:
      labels: {app.kubernetes.io/name: cart}
      annotations: ${JSON.stringify(annotations)}
    spec:
      serviceAccountName: cart
      securityContext: {runAsNonRoot: true, seccompProfile: {type: RuntimeDefault}}
      containers:
        - name: cart
          image: ${image}
          ports: [{name: http, containerPort: 8080}]
          securityContext:
            allowPrivilegeEscalation: false
            capabilities: {drop: [ALL]}
            readOnlyRootFilesystem: true
          resources:
            requests: {cpu: 10m, memory: 16Mi}
            limits: {cpu: 100m, memory: 64Mi}
          readinessProbe: {httpGet: {path: /readyz, port: http}}
          livenessProbe: {httpGet: {path: /healthz, port: http}}
`;
}

/** A repository with a commit for each of these workloads. */
async function commitEach(
  repositories: string,
  workloads: Record<string, string>,
): Promise<Record<string, string>> {
  const work = await mkdtemp(join(tmpdir(), 'highroad-commits-'));
  const id = { owner: 'acme', name: 'cart' };
  const local = new LocalRepositories(repositories);
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: work })).stdout.trim();
  const as = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
  const commits: Record<string, string> = {};
  for (const [name, text] of Object.entries(workloads)) {
    const files = serviceFiles({ 'deploy/base/workload.yaml': text });
    for (const [path, content] of Object.entries(files)) {
      await fs.outputFile(join(work, path), content);
    }
    if (Object.keys(commits).length === 0) {
      const author = { name: 'a', email: 'a@example.com' };
      const { commit } = await local.publish({
        ...{ id, folder: work, branch: 'main', message: name, author },
      });
      commits[name] = commit;
      await git('init', '--quiet');
      await git('fetch', '--quiet', local.directory(id), 'main');
      await git('reset', '--quiet', '--soft', 'FETCH_HEAD');
      continue;
    }
    await git('add', '.');
    await git(...as, 'commit', '--quiet', '--message', name);
    commits[name] = await git('rev-parse', 'HEAD');
  }
  await git('push', '--quiet', local.directory(id), 'HEAD:main');
  await rm(work, { recursive: true });
  return commits;
}
