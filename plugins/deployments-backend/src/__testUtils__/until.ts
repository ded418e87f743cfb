import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so, for at most a minute if nothing else is said. */
export async function until(
  is: () => Promise<boolean>,
  { withinSeconds = 60 } = {},
): Promise<void> {
  for (let tries = 0; tries < withinSeconds * 40; tries++) {
    if (await is()) return;
    await sleep(25);
  }
  throw new Error('It did not come to that.');
}
