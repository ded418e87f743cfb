import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { ServiceUnavailableError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  ClusterAccess,
  ENVIRONMENT_ANNOTATION,
  Places,
  SERVICE_ANNOTATION,
} from '@highroad/plugin-platform-node/kubernetes';
import { TestCluster, TestSandbox, TestVault } from '@highroad/sandbox/testing';
import { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { SyncStore } from '../database/SyncStore';
import { VersionStore } from '../database/VersionStore';
import { ClusterSecrets } from '../drivers/kubernetes/ClusterSecrets';
import { createVault } from '../drivers/vault/createVault';
import { SecretVault } from '../drivers/vault/SecretVault';
import { Discovery } from '../service/Discovery';
import { Reconciler } from '../service/Reconciler';
import { Recorder } from '../service/Recorder';
import { SecretReader } from '../service/SecretReader';
import { SecretService } from '../service/SecretService';
import { Syncer } from '../service/Syncer';
import { SyncWishes } from '../service/SyncWishes';

/** Secrets with a real Vault and a real cluster, and a database of their own. */
export class SandboxWorld {
  /** What was recorded, in order */
  readonly records: Array<{ event: string; meta: unknown }> = [];
  /** Whether the audit store takes anything */
  recording = true;

  private constructor(
    readonly cluster: TestCluster,
    readonly vault: TestVault,
    readonly db: Knex,
    readonly store: SecretVault,
    readonly namespaces: string[],
    readonly service: string,
  ) {}

  reader!: SecretReader;
  secrets!: SecretService;
  reconciler!: Reconciler;

  static async create(
    sandbox: TestSandbox,
    databases: TestDatabases,
    options: { url?: string; restartWindowMs?: number } = {},
  ): Promise<SandboxWorld> {
    const cluster = await sandbox.cluster();
    const vault = await sandbox.vault();
    const db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-secrets-backend',
        'migrations',
      ),
    });
    const now = () => new Date();
    const store = createVault(
      {
        url: options.url ?? vault.address,
        mount: vault.mount,
        timeoutSeconds: 5,
        workloads: [],
        auth: {
          write: { ...vault.appRoles.write, mount: 'approle' },
          reveal: { ...vault.appRoles.reveal, mount: 'approle' },
          sync: { ...vault.appRoles.sync, mount: 'approle' },
        },
      },
      now,
    );
    const name = `cart-${randomBytes(3).toString('hex')}`;
    const world = new SandboxWorld(
      ...([cluster, vault, db, store] as const),
      [`${name}-staging`, `${name}-qa`, `${name}-production`],
      `component:default/${name}`,
    );
    const places = new Places(
      ['staging', 'qa', 'production'].map(environment => ({
        name: environment,
        production: environment === 'production',
        cluster: 'test',
        namespace: '{service}-{environment}',
      })),
    );
    const syncs = new SyncStore(db);
    const logger = mockServices.logger.mock();
    const recorder = new Recorder({
      auditor: {
        createEvent: async ({ eventId, meta }) => {
          if (!world.recording) {
            throw new ServiceUnavailableError('It cannot be recorded.');
          }
          world.records.push({ event: eventId, meta });
          return { success: async () => {}, fail: async () => {} };
        },
      },
    });
    const clusters = new ClusterSecrets({
      access: new ClusterAccess([
        { name: 'test', kubeconfig: cluster.kubeconfig },
      ]),
    });
    const syncer = new Syncer({
      ...{ clusters, now, random: () => 0, recorder, store: syncs },
      vault: store,
      times: {
        pollMs: 500,
        vaultPollMs: 500,
        restartWindowMs: options.restartWindowMs ?? 2_000,
      },
    });
    const discovery = new Discovery({
      ...{ clusters, now, places, syncs, vault: store },
    });
    world.reconciler = new Reconciler({
      ...{ logger, now, store: syncs, syncer },
      holder: 'test',
      sweeps: [() => discovery.sweep()],
      sweepMs: 1_000,
    });
    const shared = {
      ...{ places, syncs, vault: store, versions: new VersionStore(db) },
      services: {
        require: async () => {},
        existing: async (all: string[]) => new Set(all),
      },
      wishes: new SyncWishes({ now, syncs }),
    };
    world.reader = new SecretReader({
      ...{ ...shared, reconciler: world.reconciler },
    });
    world.secrets = new SecretService({
      ...{ ...shared, logger, now, reader: world.reader },
      reconciler: world.reconciler,
    });
    return world;
  }

  /** Makes the namespace that a deployment would have made, with workloads that use the Secret. */
  async deployTo(environment: string): Promise<void> {
    const name = this.service.split('/')[1];
    const namespace = `${name}-${environment}`;
    await this.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: namespace,
        annotations: {
          [SERVICE_ANNOTATION]: this.service,
          [ENVIRONMENT_ANNOTATION]: environment,
        },
      },
    });
    const labels = { app: name };
    const pod = (uses: boolean) => ({
      metadata: { labels },
      spec: {
        containers: [
          {
            name: 'app',
            image: '127.0.0.1:1/none',
            ...(uses && { envFrom: [{ secretRef: { name, optional: true } }] }),
          },
        ],
      },
    });
    for (const [suffix, uses] of [
      ['uses', true],
      ['other', false],
    ] as const) {
      await this.apply({
        apiVersion: 'apps/v1',
        kind: 'Deployment',
        metadata: { name: `${name}-${suffix}`, namespace },
        spec: {
          replicas: 1,
          selector: { matchLabels: labels },
          template: pod(uses),
        },
      });
    }
    await this.apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name: `${name}-rollout`, namespace },
      spec: {
        replicas: 1,
        selector: { matchLabels: labels },
        template: pod(true),
        strategy: { canary: { steps: [] } },
      },
    });
  }

  async apply(object: {
    metadata: { name: string; namespace?: string; annotations?: object };
    [field: string]: unknown;
  }): Promise<void> {
    const { namespace } = object.metadata;
    await this.cluster.kubectl(
      [
        ...['apply', '--server-side', '-f', '-'],
        ...(namespace ? [`--namespace=${namespace}`] : []),
      ],
      JSON.stringify(object),
    );
  }

  /** Reads an object as the cluster has it; nothing where there is none. */
  async object(
    kind: string,
    environment: string,
    suffix = '',
  ): Promise<Record<string, any> | undefined> {
    const name = this.service.split('/')[1];
    const text = await this.cluster.kubectl([
      ...['get', kind, `${name}${suffix}`, '--ignore-not-found', '-o', 'json'],
      `--namespace=${name}-${environment}`,
    ]);
    return text ? JSON.parse(text) : undefined;
  }

  /** What the Secret holds, decoded. */
  async held(environment: string): Promise<Record<string, string>> {
    const secret = await this.object('secret', environment);
    return Object.fromEntries(
      Object.entries((secret?.data ?? {}) as Record<string, string>).map(
        ([key, value]) => [key, Buffer.from(value, 'base64').toString()],
      ),
    );
  }

  async set(environment: string, values: Record<string, string>) {
    return this.secrets.set(
      this.service,
      [environment],
      Object.entries(values).map(([key, value]) => ({
        key,
        value: new SecretValue(value),
        encoding: 'text' as const,
      })),
      { actor: 'user:default/anna', how: 'set' },
    );
  }

  async cleanUp(): Promise<void> {
    await this.reconciler.stop();
    await this.cluster.kubectl([
      ...['delete', 'namespace', ...this.namespaces],
      ...['--wait=false', '--ignore-not-found'],
    ]);
  }
}

/** Waits until something is as it should be. */
export async function until(
  what: () => Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const end = Date.now() + withinMs;
  while (!(await what())) {
    if (Date.now() > end) throw new Error('It did not come to that in time.');
    await sleep(200);
  }
}
