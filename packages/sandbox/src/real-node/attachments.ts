import { readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CONTAINERD_STATE } from './layout';

/** Where the network library notes what it attached, whatever it is configured to. */
const NOTES = '/var/lib/cni/results';

/** Whether a note is about a network namespace of this node's pods. */
export function isOwnNote(text: string): boolean {
  return text.includes(`"${CONTAINERD_STATE}/`);
}

/** Removes the notes about pods that have ended without being detached. */
export async function removeNotes(): Promise<void> {
  const names = await readdir(NOTES).catch(error => {
    if (error.code === 'ENOENT') return [];
    throw error;
  });
  for (const name of names) {
    const note = join(NOTES, name);
    if (isOwnNote(await readFile(note, 'utf8'))) await rm(note);
  }
}
