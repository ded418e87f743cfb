import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so, for at most ten seconds. */
export async function until(is: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (await is()) return;
    await sleep(25);
  }
  throw new Error('It did not come to that.');
}
