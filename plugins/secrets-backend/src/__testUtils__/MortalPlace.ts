import { TestCluster, TestVault } from '@highroad/sandbox/testing';
import createKnex, { Knex } from 'knex';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { policyPrefix } from '../drivers/vault/policyNames';
import { PortalProcess } from './PortalProcess';

const PAST = '2020-01-01T00:00:00.000Z';
const recordSchema = z.object({
  event: z.string(),
  phase: z.enum(['intent', 'success', 'failure']),
});
const keysSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const rotationSchema = z.object({
  due_at: z.string(),
  retire_at: z.string().nullable(),
  from_version: z.number().nullable(),
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
  /** Portals that have begun already and wait for what to do, so that nobody waits for them */
  waiting: PortalProcess[];
}

/** What a portal does on its own besides following what it set. */
export interface Started {
  /** It finds what is written straight to Vault */
  looks?: boolean;
  /** It keeps policies and roles of services in Vault */
  keeps?: boolean;
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
    await place.setServices([{ name }]);
    await place.kubectl(
      ['apply', '-f', '-'],
      JSON.stringify({
        ...{ apiVersion: 'v1', kind: 'List' },
        items: place.#objects(),
      }),
    );
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

  /** What the catalog knows from now on, each with its owner. */
  async setServices(
    services: Array<{ name: string; owner?: string }>,
  ): Promise<void> {
    // Nobody reads a part of it.
    await writeFile(`${this.#catalog}.new`, JSON.stringify(services));
    await rename(`${this.#catalog}.new`, this.#catalog);
  }

  get #catalog(): string {
    return join(this.home, 'catalog.json');
  }

  async start(options: Started = {}): Promise<PortalProcess> {
    const { vault } = this;
    const { cluster, postgresUrl, waiting } = this.around;
    const { write, reveal, sync, policies } = vault.appRoles;
    const portal = waiting.pop() ?? new PortalProcess();
    waiting.push(new PortalProcess());
    this.portals.push(portal);
    await portal.begin({
      records: join(this.home, 'records.jsonl'),
      catalog: this.#catalog,
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
              ...(options.keeps && { policies: { ...policies } }),
            },
            ...(options.keeps && { workloads: [{ cluster: 'test' }] }),
          },
          secrets: {
            // Policies and roles are looked after ten times less often than clusters.
            ...{ pollSeconds: options.keeps ? 0.1 : 1 },
            restartWindowSeconds: 0,
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

  async #inDatabase<T>(work: (knex: Knex) => Promise<T>): Promise<T> {
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: join(this.home, 'secrets.sqlite') },
      useNullAsDefault: true,
    });
    try {
      return await work(knex);
    } finally {
      await knex.destroy();
    }
  }

  /** As if so much time had passed that the value is to be replaced, or that the one before it is to be ended. */
  async letTimeCome(of: 'due_at' | 'retire_at'): Promise<void> {
    await this.#inDatabase(knex =>
      knex('rotations')
        .whereNotNull(of)
        .update({ [of]: PAST, look_at: PAST }),
    );
  }

  /** Whether nothing is left to be done of the rotation of the key. */
  async isRotated(of: 'due_at' | 'retire_at'): Promise<boolean> {
    const row = rotationSchema.parse(
      await this.#inDatabase(knex => knex('rotations').first()),
    );
    const waits = of === 'due_at' ? row.due_at === PAST : row.retire_at;
    return !waits && row.from_version === null;
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

  /** Names of what is kept for services of this place in Vault, which hold the name of its engine. */
  async kept(): Promise<{ policies: string[]; roles: string[] }> {
    const { mount, request } = this.vault;
    const named = async (path: string) => {
      const answer = await request('LIST', path).catch(error => {
        // A method without a role has no list of them.
        if (/404/.test(String(error))) return { data: { keys: [] } };
        throw error;
      });
      const { keys } = keysSchema.parse(answer).data;
      return keys.filter(one => one.startsWith(policyPrefix(mount))).sort();
    };
    return {
      policies: await named('sys/policies/acl'),
      roles: await named('auth/kubernetes/role'),
    };
  }

  /** Takes away what portals kept in Vault outside of its engine. */
  async cleanUp(): Promise<void> {
    for (const portal of this.portals) await portal.kill();
    const { policies, roles } = await this.kept();
    const { request } = this.vault;
    for (const one of policies) {
      await request('DELETE', `sys/policies/acl/${one}`);
    }
    for (const one of roles) {
      await request('DELETE', `auth/kubernetes/role/${one}`);
    }
  }
}
