import { stringifyError } from '@backstage/errors';
import {
  Destination,
  Engine,
  NewPods,
} from '@highroad/plugin-deployments-node';
import { redactText, withinTime } from '@highroad/plugin-platform-node';

/** What is to be put back does not wait for longer, whatever the engine. */
const LONGEST_MS = 6_000;
const MOST_LINES = 100;

/**
 * Why the pods of a deployment that fails are not ready, and what they printed, before they are removed.
 *
 * @returns lines, at most a hundred; one that says so where nobody answers in time
 * @throws what `signal` was aborted with
 */
export async function lastWordsOf(
  engine: Engine,
  destination: Destination,
  pods: NewPods,
  signal: AbortSignal,
): Promise<string[]> {
  if (pods.hashes.length === 0) return [];
  try {
    const lines = await withinTime(
      engine.lastWords(destination, pods, signal),
      ...([LONGEST_MS, 'nothing within 6 seconds'] as const),
    );
    return lines.slice(0, MOST_LINES);
  } catch (error) {
    signal.throwIfAborted();
    return [
      `Its pods could not be asked why: ${redactText(stringifyError(error))}`,
    ];
  }
}
