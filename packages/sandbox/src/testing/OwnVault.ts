import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { ProgramCache } from '../cache/ProgramCache';
import { createAuthority, issue } from '../connection/certificates';
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
import { Certificate, until, VaultNode } from './vaultNode';

const MOUNT = 'secret';
const initialisedSchema = z.object({
  root_token: z.string(),
  keys_base64: z.array(z.string()).min(1),
});

const raftSchema = z.object({
  data: z.object({
    config: z.object({ servers: z.array(z.object({ voter: z.boolean() })) }),
  }),
});

/** Another node of a test's own Vault. */
export interface VaultPeer {
  address: string;
  /** Asks this node with the root token, below /v1 */
  request(method: string, path: string, body?: object): Promise<unknown>;
  kill(): Promise<void>;
}

/** A Vault of a test's own, which can be sealed and stopped. */
export interface OwnVault {
  address: string;
  /** Path of its program, which is the command `vault` too */
  binary: string;
  /** Root's */
  token: string;
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
  /** Starts another node, which becomes the active one when this one steps down, and the other way round */
  addStandby(): Promise<VaultPeer>;
  /** Ends its processes and takes away what they kept */
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
  const tls = options.tls ? await certify(folder) : undefined;
  const binary = join(program.folder, 'bin', 'vault');
  const nodes: VaultNode[] = [];
  const start = async (id: string, more: { tls?: Certificate } = {}) => {
    const node = await VaultNode.start({
      ...{ binary, folder: join(folder, id), id, ...more },
      ...(plugin && { plugins: join(folder, 'plugins') }),
    });
    nodes.push(node);
    return node;
  };
  const stop = async () => {
    for (const node of nodes) await node.kill();
    await rm(folder, { recursive: true, force: true });
  };
  try {
    const first = await start('own', { tls });
    const { address } = first;
    const { root_token, keys_base64 } = initialisedSchema.parse(
      await vaultRequest(address, 'PUT', 'sys/init', {
        secret_shares: 1,
        secret_threshold: 1,
      }),
    );
    const request = (method: string, path: string, body?: object) =>
      vaultRequest(address, method, path, body, root_token);
    const unseal = async () => {
      await first.unseal(keys_base64[0]);
      // With another node beside it, that one may be the active one.
      if (nodes.length > 1) return;
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
      ...{ address, binary, mount: MOUNT, appRoles, request },
      token: root_token,
      ...(tls && { tls: { address: first.tlsAddress, caFile: tls.ca } }),
      ...{ unseal, stop },
      kill: () => first.kill(),
      revive: () => first.revive(),
      async addStandby() {
        const node = await start('standby');
        const ask = (method: string, path: string, body?: object) =>
          vaultRequest(node.address, method, path, body, root_token);
        await ask('PUT', 'sys/storage/raft/join', { leader_api_addr: address });
        await node.unseal(keys_base64[0]);
        // Only one that votes can become the active one.
        await until(async () => {
          const { data } = raftSchema.parse(
            await request('GET', 'sys/storage/raft/configuration'),
          );
          if (data.config.servers.filter(one => one.voter).length < 2) {
            throw new Error('The standby has no vote yet.');
          }
        });
        return {
          ...{ address: node.address, request: ask },
          kill: () => node.kill(),
        };
      },
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
