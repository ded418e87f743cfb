import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import {
  identify,
  isRunning,
  ProcessId,
  waitUntil,
} from '../machine/processes';
import { CGROUP } from './layout';

/**
 * Where control groups are mounted.
 *
 * @param table - as in /proc/self/mountinfo
 * @returns the mount point of each hierarchy: one in version 2, one for each controller in version 1, both where mixed
 */
export function cgroupHierarchies(table: string): string[] {
  return table
    .split('\n')
    .filter(line => / - cgroup2? /.test(line))
    .map(line => line.split(' ')[4]);
}

async function folders(): Promise<string[]> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  return cgroupHierarchies(table).map(mount => join(mount, CGROUP));
}

/** Makes the group that the kubelet puts its pods into. */
export async function makeCgroup(): Promise<void> {
  for (const folder of await folders())
    await mkdir(folder, { recursive: true });
}

/**
 * Ends all that runs in pods: the first process of each container is asked to, the rest is killed when the time is up.
 * They are known by their control group, which holds nothing but pods of this node.
 */
export async function endPods(options: { withinMs: number }): Promise<void> {
  const members = await processesInPods();
  for (const id of members) {
    if (await isFirstOfContainer(id)) signal(id, 'SIGTERM');
  }
  // What keeps a pod's namespaces ends by force only, and waits for nothing.
  const keepers = await Promise.all(members.map(keepsPod));
  const working = members.filter((_, at) => !keepers[at]);
  await waitUntil(() => !working.some(isRunning), options);
  const gone = await waitUntil(
    async () => {
      const left = await processesInPods();
      for (const id of left) signal(id, 'SIGKILL');
      return left.length === 0;
    },
    { withinMs: 10_000, everyMs: 100 },
  );
  if (!gone) {
    const left = await processesInPods();
    throw new Error(
      `Processes of pods could not be ended: ${left
        .map(({ pid }) => pid)
        .join(', ')}`,
    );
  }
}

/** Removes the group, once nothing runs in it. */
export async function removeCgroup(): Promise<void> {
  const there = (await folders()).filter(existsSync);
  let problem: unknown;
  const gone = await waitUntil(
    async () => {
      try {
        for (const folder of there) await removeTree(folder);
        return true;
      } catch (error) {
        // The kernel takes a moment to forget a process that has ended.
        problem = error;
        return false;
      }
    },
    { withinMs: 5000, everyMs: 100 },
  );
  if (!gone) throw problem;
}

async function removeTree(folder: string) {
  const entries = await readdir(folder, { withFileTypes: true }).catch(ifGone);
  for (const entry of entries ?? []) {
    if (entry.isDirectory()) await removeTree(join(folder, entry.name));
  }
  await rmdir(folder).catch(ifGone);
}

function ifGone(error: NodeJS.ErrnoException): undefined {
  if (error.code !== 'ENOENT') throw error;
}

async function processesInPods(): Promise<ProcessId[]> {
  const pids = new Set<number>();
  const collect = async (folder: string): Promise<void> => {
    const text = await readFile(join(folder, 'cgroup.procs'), 'utf8').catch(
      () => '',
    );
    text
      .split('\n')
      .filter(Boolean)
      .map(Number)
      .forEach(pid => pids.add(pid));
    const entries = await readdir(folder, { withFileTypes: true }).catch(
      () => [],
    );
    await Promise.all(
      entries
        .filter(entry => entry.isDirectory())
        .map(entry => collect(join(folder, entry.name))),
    );
  };
  await Promise.all((await folders()).map(collect));
  // 0 is a process that this one cannot see.
  return [...pids]
    .filter(pid => pid > 1)
    .map(identify)
    .filter(id => id !== undefined);
}

/** Whether a process is the first of its own process namespace. */
async function isFirstOfContainer(id: ProcessId): Promise<boolean> {
  const status = await readFile(`/proc/${id.pid}/status`, 'utf8').catch(
    () => '',
  );
  return /^NSpid:(\t\d+)*\t1$/m.test(status);
}

/** Whether it is a pod's `pause`, which does nothing. */
async function keepsPod(id: ProcessId): Promise<boolean> {
  const name = await readFile(`/proc/${id.pid}/comm`, 'utf8').catch(() => '');
  return name.trim() === 'pause';
}

function signal(id: ProcessId, name: NodeJS.Signals) {
  if (!isRunning(id)) return;
  try {
    process.kill(id.pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
