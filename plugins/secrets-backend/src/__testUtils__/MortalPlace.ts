import { TestCluster, TestVault } from '@highroad/sandbox/testing';
import createKnex from 'knex';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { PortalProcess } from './PortalProcess';

const PAST = '2020-01-01T00:00:00.000Z';
const recordSchema = z.object({
  event: z.string(),
  phase: z.enum(['intent', 'success', 'failure']),
});
const metadataSchema = z.object({
  data: z.object({ current_version: z.number() }),
});

/** What is shared by all places of a suite. */
export interface Around {
  cluster: TestCluster;
  /** Gives each place an engine of its own: a portal looks after all that it finds in its engine */
  newVault(): Promise<TestVault>;
  /** Folder that the suite takes away */
  folder: string;
  /** Of a PostgreSQL on which credentials are replaced */
  postgresUrl?: string;
}

/** A service that runs, and a database for portals that come one after the other. */
export class MortalPlace {
  readonly at: { service: string; environment: string; key: string };
  readonly namespace: string;
  /** Every portal that was started here */
  readonly portals: PortalProcess[] = [];

  private constructor(
    readonly name: string,
    readonly around: Around,
    readonly vault: TestVault,
    readonly home: string,
  ) {
    this.namespace = `${name}-staging`;
    this.at = {
      service: `component:default/${name}`,
      ...{ environment: 'staging', key: 'URL' },
    };
  }

  static async create(around: Around): Promise<MortalPlace> {
    const name = `killed-${randomBytes(4).toString('hex')}`;
    const home = await mkdtemp(join(around.folder, 'home-'));
    const vault = await around.newVault();
    const place = new MortalPlace(name, around, vault, home);
    for (const object of place.#objects()) {
      await place.kubectl(['apply', '-f', '-'], JSON.stringify(object));
    }
    return place;
  }

  #objects(): object[] {
    const { name, namespace } = this;
    const labels = { app: name };
    const container = {
      ...{ name: 'app', image: '127.0.0.1:1/none' },
      envFrom: [{ secretRef: { name, optional: true } }],
    };
    return [
      {
        ...{ apiVersion: 'v1', kind: 'Namespace' },
        metadata: {
          name: namespace,
          annotations: {
            'platform.myorg.com/service': this.at.service,
            'platform.myorg.com/environment': 'staging',
          },
        },
      },
      {
        ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
        metadata: { name, namespace },
        spec: {
          selector: { matchLabels: labels },
          template: {
            metadata: { labels },
            spec: { containers: [container] },
          },
        },
      },
    ];
  }

  /** @param options.looks - whether it finds by itself what is written straight to Vault */
  async start(options: { looks?: boolean } = {}): Promise<PortalProcess> {
    const { vault } = this;
    const { cluster, postgresUrl } = this.around;
    const { write, reveal, sync } = vault.appRoles;
    const portal = new PortalProcess();
    this.portals.push(portal);
    await portal.begin({
      records: join(this.home, 'records.jsonl'),
      service: this.name,
      config: {
        app: { baseUrl: 'http://localhost:3000' },
        backend: {
          baseUrl: 'http://localhost:0',
          listen: { host: '127.0.0.1', port: 0 },
          database: {
            client: 'better-sqlite3',
            connection: { directory: this.home },
          },
        },
        platform: {
          vault: {
            ...{ url: vault.address, mount: vault.mount },
            auth: {
              ...{ write: { ...write }, reveal: { ...reveal } },
              sync: { ...sync },
            },
          },
          secrets: {
            ...{ pollSeconds: 1, restartWindowSeconds: 0 },
            ...(options.looks && { vaultPollSeconds: 1 }),
            ...(postgresUrl && {
              postgres: [{ name: 'main', url: postgresUrl }],
            }),
          },
          clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
          environments: [{ name: 'staging', cluster: 'test' }],
        },
      },
    });
    return portal;
  }

  async kubectl(args: string[], input?: string): Promise<string> {
    const there = `--namespace=${this.namespace}`;
    return this.around.cluster.kubectl([there, ...args], input);
  }

  /** As if so much time had passed that whoever died holds nothing any more. */
  async letLeasesEnd(): Promise<void> {
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: join(this.home, 'secrets.sqlite') },
      useNullAsDefault: true,
    });
    await knex('syncs')
      .whereNotNull('lease_until')
      .update({ lease_until: PAST });
    await knex('rotations')
      .whereNotNull('held_until')
      .update({ held_until: PAST });
    await knex.destroy();
  }

  /** What was recorded of an event, in order. */
  async recorded(event: string): Promise<string[]> {
    const text = await readFile(join(this.home, 'records.jsonl'), 'utf8');
    return text
      .trim()
      .split('\n')
      .map(line => recordSchema.parse(JSON.parse(line)))
      .filter(one => one.event === event)
      .map(one => one.phase);
  }

  /** What the Secret holds; nothing where it does not have the key. */
  async held(key = this.at.key): Promise<string | undefined> {
    const text = await this.kubectl([
      ...['get', 'secret', this.name, '--ignore-not-found'],
      ...['-o', `jsonpath={.data.${key}}`],
    ]);
    return text ? Buffer.from(text, 'base64').toString() : undefined;
  }

  /** How often its pods were given another template, after the first. */
  async restarts(): Promise<number> {
    const text = await this.kubectl([
      ...['get', 'deployment', this.name],
      ...['-o', 'jsonpath={.metadata.generation}'],
    ]);
    return Number(text) - 1;
  }

  #path(key: string): string {
    return `staging/${this.name}/${key}`;
  }

  /** Writes straight to Vault. */
  async writeToVault(value: string, key = this.at.key): Promise<void> {
    const { mount, request } = this.vault;
    await request('POST', `${mount}/data/${this.#path(key)}`, {
      data: { value },
    });
  }

  /** Number of versions that were ever written of a key. */
  async versions(key = this.at.key): Promise<number> {
    const { mount, request } = this.vault;
    const answer = await request('GET', `${mount}/metadata/${this.#path(key)}`);
    return metadataSchema.parse(answer).data.current_version;
  }
}
