import { NodeKind } from '@highroad/plugin-sandbox-common';
import { randomBytes, randomUUID } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { readText, writeOwnFile } from '../machine/files';
import { SandboxPaths } from '../machine/paths';
import { freePortFrom, isFree } from '../machine/ports';
import { pinOf } from '../upstream/programs';
import { createAuthority, KeyPair } from './certificates';
import { kubeconfig } from './kubeconfig';
import { portalConfig } from './portalConfig';
import { Connection, connectionSchema, Ports } from './schema';

/** What a port would be if it were free: near the one that its server is known by. */
const PREFERRED: Ports = {
  supervisor: 7400,
  etcd: 23790,
  etcdPeer: 23890,
  kubernetes: 16443,
  controllerManager: 11257,
  scheduler: 11259,
  kwok: 11247,
  kubelet: 11250,
  kubeletHealth: 11248,
  kubeProxyHealth: 11256,
  dnsHealth: 18080,
  ingress: 8088,
  ingressSupport: 19911,
  rolloutsMetrics: 18090,
  rolloutsHealth: 18091,
  prometheus: 19090,
  vault: 18200,
  vaultCluster: 18201,
  registry: 15000,
  postgres: 15432,
  gitea: 13000,
  builder: 13100,
};

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
): Promise<Connection> {
  // Others may pass through, to reach what belongs to the user of a server; the files are their owners’ alone.
  await mkdir(paths.data('postgres'), { recursive: true, mode: 0o711 });
  const before = await readConnection(paths);
  const ports = await settlePorts(before?.ports);
  const authority = await authorityOf(paths);
  const secret = () => randomBytes(24).toString('base64url');
  const host = node.kind === 'real' ? BRIDGE_ADDRESS : '127.0.0.1';
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const password = before?.postgres.password ?? secret();
  const connection: Connection = {
    version: 1,
    node,
    ports,
    supervisorToken: before?.supervisorToken ?? secret(),
    kubernetes: {
      server: `https://${host}:${ports.kubernetes}`,
      host,
      ca: authority.certificate,
      adminToken: before?.kubernetes.adminToken ?? secret(),
      portalToken: before?.kubernetes.portalToken ?? secret(),
      kubeconfig: paths.run('kubeconfig'),
      version: pinOf('kubernetes').version,
    },
    ingress: { address: local(ports.ingress), domain: 'sandbox.localhost' },
    vault: {
      address: local(ports.vault),
      roleId: before?.vault.roleId ?? randomUUID(),
      secretId: before?.vault.secretId ?? randomUUID(),
      rootFile: paths.data('vault', 'root.json'),
    },
    registry: {
      host: `127.0.0.1:${ports.registry}`,
      address: local(ports.registry),
    },
    postgres: {
      host: '127.0.0.1',
      port: ports.postgres,
      user: 'postgres',
      password,
      url: `postgresql://postgres:${password}@127.0.0.1:${ports.postgres}/postgres`,
    },
    gitea: {
      address: local(ports.gitea),
      host: `127.0.0.1:${ports.gitea}`,
      organization: 'highroad',
      username: 'highroad-bot',
      password: before?.gitea.password ?? secret(),
      webhookSecret: before?.gitea.webhookSecret ?? secret(),
    },
    prometheus: { address: local(ports.prometheus) },
  };
  await writeOwnFile(
    paths.connection,
    `${JSON.stringify(connection, null, 2)}\n`,
  );
  await writeOwnFile(connection.kubernetes.kubeconfig, kubeconfig(connection));
  await writeOwnFile(paths.portalConfig, portalConfig(connection, paths));
  return connection;
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

async function settlePorts(before: Ports | undefined): Promise<Ports> {
  const taken = new Set<number>();
  const ports: Partial<Ports> = {};
  for (const name of Object.keys(PREFERRED) as (keyof Ports)[]) {
    const kept = before?.[name];
    if (kept !== undefined && !taken.has(kept) && (await isFree(kept))) {
      taken.add(kept);
      ports[name] = kept;
    } else {
      ports[name] = await freePortFrom(PREFERRED[name], taken);
    }
  }
  return ports as Ports;
}
