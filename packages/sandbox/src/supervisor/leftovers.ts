import { Connection } from '../connection/schema';
import { endMarked, findMarked } from '../machine/marked';
import { SandboxPaths } from '../machine/paths';
import { endGroup, isRunning } from '../machine/processes';
import { ServerContext, ServerDefinition } from '../servers/Server';
import { Journal, JournalEntry } from './Journal';

/**
 * Ends the processes that a supervisor which was killed has left running, and takes away what they left on the
 * machine. Only processes that the journal names and that are still the ones it means, or that carry a mark of it.
 *
 * @returns names of the servers that were ended
 */
export async function cleanLeftovers(
  paths: SandboxPaths,
  connection: Connection,
  definitions: ServerDefinition[],
): Promise<string[]> {
  const journal = new Journal(paths.journal);
  const ended: string[] = [];
  const known = [...definitions].reverse();
  const order = (name: string) => {
    const at = known.findIndex(definition => definition.name === name);
    return at < 0 ? known.length : at;
  };
  // Those that need others first, as in an orderly stop.
  for (const [name, entry] of journal
    .entries()
    .sort(([a], [b]) => order(a) - order(b))) {
    const definition = definitions.find(one => one.name === name);
    if (await endEntry(entry, definition)) ended.push(name);
    journal.ended(name);
  }
  const context: ServerContext = {
    paths,
    connection,
    signal: new AbortController().signal,
    program: name => {
      throw new Error(`${name} is not at hand while cleaning up`);
    },
  };
  for (const definition of known) await definition.tearDown?.(context);
  return ended;
}

/** @returns whether there was something to end */
async function endEntry(
  { marker, process }: JournalEntry,
  definition: ServerDefinition | undefined,
): Promise<boolean> {
  // The supervisor may have been killed before it could write down which process it had started.
  const [first] = process
    ? [process]
    : await findMarked(marker, definition?.leaves);
  const runs = first !== undefined && isRunning(first);
  if (runs) {
    await endGroup(first, {
      signal: definition?.stopSignal,
      withinMs: (definition?.stopWithinSeconds ?? 10) * 1000,
    });
  }
  const children = await endMarked(marker, definition?.leaves);
  return runs || children > 0;
}
