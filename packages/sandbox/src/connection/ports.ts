import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { readText, writeOwnFile } from '../machine/files';
import { whileLocked } from '../machine/lock';
import { SandboxPaths } from '../machine/paths';
import { freePortFrom, isFree } from '../machine/ports';
import { Ports, portsSchema } from './schema';

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

/** Folders of the sandboxes that were settled with the programs of this cache. */
const knownSchema = z.array(z.string());
const settledSchema = z.object({ ports: portsSchema.partial() });

/**
 * Settles the ports of a sandbox: those that it had, where they are free, else the next ones that are free. Those of
 * another sandbox are left to it also while it does not run, so that two that start at once never get in each other's
 * way.
 *
 * @param before - the ports that it had
 * @param keep - writes them into the connection, where others will find them
 */
export async function settlePorts<T>(
  paths: SandboxPaths,
  before: Ports | undefined,
  keep: (ports: Ports) => Promise<T>,
): Promise<T> {
  await mkdir(paths.cache, { recursive: true });
  const file = join(paths.cache, 'sandboxes.json');
  return whileLocked(
    file,
    {
      stale: 10_000,
      retries: { retries: 300, factor: 1, minTimeout: 50, maxTimeout: 100 },
      lost: `${paths.cache} was removed while ports were settled. Try again.`,
    },
    async () => {
      const others = new Map<string, number[]>();
      for (const state of await readKnown(file)) {
        const taken = state !== paths.state && (await portsOf(state));
        if (taken) others.set(state, taken);
      }
      const taken = new Set([...others.values()].flat());
      const ports = await choosePorts(before, taken);
      await writeOwnFile(
        file,
        JSON.stringify([...others.keys(), paths.state], null, 2),
      );
      return keep(ports);
    },
  );
}

async function readKnown(file: string): Promise<string[]> {
  const text = await readText(file);
  return text === undefined ? [] : knownSchema.parse(JSON.parse(text));
}

/** @returns undefined for a sandbox that is gone */
async function portsOf(state: string): Promise<number[] | undefined> {
  const text = await readText(new SandboxPaths(state).connection);
  if (text === undefined) return undefined;
  try {
    return Object.values(settledSchema.parse(JSON.parse(text)).ports);
  } catch {
    // Of another version. Whether a port is in use is looked at anyway, and it is not for this one to complain.
    return [];
  }
}

async function choosePorts(
  before: Ports | undefined,
  taken: Set<number>,
): Promise<Ports> {
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
