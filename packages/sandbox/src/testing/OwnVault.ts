import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { ProgramCache } from '../cache/ProgramCache';
import { createAuthority, issue } from '../connection/certificates';
import { freePortFrom } from '../machine/ports';
import { vaultRequest } from '../servers/vaultApi';
import {
  AppRole,
  PortalRole,
  portalAppRoles,
  setUpRoles,
} from '../servers/vaultRoles';
import { KUBERNETES_PLUGIN, placeVaultPlugin } from '../servers/vaultPlugin';
import { cachedProgram } from '../supervisor/preparedProgram';
import { pinOf } from '../upstream/programs';

const MOUNT = 'secret';
const initialisedSchema = z.object({
  root_token: z.string(),
  keys_base64: z.array(z.string()).min(1),
});

/** A Vault of a test's own, which can be sealed and stopped. */
export interface OwnVault {
  address: string;
  /** With `tls`: where it answers by TLS, and a file with the authority of its certificate */
  tls?: { address: string; caFile: string };
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

/** What a test's own Vault has besides. */
export interface OwnVaultOptions {
  /** The Kubernetes method at `auth/kubernetes`, for the test to configure */
  kubernetesAuth?: boolean;
  /** Where it also answers by TLS, and the authority of its certificate */
  tls?: boolean;
}

/** @param cache - folder of the sandbox's programs */
export async function startOwnVault(
  cache: string,
  options: OwnVaultOptions = {},
): Promise<OwnVault> {
  const programs = new ProgramCache(cache);
  const program = await programs.find(pinOf('vault'));
  if (!program) throw new Error('Vault is not prepared on this machine.');
  const folder = await mkdtemp(join(tmpdir(), 'highroad-vault-'));
  const plugin = options.kubernetesAuth
    ? await placePlugin(programs, join(folder, 'plugins'))
    : undefined;
  const taken = new Set<number>();
  const preferred = 20_000 + Math.floor(Math.random() * 20_000);
  const port = await freePortFrom(preferred, taken);
  const clusterPort = await freePortFrom(preferred, taken);
  const address = `http://127.0.0.1:${port}`;
  const tlsPort = await freePortFrom(preferred, taken);
  const tls = options.tls ? await certify(folder) : undefined;
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
      api_addr: address,
      cluster_addr: `http://127.0.0.1:${clusterPort}`,
      ...(plugin && { plugin_directory: join(folder, 'plugins') }),
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
    if (plugin) {
      await request('PUT', 'sys/plugins/catalog/auth/kubernetes', plugin);
      await request('POST', 'sys/auth/kubernetes', { type: 'kubernetes' });
    }
    // A new engine is upgraded for a moment, in which it refuses everything.
    await until(() => request('GET', `${MOUNT}/config`));
    return {
      ...{ address, mount: MOUNT, appRoles, request },
      ...(tls && {
        tls: { address: `https://127.0.0.1:${tlsPort}`, caFile: tls.ca },
      }),
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

/** Files of a certificate for this machine, and of an authority that nobody knows but those who are told. */
async function certify(folder: string) {
  const authority = await createAuthority('own-vault');
  const pair = await issue(authority, { name: 'vault', hosts: ['127.0.0.1'] });
  const files = {
    ca: join(folder, 'ca.pem'),
    cert: join(folder, 'vault.pem'),
    key: join(folder, 'vault-key.pem'),
  };
  await writeFile(files.ca, authority.certificate);
  await writeFile(files.cert, pair.certificate);
  await writeFile(files.key, pair.key);
  return files;
}

/** @throws Error where the plugin is not prepared */
async function placePlugin(programs: ProgramCache, folder: string) {
  const found = await programs.find(pinOf(KUBERNETES_PLUGIN));
  if (!found) {
    throw new Error('Vault’s plugin for Kubernetes is not prepared here.');
  }
  return placeVaultPlugin(cachedProgram(found), folder);
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
