import { isError } from '@backstage/errors';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/**
 * A name that no other process has: with the host, where its number counts, and its number.
 *
 * @param unique - unlike that of any other
 */
export function processIdentity(pid: number, unique: string): string {
  return [hostname(), whereNumbersCount() ?? 'unknown', pid, unique].join('/');
}

/**
 * Whether the process of that name is certain to have ended: it ran where this one sees all processes, and has ended there.
 * One that cannot be seen from here may run, and so may one whose number another process has by now.
 */
export function hasSurelyEnded(identity: string): boolean {
  const [, where, number] = identity.split('/');
  const pid = Number(number);
  if (!where || where !== whereNumbersCount() || !(pid > 0)) return false;
  // This one has its number, so it is gone.
  if (pid === process.pid) return true;
  try {
    process.kill(pid, 0);
    return false;
  } catch (error) {
    return isError(error) && error.code === 'ESRCH';
  }
}

/** One boot of one machine, and there one namespace of processes; undefined where the system does not say. */
function whereNumbersCount(): string | undefined {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8');
    const namespace = readlinkSync('/proc/self/ns/pid');
    return `${boot.trim()}-${namespace.replace(/\D/g, '')}`;
  } catch {
    // Not Linux: then of no process it is certain.
    return undefined;
  }
}
