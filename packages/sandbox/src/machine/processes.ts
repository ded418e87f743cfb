import { readFileSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** A process, told apart from a later one of the same number by the time it was started. */
export interface ProcessId {
  pid: number;
  /** Clock ticks from boot to its start, or 0 where that cannot be looked up */
  started: number;
}

/** @returns undefined when there is no such process */
export function identify(pid: number): ProcessId | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The name in parentheses may hold spaces; start time is the 22nd field, the 20th after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : { pid, started: Number(fields[19]) };
  } catch {
    if (process.platform === 'linux') return undefined;
    try {
      process.kill(pid, 0);
      return { pid, started: 0 };
    } catch {
      return undefined;
    }
  }
}

export function isRunning(id: ProcessId): boolean {
  const now = identify(id.pid);
  return now !== undefined && now.started === id.started;
}

/** Signals the group that a process leads, if it is still the process that we started. */
export function signalGroup(id: ProcessId, signal: NodeJS.Signals): void {
  if (!isRunning(id)) return;
  try {
    process.kill(-id.pid, signal);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/**
 * Ends a process and its group: politely, then after the time is up by force.
 *
 * @throws Error when not even that ends it
 */
export async function endGroup(
  id: ProcessId,
  options: { signal?: NodeJS.Signals; withinMs?: number } = {},
): Promise<void> {
  const { signal = 'SIGTERM', withinMs = 10_000 } = options;
  const members = await groupMembers(id.pid);
  signalGroup(id, signal);
  if (await waitUntil(() => !isRunning(id), { withinMs })) {
    // Children may outlive the one that started them.
    for (const member of members.filter(isRunning)) kill(member);
    return;
  }
  signalGroup(id, 'SIGKILL');
  if (await waitUntil(() => !isRunning(id), { withinMs: 5000 })) return;
  throw new Error(`Process ${id.pid} does not end, not even by force.`);
}

function kill(id: ProcessId) {
  try {
    process.kill(id.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

/** The processes of a group, on Linux; elsewhere only its leader. */
async function groupMembers(group: number): Promise<ProcessId[]> {
  const members: ProcessId[] = [];
  for (const { pid, pgrp } of await processTable()) {
    if (pgrp !== group) continue;
    const id = identify(pid);
    if (id) members.push(id);
  }
  return members;
}

/** Resident memory of all processes of each group, in bytes, by the group's id; empty where it cannot be looked up. */
export async function memoryByGroup(): Promise<Map<number, number>> {
  const memory = new Map<number, number>();
  for (const { pgrp, rss } of await processTable()) {
    memory.set(pgrp, (memory.get(pgrp) ?? 0) + rss);
  }
  return memory;
}

const PAGE = 4096;

async function processTable(): Promise<
  { pid: number; pgrp: number; rss: number }[]
> {
  const names = await readdir('/proc').catch(() => []);
  const rows = await Promise.all(
    names
      .filter(name => /^\d+$/.test(name))
      .map(async name => {
        const stat = await readFile(`/proc/${name}/stat`, 'utf8').catch(
          () => '',
        );
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        return {
          pid: Number(name),
          pgrp: Number(fields[2]),
          rss: Number(fields[21]) * PAGE,
        };
      }),
  );
  return rows.filter(row => row.pgrp > 0);
}

/**
 * Waits for a condition.
 *
 * @returns whether it came true in time
 */
export async function waitUntil(
  condition: () => boolean | Promise<boolean>,
  options: { withinMs: number; everyMs?: number; signal?: AbortSignal },
): Promise<boolean> {
  const deadline = Date.now() + options.withinMs;
  for (;;) {
    if (options.signal?.aborted) return false;
    if (await condition()) return true;
    if (Date.now() >= deadline) return false;
    await sleep(options.everyMs ?? 50);
  }
}
