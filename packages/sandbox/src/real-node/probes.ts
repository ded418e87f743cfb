import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { ProgramCache } from '../cache/ProgramCache';
import { cacheFolder } from '../machine/paths';
import { pinOf } from '../upstream/programs';
import { cgroupHierarchies } from './cgroups';
import type { Probes } from './check';
import { readHold } from './hold';
import { MACHINE_PATH, runOnMachine } from './tools';

/** What runs on a machine that is a cluster's node. */
const NODE_PROGRAMS = ['kubelet', 'kube-proxy', 'k3s-server', 'k3s-agent'];

/** In namespaces of its own, which end with it: mounts, a bridge, a pair of interfaces, one of them attached. */
const TRY_NETWORKS = [
  'mount -t tmpfs none /mnt',
  'ip link add name try0 type bridge',
  'ip link add name try1 type veth peer name try2',
  'ip link set try1 master try0',
].join(' && ');

/** Looks at the machine itself. */
export function machineProbes(): Probes {
  return {
    platform: process.platform,
    arch: process.arch,
    isRoot: process.getuid?.() === 0,
    hasCommand: name =>
      MACHINE_PATH.split(':').some(folder => existsSync(join(folder, name))),
    async canHave(program) {
      if (existsSync('/usr/bin/apt-get') && existsSync('/usr/bin/dpkg')) {
        return true;
      }
      const cache = new ProgramCache(cacheFolder());
      return (await cache.find(pinOf(program))) !== undefined;
    },
    canMakeCgroups,
    canMakeNetworks: () =>
      runOnMachine('unshare', [
        ...['--mount', '--net', 'sh', '-c', TRY_NETWORKS],
      ]).then(
        () => true,
        () => false,
      ),
    hold: () => readHold(),
    otherNodes,
    routes: () => readFile('/proc/net/route', 'utf8'),
  };
}

async function canMakeCgroups(): Promise<boolean> {
  const hierarchies = cgroupHierarchies(
    await readFile('/proc/self/mountinfo', 'utf8'),
  );
  for (const mount of hierarchies) {
    const folder = join(mount, `highroad-try-${process.pid}`);
    try {
      await mkdir(folder);
      await rmdir(folder);
    } catch {
      // Read-only, or not this namespace's to change: either way no pod can be put there.
      return false;
    }
  }
  return hierarchies.length > 0;
}

async function otherNodes(): Promise<{ name: string; pid: number }[]> {
  const found = [];
  for (const entry of await readdir('/proc')) {
    if (!/^\d+$/.test(entry)) continue;
    const name = await readFile(`/proc/${entry}/comm`, 'utf8').then(
      text => text.trim(),
      () => '',
    );
    if (NODE_PROGRAMS.includes(name)) found.push({ name, pid: Number(entry) });
  }
  return found;
}
