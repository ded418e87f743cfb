import { mkdir, rm, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { readText } from '../machine/files';
import { identify, isRunning } from '../machine/processes';
import { BRIDGE, NODE_RUN } from './layout';

const holdSchema = z.object({
  /** Folder of the sandbox that has the machine's real node */
  state: z.string(),
  pid: z.number(),
  started: z.number(),
});
export type Hold = z.infer<typeof holdSchema>;

/** How others find out about the machine; given by tests. */
export interface HoldPlace {
  folder: string;
  bridgeExists: () => boolean;
}

const MACHINE: HoldPlace = {
  folder: NODE_RUN,
  bridgeExists: () => existsSync(`/sys/class/net/${BRIDGE}`),
};

/** Which sandbox has the machine's real node; undefined where none has. */
export async function readHold(
  place: HoldPlace = MACHINE,
): Promise<Hold | undefined> {
  const text = await readText(file(place));
  return text === undefined ? undefined : holdSchema.parse(JSON.parse(text));
}

/** Whether this sandbox has the machine's real node, from {@link takeHold} until {@link releaseHold}. */
export async function holdsNode(
  state: string,
  place: HoldPlace = MACHINE,
): Promise<boolean> {
  return (await readHold(place))?.state === state;
}

/**
 * Why another sandbox's real node stands in the way; undefined where none does. One that was killed stands in the way
 * as long as its bridge is there, and so do its rules and mounts.
 */
export function obstacle(
  hold: Hold | undefined,
  state: string | undefined,
  place: HoldPlace = MACHINE,
): string | undefined {
  if (!hold || hold.state === state) return undefined;
  if (isRunning(hold)) {
    return `the real node of this machine, which the sandbox in ${hold.state} has: platform sandbox stop --state ${hold.state}`;
  }
  if (isLeft(hold, place)) {
    return `the real node of this machine, which a killed sandbox in ${hold.state} has left: platform sandbox stop --state ${hold.state}`;
  }
  return undefined;
}

/** Whether a sandbox was killed, and what it made of the machine still stands. */
export function isLeft(hold: Hold, place: HoldPlace = MACHINE): boolean {
  return !isRunning(hold) && place.bridgeExists();
}

/**
 * Takes the machine's real node for this sandbox.
 *
 * @throws Error that names the sandbox which has it
 */
export async function takeHold(
  state: string,
  place: HoldPlace = MACHINE,
): Promise<void> {
  await mkdir(place.folder, { recursive: true, mode: 0o711 });
  const present = await readHold(place);
  const problem = obstacle(present, state, place);
  if (problem)
    throw new Error(`There is one real node a machine; free ${problem}`);
  // What is left of this sandbox's last time, or of one that is gone, makes way.
  if (present) await rm(file(place), { force: true });
  const mine: Hold = {
    state,
    ...(identify(process.pid) ?? { pid: process.pid, started: 0 }),
  };
  await writeFile(file(place), JSON.stringify(mine), {
    // Of two that are here at once, one fails.
    flag: 'wx',
    mode: 0o600,
  });
}

/** Gives the machine's real node free, with the folder that it was kept in. */
export async function releaseHold(
  state: string,
  place: HoldPlace = MACHINE,
): Promise<void> {
  if (!(await holdsNode(state, place))) return;
  await rm(place.folder, { recursive: true, force: true });
}

function file(place: HoldPlace): string {
  return join(place.folder, 'owner.json');
}
