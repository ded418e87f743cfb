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

/** Names that this very process has, for each of what may lead in it */
const mine = new Set<string>();

/** A name of this process. */
export function ownIdentity(unique: string): string {
  const identity = processIdentity(process.pid, unique);
  mine.add(identity);
  return identity;
}

/**
 * Whether the process of that name is certain to have ended: it ran where this one sees all processes, and has ended there.
 * One that cannot be seen from here may run, and so may one whose number another process has by now.
 */
export function hasSurelyEnded(identity: string): boolean {
  const [host, where, number] = identity.split('/');
  const pid = Number(number);
  // Machines that were copied while they ran say that they are one.
  const isHere = host === hostname() && where === whereNumbersCount();
  if (!where || !isHere || !(pid > 0)) return false;
  // An earlier one is gone whose number this one has.
  if (pid === process.pid) return !mine.has(identity);
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
