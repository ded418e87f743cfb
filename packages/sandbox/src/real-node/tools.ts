import { delimiter, join } from 'node:path';
import { ProgramCache } from '../cache/ProgramCache';
import { SandboxPaths } from '../machine/paths';
import { run } from '../machine/run';
import { pinOf } from '../upstream/programs';

/** Where Debian keeps libraries, by Node's name of the processor. */
const TRIPLETS: Record<string, string> = {
  x64: 'x86_64-linux-gnu',
  arm64: 'aarch64-linux-gnu',
};

/** What programs of the machine itself are found in; a user's PATH often leaves out the administrator's. */
export const MACHINE_PATH =
  '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * An environment in which tools that were unpacked into a folder find their libraries, and are found by others.
 *
 * @param folder - of the network tools
 * @param first - folders to look in before the machine's own
 */
export function toolEnvironment(
  folder: string,
  first: string[] = [],
): Record<string, string> {
  const triplet = TRIPLETS[process.arch] ?? process.arch;
  const libraries = join(folder, 'usr/lib', triplet);
  return {
    PATH: [...first, join(folder, 'bin'), MACHINE_PATH].join(delimiter),
    LD_LIBRARY_PATH: libraries,
    XTABLES_LIBDIR: join(libraries, 'xtables'),
  };
}

/**
 * Runs a tool of the machine's administrator: `ip` and the like.
 *
 * @throws CommandError when it ends with an error
 */
export function runOnMachine(
  command: string,
  args: string[],
  input?: string,
): Promise<string> {
  return run(command, args, {
    input,
    env: { ...process.env, PATH: MACHINE_PATH },
  });
}

/**
 * Runs one of the unpacked network tools. Looks it up in the cache, so that it can be had while cleaning up as well.
 *
 * @throws Error when the tools have never been prepared here
 */
export async function runNetworkTool(
  paths: SandboxPaths,
  tool: 'nft' | 'iptables' | 'ip6tables',
  args: string[],
  input?: string,
): Promise<string> {
  const program = await new ProgramCache(paths.cache).find(
    pinOf('network-tools'),
  );
  if (!program) {
    throw new Error(
      `The network tools are not in ${paths.cache}. Put them there: platform sandbox start, or restore an archive of the cache.`,
    );
  }
  return run(join(program.folder, 'bin', tool), args, {
    input,
    env: { ...process.env, ...toolEnvironment(program.folder) },
  });
}
