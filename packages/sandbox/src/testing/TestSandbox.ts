import { randomBytes } from 'node:crypto';
import { Client } from 'pg';
import { Connection } from '../connection/schema';
import { SandboxPaths } from '../machine/paths';
import { run } from '../machine/run';
import { giteaRequest } from '../servers/giteaApi';
import { readVaultRoot, vaultRequest } from '../servers/vaultApi';
import {
  AppRole,
  PortalRole,
  portalAppRoles,
  portalRoles,
  setUpRoles,
} from '../servers/vaultRoles';
import { kubectlBinary } from '../upstream/kubectlBinary';
import { OwnPrometheus, startOwnPrometheus } from './OwnPrometheus';
import { OwnVault, OwnVaultOptions, startOwnVault } from './OwnVault';

/** A namespace of its own in the shared cluster. */
export interface TestCluster {
  namespace: string;
  /** Path of kubectl, or its name where that is the machine's */
  binary: string;
  /** Path of a kubeconfig that may do everything */
  kubeconfig: string;
  server: string;
  /** Runs kubectl in the namespace; returns what it printed */
  kubectl(args: string[], input?: string): Promise<string>;
}

/** A KV engine of its own in the shared Vault. */
export interface TestVault {
  address: string;
  token: string;
  /** Where the engine is mounted */
  mount: string;
  /** How to sign in as each role of a portal for this engine */
  appRoles: Record<PortalRole, AppRole>;
  /** Asks Vault with the root token, below /v1 */
  request(method: string, path: string, body?: object): Promise<unknown>;
}

/** A database of its own on the shared server, and a role that owns it. */
export interface TestPostgres {
  host: string;
  port: number;
  database: string;
  user: string;
  password: string;
  url: string;
}

/** A path of its own in the shared registry. */
export interface TestRegistry {
  address: string;
  /** What the names of this test's images begin with: host, port and path */
  prefix: string;
}

/** An organisation of its own on the shared Git host. */
export interface TestGitHost {
  address: string;
  organization: string;
  username: string;
  password: string;
  /** Asks Gitea's interface, below /api/v1 */
  request(method: string, path: string, body?: object): Promise<unknown>;
}

/** The shared sandbox as one suite sees it. Each call gives something new. */
export class TestSandbox {
  readonly #connection: Connection | undefined;
  readonly #paths: SandboxPaths | undefined;
  readonly #undo: (() => Promise<unknown>)[] = [];

  constructor(
    connection: Connection | undefined,
    paths: SandboxPaths | undefined,
  ) {
    this.#connection = connection;
    this.#paths = paths;
  }

  /** Stands for the sandbox in a suite that is skipped. */
  static absent(): TestSandbox {
    return new TestSandbox(undefined, undefined);
  }

  /** Addresses and credentials of the whole sandbox, for what is not covered below. */
  get connection(): Connection {
    if (!this.#connection)
      throw new Error(
        'There is no sandbox; ask for things in hooks and tests only',
      );
    return this.#connection;
  }

  get paths(): SandboxPaths {
    if (!this.#paths)
      throw new Error(
        'There is no sandbox; ask for things in hooks and tests only',
      );
    return this.#paths;
  }

  async cluster(): Promise<TestCluster> {
    const { kubeconfig, server } = this.connection.kubernetes;
    const namespace = freshName();
    const binary = await kubectlBinary(this.paths.cache);
    const kubectl = (args: string[], input?: string) =>
      run(
        binary,
        [`--kubeconfig=${kubeconfig}`, `--namespace=${namespace}`, ...args],
        { input },
      );
    await kubectl(['create', 'namespace', namespace]);
    this.#undo.push(() =>
      kubectl(['delete', 'namespace', namespace, '--wait=false']),
    );
    return { namespace, binary, kubeconfig, server, kubectl };
  }

  async vault(): Promise<TestVault> {
    const { address, rootFile } = this.connection.vault;
    const { rootToken } = await readVaultRoot(rootFile);
    const mount = freshName();
    await vaultRequest(
      address,
      'POST',
      `sys/mounts/${mount}`,
      { type: 'kv', options: { version: '2' } },
      rootToken,
    );
    this.#undo.push(() =>
      vaultRequest(
        address,
        'DELETE',
        `sys/mounts/${mount}`,
        undefined,
        rootToken,
      ),
    );
    const request = (method: string, path: string, body?: object) =>
      vaultRequest(address, method, path, body, rootToken);
    const appRoles = portalAppRoles({ roleId: mount, secretId: mount });
    const name = `${mount}-portal`;
    await setUpRoles(request, { mount, name, appRoles });
    this.#undo.push(async () => {
      for (const role of portalRoles) {
        await request('DELETE', `auth/approle/role/${name}-${role}`);
        await request('DELETE', `sys/policies/acl/${name}-${role}`);
      }
    });
    return { address, token: rootToken, mount, appRoles, request };
  }

  /** A Vault that is this suite's alone, to seal and to stop. */
  async ownVault(options?: OwnVaultOptions): Promise<OwnVault> {
    const vault = await startOwnVault(this.paths.cache, options);
    this.#undo.push(() => vault.stop());
    return vault;
  }

  /** A Prometheus that is this suite's alone, with these rules. */
  async ownPrometheus(rules: object): Promise<OwnPrometheus> {
    const prometheus = await startOwnPrometheus(this.paths.cache, rules);
    this.#undo.push(() => prometheus.stop());
    return prometheus;
  }

  async postgres(): Promise<TestPostgres> {
    const {
      host,
      port,
      user: admin,
      password: adminPassword,
    } = this.connection.postgres;

    const asAdmin = async (...statements: string[]) => {
      const client = new Client({
        host,
        port,
        user: admin,
        password: adminPassword,
        database: 'postgres',
      });
      await client.connect();
      try {
        for (const statement of statements) await client.query(statement);
      } finally {
        await client.end();
      }
    };
    const name = freshName().replace(/-/g, '_');
    const password = randomBytes(16).toString('hex');
    await asAdmin(
      `CREATE ROLE ${name} LOGIN PASSWORD '${password}'`,
      `CREATE DATABASE ${name} OWNER ${name}`,
    );
    this.#undo.push(() =>
      asAdmin(`DROP DATABASE ${name} WITH (FORCE)`, `DROP ROLE ${name}`),
    );
    return {
      host,
      port,
      database: name,
      user: name,
      password,
      url: `postgresql://${name}:${password}@${host}:${port}/${name}`,
    };
  }

  async registry(): Promise<TestRegistry> {
    const { address, host } = this.connection.registry;
    return { address, prefix: `${host}/${freshName()}` };
  }

  /** Asks Gitea's interface, below /api/v1, as the portal's user. */
  askGitHost(method: string, path: string, body?: object): Promise<unknown> {
    return giteaRequest(this.connection.gitea, method, path, body);
  }

  async gitHost(): Promise<TestGitHost> {
    const { address, username, password } = this.connection.gitea;
    const organization = freshName();
    const request = this.askGitHost.bind(this);
    await request('POST', 'orgs', { username: organization });
    this.#undo.push(async () => {
      const repositories = await request(
        'GET',
        `orgs/${organization}/repos?limit=50`,
      );
      if (Array.isArray(repositories)) {
        for (const { name } of repositories)
          await request('DELETE', `repos/${organization}/${name}`);
      }
      await request('DELETE', `orgs/${organization}`);
    });
    return { address, organization, username, password, request };
  }

  /** Takes away all that was given, the latest first. */
  async cleanUp(): Promise<void> {
    const failures: unknown[] = [];
    for (const undo of this.#undo.splice(0).reverse()) {
      await undo().catch(error => failures.push(error));
    }
    if (failures.length > 0) throw failures[0];
  }
}

function freshName(): string {
  return `test-${randomBytes(5).toString('hex')}`;
}
