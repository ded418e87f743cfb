import { readFile } from 'node:fs/promises';
import { runOnMachine } from './tools';

/**
 * Reads the kernel's table of mounts.
 *
 * @param table - as in /proc/self/mountinfo
 * @returns mount points in the order in which they were mounted
 */
export function mountPoints(table: string): string[] {
  return table
    .split('\n')
    .map(line => line.split(' ')[4])
    .filter(point => point !== undefined)
    .map(point =>
      // Blanks and the like are written as their octal numbers.
      point.replace(/\\([0-7]{3})/g, (_, octal) =>
        String.fromCharCode(parseInt(octal, 8)),
      ),
    );
}

/** Mount points at these folders and below them, each before the ones that it lies in. */
export function mountPointsBelow(table: string, folders: string[]): string[] {
  return mountPoints(table)
    .filter(point =>
      folders.some(
        folder => point === folder || point.startsWith(`${folder}/`),
      ),
    )
    .reverse();
}

/** Unmounts all that is mounted at these folders or below them. */
export async function unmountBelow(...folders: string[]): Promise<void> {
  const table = await readFile('/proc/self/mountinfo', 'utf8');
  for (const point of mountPointsBelow(table, folders)) {
    // Whoever still has a file open there keeps it until the end; for everybody else it is gone at once.
    await runOnMachine('umount', ['--lazy', point]).catch(async error => {
      // With shared mounts one goes along with another.
      const now = mountPoints(await readFile('/proc/self/mountinfo', 'utf8'));
      if (now.includes(point)) throw error;
    });
  }
}
