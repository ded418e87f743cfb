import { NodeKind } from '@highroad/plugin-sandbox-common';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { readText, writeOwnFile } from '../machine/files';
import { SandboxPaths } from '../machine/paths';
import { Elsewhere, elsewhereFrom } from '../servers/elsewhere';
import { pinOf } from '../upstream/programs';
import { z } from 'zod';
import { createAuthority, KeyPair } from './certificates';
import { kubeconfig } from './kubeconfig';
import { portalConfig } from './portalConfig';
import { settlePorts } from './ports';
import { Connection, connectionSchema } from './schema';

const credentialsSchema = z.object({
  supervisorToken: z.string(),
  adminToken: z.string(),
  portalToken: z.string(),
  roleId: z.string(),
  secretId: z.string(),
  postgresPassword: z.string(),
  giteaPassword: z.string(),
  webhookSecret: z.string(),
});
type Credentials = z.infer<typeof credentialsSchema>;

/** Address of a real node's bridge: the API server listens there so that pods reach it. */
export const BRIDGE_ADDRESS = '10.213.0.1';

/**
 * Settles addresses and credentials of a sandbox, and writes the files that others connect with: once, and again
 * where a port has been taken by somebody else in the meantime or the kind of node changed. Credentials stay.
 *
 * @returns the connection, which is also in `connection.json`
 */
export async function settleConnection(
  paths: SandboxPaths,
  node: { kind: NodeKind; why: string },
  elsewhere: Elsewhere = elsewhereFrom(process.env),
): Promise<Connection> {
  // Others may pass through, to reach what belongs to the user of a server; the files are their owners’ alone.
  await mkdir(paths.data('postgres'), { recursive: true, mode: 0o711 });
  // Before anything else: by them the folder is known to be a sandbox's.
  await credentialsOf(paths);
  const before = await readConnection(paths);
  // The ports are ours once the connection is written.
  return settlePorts(paths, before?.ports, ports =>
    writeConnection(paths, { node, ports, elsewhere }),
  );
}

async function writeConnection(
  paths: SandboxPaths,
  settled: Pick<Connection, 'node' | 'ports'> & { elsewhere: Elsewhere },
): Promise<Connection> {
  const { node, ports, elsewhere } = settled;
  const authority = await authorityOf(paths);
  const credentials = await credentialsOf(paths);
  const host = node.kind === 'real' ? BRIDGE_ADDRESS : '127.0.0.1';
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const fromPods = node.kind === 'real' ? BRIDGE_ADDRESS : undefined;
  const connection: Connection = {
    version: 1,
    node,
    ports,
    supervisorToken: credentials.supervisorToken,
    kubernetes: {
      server: `https://${host}:${ports.kubernetes}`,
      host,
      ca: authority.certificate,
      adminToken: credentials.adminToken,
      portalToken: credentials.portalToken,
      kubeconfig: paths.run('kubeconfig'),
      version: pinOf('kubernetes').version,
    },
    ingress: { address: local(ports.ingress), domain: 'sandbox.localhost' },
    vault: {
      address: elsewhere.vault?.address ?? local(ports.vault),
      roleId: credentials.roleId,
      secretId: credentials.secretId,
      rootFile: paths.data(
        'vault',
        elsewhere.vault ? 'elsewhere.json' : 'root.json',
      ),
      podsSignIn: !elsewhere.vault,
      addressFromPods: elsewhere.vault
        ? elsewhere.vault.addressFromPods
        : fromPods && `http://${fromPods}:${ports.vault}`,
    },
    registry: elsewhere.registry ?? {
      host: `127.0.0.1:${ports.registry}`,
      address: local(ports.registry),
    },
    postgres: elsewhere.postgres ?? {
      host: '127.0.0.1',
      port: ports.postgres,
      user: 'postgres',
      password: credentials.postgresPassword,
      url: `postgresql://postgres:${credentials.postgresPassword}@127.0.0.1:${ports.postgres}/postgres`,
      hostFromPods: fromPods,
    },
    gitea: {
      organization: 'highroad',
      webhookSecret: credentials.webhookSecret,
      ...(elsewhere.gitea ?? {
        address: local(ports.gitea),
        host: `127.0.0.1:${ports.gitea}`,
        username: 'highroad-bot',
        password: credentials.giteaPassword,
      }),
    },
    prometheus: elsewhere.prometheus ?? { address: local(ports.prometheus) },
  };
  if (elsewhere.vault) {
    await writeOwnFile(
      connection.vault.rootFile,
      JSON.stringify({ rootToken: elsewhere.vault.token, unsealKey: '' }),
    );
  }
  await writeOwnFile(
    paths.connection,
    `${JSON.stringify(connection, null, 2)}\n`,
  );
  await writeOwnFile(connection.kubernetes.kubeconfig, kubeconfig(connection));
  await writeOwnFile(paths.portalConfig, portalConfig(connection, paths));
  return connection;
}

/** Made once, and the same for as long as the data behind them: a database keeps its password. */
async function credentialsOf(paths: SandboxPaths): Promise<Credentials> {
  const file = paths.data('authority', 'credentials.json');
  const present = await readText(file);
  if (present) return credentialsSchema.parse(JSON.parse(present));
  const secret = () => randomBytes(24).toString('base64url');
  const made: Credentials = {
    supervisorToken: secret(),
    adminToken: secret(),
    portalToken: secret(),
    roleId: randomUUID(),
    secretId: randomUUID(),
    postgresPassword: secret(),
    giteaPassword: secret(),
    webhookSecret: secret(),
  };
  await writeOwnFile(file, JSON.stringify(made));
  return made;
}

/** @returns undefined where no sandbox has been settled in this folder */
export async function readConnection(
  paths: SandboxPaths,
): Promise<Connection | undefined> {
  const text = await readText(paths.connection);
  return text === undefined
    ? undefined
    : connectionSchema.parse(JSON.parse(text));
}

/** The authority that signs this sandbox's certificates; kept with its data. */
export async function authorityOf(paths: SandboxPaths): Promise<KeyPair> {
  const file = paths.data('authority', 'authority.json');
  const present = await readText(file);
  if (present) return JSON.parse(present);
  const made = await createAuthority('highroad sandbox');
  await writeOwnFile(file, JSON.stringify(made));
  return made;
}
