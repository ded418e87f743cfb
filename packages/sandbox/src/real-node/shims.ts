import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import {
  identify,
  isRunning,
  ProcessId,
  waitUntil,
} from '../machine/processes';
import { CONTAINERD_SOCKET, CONTAINERD_STATE } from './layout';

/**
 * Whether a command line is that of a shim which belongs to this node's containerd: it names the socket that it
 * reports to.
 *
 * @param commandLine - arguments, the program first
 */
export function isOwnShim(commandLine: string[]): boolean {
  const at = commandLine.indexOf('-address');
  return (
    commandLine[0]?.endsWith('containerd-shim-runc-v2') === true &&
    at > 0 &&
    commandLine[at + 1] === CONTAINERD_SOCKET
  );
}

/** Ends the shims that a containerd has left which was killed. Their containers must have ended before. */
export async function endShims(): Promise<void> {
  const shims = await ownShims();
  for (const { pid } of shims) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
    }
  }
  await waitUntil(() => !shims.some(isRunning), { withinMs: 5000 });
}

/**
 * Removes the sockets of shims. Containerd puts them below /run/containerd, whatever it is configured to; which are
 * ours is written in its state.
 */
export async function removeShimSockets(): Promise<void> {
  const tasks = join(CONTAINERD_STATE, 'io.containerd.runtime.v2.task');
  for (const namespace of await namesIn(tasks)) {
    for (const task of await namesIn(join(tasks, namespace))) {
      const address = await readFile(
        join(tasks, namespace, task, 'address'),
        'utf8',
      ).catch(() => '');
      const path = address.trim().replace(/^unix:\/\//, '');
      if (path.startsWith('/run/containerd/s/'))
        await rm(path, { force: true });
    }
  }
}

async function ownShims(): Promise<ProcessId[]> {
  const found: ProcessId[] = [];
  for (const name of await readdir('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const text = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(
      () => '',
    );
    const id = isOwnShim(text.split('\0')) && identify(Number(name));
    if (id) found.push(id);
  }
  return found;
}

async function namesIn(folder: string): Promise<string[]> {
  return readdir(folder).catch(error => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return [];
    throw error;
  });
}
