import { readdir, readFile } from 'node:fs/promises';
import { identify, isRunning, ProcessId, waitUntil } from './processes';

/**
 * The variable by which a process is known as a sandbox's, whoever its parent is by now. Its value is new for each
 * process that is started, and what that one starts inherits it.
 */
export const MARKER = 'HIGHROAD_SANDBOX_PROCESS';

/** Says of a process, by its command line, that it is to live on when the one that started it ends. */
export type Leaves = (commandLine: string[]) => boolean;

/**
 * The processes that carry a marker, and all that they have started; the first one started comes first. Empty where
 * there is no /proc to look them up in.
 *
 * @param leaves - what is left out, with all that it has started
 */
export async function findMarked(
  marker: string,
  leaves: Leaves = () => false,
): Promise<ProcessId[]> {
  const rows = (await lookAtAll()).filter(row => !leaves(row.commandLine));
  const found = new Set(
    rows
      .filter(row => row.environment.includes(`${MARKER}=${marker}`))
      .map(row => row.id.pid),
  );
  // Not all pass their environment on, and some write over it.
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const row of rows) if (found.has(row.parent)) found.add(row.id.pid);
  }
  return rows
    .filter(row => found.has(row.id.pid) && row.id.pid !== process.pid)
    .map(row => row.id)
    .sort((a, b) => a.started - b.started);
}

/**
 * Ends by force what carries a marker, also what is started while it does so.
 *
 * @returns how many processes were ended
 * @throws Error that names the processes that do not end
 */
export async function endMarked(
  marker: string,
  leaves?: Leaves,
): Promise<number> {
  let ended = 0;
  for (let round = 0; round < 5; round += 1) {
    const found = await findMarked(marker, leaves);
    if (found.length === 0) return ended;
    for (const id of found) kill(id);
    await waitUntil(() => !found.some(isRunning), { withinMs: 2000 });
    ended += found.length;
  }
  const left = await findMarked(marker, leaves);
  if (left.length === 0) return ended;
  throw new Error(
    `Processes do not end, not even by force: ${left
      .map(({ pid }) => pid)
      .join(', ')}`,
  );
}

function kill(id: ProcessId) {
  if (!isRunning(id)) return;
  try {
    process.kill(id.pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}

interface Row {
  id: ProcessId;
  parent: number;
  environment: string[];
  commandLine: string[];
}

async function lookAtAll(): Promise<Row[]> {
  const names = await readdir('/proc').catch(() => []);
  const rows = await Promise.all(
    names.filter(name => /^\d+$/.test(name)).map(lookAt),
  );
  return rows.filter(row => row !== undefined);
}

/** @returns undefined for a process that has ended */
async function lookAt(pid: string): Promise<Row | undefined> {
  // Of other users' processes nothing but the parent can be seen; none of them is ours.
  const list = (name: string) =>
    readFile(`/proc/${pid}/${name}`, 'utf8').then(
      text => text.split('\0'),
      () => [],
    );
  const [environment, commandLine, stat] = await Promise.all([
    list('environ'),
    list('cmdline'),
    readFile(`/proc/${pid}/stat`, 'utf8').catch(() => ''),
  ]);
  const id = identify(Number(pid));
  if (!id) return undefined;
  // The name in parentheses may hold spaces; the parent is the second field after it.
  const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  return { id, parent, environment, commandLine };
}
