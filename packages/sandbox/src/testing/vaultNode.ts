import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePortFrom } from '../machine/ports';
import { vaultRequest } from '../servers/vaultApi';

/** Files of a certificate and its key. */
export interface Certificate {
  cert: string;
  key: string;
}

/** Where a node is, and what it has besides. */
export interface VaultNodeOptions {
  /** Vault itself */
  binary: string;
  /** Folder of its own, which is made */
  folder: string;
  /** Among the nodes of its cluster */
  id: string;
  plugins?: string;
  /** To answer by TLS too */
  tls?: Certificate;
}

/** One process of Vault, which keeps what it has by raft. */
export class VaultNode {
  #server: { child: ChildProcess; ended: Promise<unknown> } | undefined;

  private constructor(
    private readonly options: VaultNodeOptions,
    readonly address: string,
    readonly tlsAddress: string,
  ) {}

  static async start(options: VaultNodeOptions): Promise<VaultNode> {
    const taken = new Set<number>();
    const preferred = 20_000 + Math.floor(Math.random() * 20_000);
    const port = await freePortFrom(preferred, taken);
    const clusterPort = await freePortFrom(preferred, taken);
    const tlsPort = await freePortFrom(preferred, taken);
    const node = new VaultNode(
      options,
      `http://127.0.0.1:${port}`,
      `https://127.0.0.1:${tlsPort}`,
    );
    const { folder, id, plugins, tls } = options;
    const storage = join(folder, 'storage');
    await mkdir(storage, { recursive: true });
    await writeFile(
      node.#config,
      JSON.stringify({
        storage: { raft: { path: storage, node_id: id } },
        listener: [
          {
            tcp: {
              address: `127.0.0.1:${port}`,
              cluster_address: `127.0.0.1:${clusterPort}`,
              tls_disable: true,
            },
          },
          ...(tls
            ? [
                {
                  tcp: {
                    address: `127.0.0.1:${tlsPort}`,
                    cluster_address: `127.0.0.1:${tlsPort + 1}`,
                    ...{ tls_cert_file: tls.cert, tls_key_file: tls.key },
                  },
                },
              ]
            : []),
        ],
        api_addr: node.address,
        cluster_addr: `http://127.0.0.1:${clusterPort}`,
        ...(plugins && { plugin_directory: plugins }),
        ...{ disable_mlock: true, ui: false, log_level: 'warn' },
      }),
    );
    try {
      await node.revive();
    } catch (error) {
      await node.kill();
      throw error;
    }
    return node;
  }

  get #config(): string {
    return join(this.options.folder, 'vault.json');
  }

  /** Starts it again with what it kept. It is sealed then. */
  async revive(): Promise<void> {
    const child = spawn(
      this.options.binary,
      ['server', `-config=${this.#config}`],
      { stdio: 'ignore' },
    );
    this.#server = { child, ended: once(child, 'exit') };
    await until(() => vaultRequest(this.address, 'GET', 'sys/seal-status'));
  }

  /** Ends the process at once, as a machine that loses power does. */
  async kill(): Promise<void> {
    this.#server?.child.kill('SIGKILL');
    await this.#server?.ended;
  }

  /** @param key - base64 */
  async unseal(key: string): Promise<void> {
    await vaultRequest(this.address, 'PUT', 'sys/unseal', { key });
  }
}

/** Tries until it succeeds, for half a minute. */
export async function until(attempt: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await attempt();
      return;
    } catch (error) {
      if (tries > 300) throw error;
      await sleep(100);
    }
  }
}
