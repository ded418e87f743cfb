import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { z } from 'zod';
import { writeOwnFile } from '../machine/files';
import { SandboxPaths } from '../machine/paths';
import { waitUntil } from '../machine/processes';
import { answers } from './http';
import { ServerContext, ServerDefinition } from './Server';
import { readVaultRoot, vaultRequest } from './vaultApi';
import { portalAppRoles, setUpRoles } from './vaultRoles';

const initialisedSchema = z.object({
  root_token: z.string(),
  keys_base64: z.array(z.string()).min(1),
});
const statusSchema = z.object({
  initialized: z.boolean(),
  sealed: z.boolean(),
});

/** What the names of the portal's AppRoles and of their policies begin with. */
const PORTAL = 'highroad-portal';

export const vault: ServerDefinition = {
  name: 'vault',
  title: 'Secrets',
  programs: ['vault'],
  // Of a real node: it also listens there, for pods.
  needs: ['bridge'],
  address: connection => connection.vault.address,
  async setUp({ paths, connection }) {
    const storage = paths.data('vault', 'storage');
    if (
      existsSync(initialising(paths)) &&
      !existsSync(connection.vault.rootFile)
    ) {
      // Nobody ever had the key of this one, so there is nothing in it.
      await rm(storage, { recursive: true, force: true });
    }
    await mkdir(storage, { recursive: true, mode: 0o700 });
    await mkdir(paths.data('vault', 'plugins'), {
      recursive: true,
      mode: 0o700,
    });
  },
  async command(context) {
    const { paths, connection } = context;
    const { addressFromPods } = connection.vault;
    const config = paths.run('vault.json');
    // JSON is one of the two forms of its configuration.
    await writeOwnFile(
      config,
      JSON.stringify({
        // One of the two that a minimal build knows, and the one that keeps what it was given.
        storage: {
          raft: {
            path: paths.data('vault', 'storage'),
            node_id: 'sandbox',
            performance_multiplier: '1',
          },
        },
        cluster_addr: `http://127.0.0.1:${connection.ports.vaultCluster}`,
        listener: [
          {
            tcp: {
              address: `127.0.0.1:${connection.ports.vault}`,
              cluster_address: `127.0.0.1:${connection.ports.vaultCluster}`,
              tls_disable: true,
            },
          },
          ...(addressFromPods
            ? [
                {
                  tcp: {
                    address: new URL(addressFromPods).host,
                    cluster_address: `${new URL(addressFromPods).hostname}:${
                      connection.ports.vaultCluster
                    }`,
                    tls_disable: true,
                  },
                },
              ]
            : []),
        ],
        api_addr: connection.vault.address,
        plugin_directory: paths.data('vault', 'plugins'),
        // Loopback needs no locked memory, and most users may not lock any.
        disable_mlock: true,
        ui: false,
        log_level: 'warn',
      }),
    );
    return {
      command: context.program('vault').binary('vault'),
      args: ['server', `-config=${config}`],
    };
  },
  // Any answer about its health will do: before it is set up it says "not initialised" or "sealed".
  ready: ({ connection }) =>
    answers(
      `${connection.vault.address}/v1/sys/health`,
      status => status >= 200 && status < 600,
    ),
  async configure(context) {
    await unseal(context);
    await untilActive(context);
    await setUpForPortal(context);
  },
};

/**
 * There from before a vault is initialised until its key has been written down: Vault says it only once, and one whose
 * key was lost on the way can be begun anew.
 */
function initialising(paths: SandboxPaths): string {
  return paths.data('vault', 'initialising');
}

async function unseal({ connection, paths }: ServerContext) {
  const status = statusSchema.parse(
    await vaultRequest(connection.vault.address, 'GET', 'sys/seal-status'),
  );
  if (!status.initialized) {
    await writeOwnFile(initialising(paths), '');
    const made = initialisedSchema.parse(
      await vaultRequest(connection.vault.address, 'PUT', 'sys/init', {
        secret_shares: 1,
        secret_threshold: 1,
      }),
    );
    await writeOwnFile(
      connection.vault.rootFile,
      JSON.stringify({
        rootToken: made.root_token,
        unsealKey: made.keys_base64[0],
      }),
    );
  }
  const root = await readVaultRoot(connection.vault.rootFile);
  await rm(initialising(paths), { force: true });
  if (!status.initialized || status.sealed) {
    await vaultRequest(connection.vault.address, 'PUT', 'sys/unseal', {
      key: root.unsealKey,
    });
  }
}

/** Between unsealing and answering it elects itself. */
async function untilActive({ connection, signal }: ServerContext) {
  const active = await waitUntil(
    () => answers(`${connection.vault.address}/v1/sys/health`),
    { withinMs: 30_000, everyMs: 100, signal },
  );
  if (!active) throw new Error('Vault is unsealed, and did not become active.');
}

/** An audit log, a KV engine at `secret`, and an AppRole for each thing that the portal does with it. */
async function setUpForPortal({ connection, paths }: ServerContext) {
  const { address, rootFile, roleId, secretId } = connection.vault;
  const { rootToken } = await readVaultRoot(rootFile);
  const ask = (method: string, path: string, body?: object) =>
    vaultRequest(address, method, path, body, rootToken);
  const has = async (path: string, name: string) => {
    const answer = z
      .object({ data: z.record(z.unknown()) })
      .parse(await ask('GET', path));
    return `${name}/` in answer.data;
  };
  if (!(await has('sys/audit', 'file'))) {
    await ask('PUT', 'sys/audit/file', {
      type: 'file',
      options: { file_path: paths.data('vault', 'audit.log') },
    });
  }
  if (!(await has('sys/mounts', 'secret'))) {
    await ask('POST', 'sys/mounts/secret', {
      type: 'kv',
      options: { version: '2' },
    });
  }
  if (!(await has('sys/auth', 'approle')))
    await ask('POST', 'sys/auth/approle', { type: 'approle' });
  // Vaults of earlier sandboxes have one role that may do everything in the engine.
  await ask('DELETE', `auth/approle/role/${PORTAL}`);
  await ask('DELETE', `sys/policies/acl/${PORTAL}`);
  await setUpRoles(ask, {
    mount: 'secret',
    name: PORTAL,
    appRoles: portalAppRoles({ roleId, secretId }),
  });
}
