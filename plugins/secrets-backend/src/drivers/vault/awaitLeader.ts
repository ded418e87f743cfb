import { setTimeout as sleep } from 'node:timers/promises';
import { answerIn, isLeaderless } from './vaultErrors';

const FIRST_WAIT_MS = 100;
const MOST_WAIT_MS = 1_000;

/**
 * Sends a request again while no node of Vault is active: another takes over within seconds. It may be done twice, where
 * the node that was active did it and could not say so.
 *
 * @param options.forMs - after so long what was answered last is thrown
 * @param options.now - milliseconds since 1970
 * @param options.random - from 0 up to 1, to spread tries
 */
export async function awaitLeader<T>(
  send: () => Promise<T>,
  options: { forMs: number; now: () => number; random: () => number },
): Promise<T> {
  const end = options.now() + options.forMs;
  for (let wait = FIRST_WAIT_MS; ; wait = Math.min(wait * 2, MOST_WAIT_MS)) {
    try {
      return await send();
    } catch (error) {
      const answer = answerIn(error);
      const waitMs = wait / 2 + (options.random() * wait) / 2;
      if (!answer || !isLeaderless(answer)) throw error;
      if (options.now() + waitMs > end) throw error;
      await sleep(waitMs);
    }
  }
}
