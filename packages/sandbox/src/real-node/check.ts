import { installPackages } from './install';
import { Hold, isLeft, obstacle } from './hold';
import { POD_RANGE, SERVICE_RANGE } from './layout';
import { machineProbes } from './probes';
import { overlappingRoute } from './routes';

/** Something that a real node needs and this machine does not have. */
export interface Lack {
  /** What is missing, in words */
  what: string;
  /** Debian packages that bring it; absent where nothing can be installed for it */
  packages?: string[];
  /** Folder of a killed sandbox that has left it; stopping that brings it back */
  leftBy?: string;
}

/** How a machine is looked at; each only after those before it went well. */
export interface Probes {
  platform: NodeJS.Platform;
  arch: NodeJS.Architecture;
  isRoot: boolean;
  /** Whether a program is on the administrator's path */
  hasCommand(name: string): boolean;
  /** Whether a program of upstream/programs.ts is prepared, or can be */
  canHave(program: string): Promise<boolean>;
  /** Whether control groups can be made */
  canMakeCgroups(): Promise<boolean>;
  /** Whether mounts, network namespaces and a bridge with a pod's interface can be made */
  canMakeNetworks(): Promise<boolean>;
  /** Which sandbox has this machine's real node */
  hold(): Promise<Hold | undefined>;
  /** Processes of another cluster's node: name and id */
  otherNodes(): Promise<{ name: string; pid: number }[]>;
  /** The kernel's table of routes, as in /proc/net/route */
  routes(): Promise<string>;
}

/** Programs of the machine, and the package that each comes with. */
const COMMANDS: [command: string, packageName: string][] = [
  ['ip', 'iproute2'],
  ['mount', 'mount'],
  ['umount', 'mount'],
  ['unshare', 'util-linux'],
  ['tar', 'tar'],
];

/** What is unpacked for the sandbox and not installed; see upstream/programs.ts. */
const PROGRAMS = ['containerd', 'cni', 'network-tools'];

/**
 * What this machine still lacks to run pods for real; empty where it lacks nothing. Changes nothing on the machine.
 *
 * @param options.state - folder of the sandbox that asks; what it has itself does not stand in its way
 */
export async function whatRealNodeLacks(
  options: { state?: string; probes?: Probes } = {},
): Promise<Lack[]> {
  const { state, probes = machineProbes() } = options;
  if (probes.platform !== 'linux') return [{ what: 'Linux' }];
  const lacks: Lack[] = [];
  if (probes.arch !== 'x64') lacks.push({ what: 'an x64 processor' });
  if (!probes.isRoot) lacks.push({ what: 'the rights of root' });
  for (const [command, packageName] of COMMANDS) {
    if (probes.hasCommand(command)) continue;
    lacks.push({ what: `the command ${command}`, packages: [packageName] });
  }
  for (const program of PROGRAMS) {
    if (await probes.canHave(program)) continue;
    lacks.push({
      what: `${program}: it is unpacked from Debian's packages, which takes apt-get and dpkg, or restored from an archive of the cache`,
    });
  }
  // What follows is tried out, which takes the rights and the commands.
  if (lacks.length > 0) return lacks;
  if (!(await probes.canMakeCgroups())) {
    lacks.push({
      what: 'control groups that can be written: /sys/fs/cgroup is missing or read-only',
    });
  }
  if (!(await probes.canMakeNetworks())) {
    lacks.push({
      what: 'the right to make mounts, network namespaces and bridges: inside a container, start that one as privileged',
    });
  }
  const hold = await probes.hold();
  const other = obstacle(hold, state);
  if (hold && other) {
    lacks.push({ what: other, ...(isLeft(hold) && { leftBy: hold.state }) });
  } else if (hold?.state !== state || state === undefined) {
    lacks.push(...(await strangers(probes)));
  }
  return lacks;
}

/** What others have on this machine that a node would come into conflict with. */
async function strangers(probes: Probes): Promise<Lack[]> {
  const lacks: Lack[] = [];
  for (const { name, pid } of await probes.otherNodes()) {
    lacks.push({
      what: `a machine that is no cluster's node yet: ${name} runs here as process ${pid}`,
    });
  }
  for (const range of [POD_RANGE, SERVICE_RANGE]) {
    const taken = overlappingRoute(await probes.routes(), range);
    if (taken) {
      lacks.push({
        what: `the addresses ${range}: ${taken.range} is reached through ${taken.device} already`,
      });
    }
  }
  return lacks;
}

/**
 * Installs the Debian packages that are lacking, after saying which.
 *
 * @param say - told what is about to happen
 * @returns what is still lacking
 * @throws Error when the packages cannot be installed
 */
export async function installRealNode(
  say: (text: string) => void,
  state?: string,
): Promise<Lack[]> {
  const lacks = await whatRealNodeLacks({ state });
  const packages = [
    ...new Set(lacks.flatMap(lack => lack.packages ?? [])),
  ].sort();
  if (packages.length === 0) return lacks;
  say(`For a real node, this is installed: ${packages.join(' ')}`);
  await installPackages(packages);
  return whatRealNodeLacks({ state });
}
