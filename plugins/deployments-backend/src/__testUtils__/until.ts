import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so, for at most a minute. */
export async function until(is: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 2_400; tries++) {
    if (await is()) return;
    await sleep(25);
  }
  throw new Error('It did not come to that.');
}
