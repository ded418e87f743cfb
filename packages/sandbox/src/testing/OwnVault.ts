import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ProgramCache } from '../cache/ProgramCache';
import { freePortFrom } from '../machine/ports';
import { vaultRequest } from '../servers/vaultApi';
import {
  AppRole,
  PortalRole,
  portalAppRoles,
  setUpRoles,
} from '../servers/vaultRoles';
import { pinOf } from '../upstream/programs';

const MOUNT = 'secret';
const initialisedSchema = z.object({
  root_token: z.string(),
  keys_base64: z.array(z.string()).min(1),
});

/** A Vault of a test's own, which can be sealed and stopped. */
export interface OwnVault {
  address: string;
  mount: string;
  appRoles: Record<PortalRole, AppRole>;
  /** Asks Vault with the root token, below /v1 */
  request(method: string, path: string, body?: object): Promise<unknown>;
  seal(): Promise<void>;
  unseal(): Promise<void>;
  /** Ends the process at once, as a machine that loses power does */
  kill(): Promise<void>;
  /** Starts it again with what it kept. It is sealed then. */
  revive(): Promise<void>;
  /** Ends the process and takes away what it kept */
  stop(): Promise<void>;
}

/** @param cache - folder of the sandbox's programs */
export async function startOwnVault(cache: string): Promise<OwnVault> {
  const program = await new ProgramCache(cache).find(pinOf('vault'));
  if (!program) throw new Error('Vault is not prepared on this machine.');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-vault-'));
  const taken = new Set<number>();
  const preferred = 20_000 + Math.floor(Math.random() * 20_000);
  const port = await freePortFrom(preferred, taken);
  const clusterPort = await freePortFrom(preferred, taken);
  const address = `http://127.0.0.1:${port}`;
  const config = join(folder, 'vault.json');
  await mkdir(join(folder, 'storage'));
  await writeFile(
    config,
    JSON.stringify({
      storage: { raft: { path: join(folder, 'storage'), node_id: 'own' } },
      listener: [
        {
          tcp: {
            address: `127.0.0.1:${port}`,
            cluster_address: `127.0.0.1:${clusterPort}`,
            tls_disable: true,
          },
        },
      ],
      api_addr: address,
      cluster_addr: `http://127.0.0.1:${clusterPort}`,
      disable_mlock: true,
      ui: false,
      log_level: 'warn',
    }),
  );
  const launch = () => {
    const child = spawn(
      join(program.folder, 'bin', 'vault'),
      ['server', `-config=${config}`],
      { stdio: 'ignore' },
    );
    return { child, ended: once(child, 'exit') };
  };
  let server = launch();
  const kill = async () => {
    server.child.kill('SIGKILL');
    await server.ended;
  };
  const answering = () =>
    until(() => vaultRequest(address, 'GET', 'sys/seal-status'));
  const revive = async () => {
    server = launch();
    await answering();
  };
  const stop = async () => {
    await kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    await answering();
    const { root_token, keys_base64 } = initialisedSchema.parse(
      await vaultRequest(address, 'PUT', 'sys/init', {
        secret_shares: 1,
        secret_threshold: 1,
      }),
    );
    const request = (method: string, path: string, body?: object) =>
      vaultRequest(address, method, path, body, root_token);
    const unseal = async () => {
      await request('PUT', 'sys/unseal', { key: keys_base64[0] });
      await until(() => vaultRequest(address, 'GET', 'sys/health'));
    };
    await unseal();
    await request('POST', `sys/mounts/${MOUNT}`, {
      type: 'kv',
      options: { version: '2' },
    });
    await request('POST', 'sys/auth/approle', { type: 'approle' });
    const appRoles = portalAppRoles({ roleId: 'own', secretId: 'own' });
    await setUpRoles(request, { mount: MOUNT, name: 'own', appRoles });
    // A new engine is upgraded for a moment, in which it refuses everything.
    await until(() => request('GET', `${MOUNT}/config`));
    return {
      ...{ address, mount: MOUNT, appRoles, request },
      ...{ unseal, kill, revive, stop },
      seal: async () => {
        await request('PUT', 'sys/seal');
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Tries until it succeeds, for half a minute. */
async function until(attempt: () => Promise<unknown>): Promise<void> {
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
