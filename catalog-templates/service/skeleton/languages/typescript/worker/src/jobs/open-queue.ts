import type { OpenQueue } from './queue.ts';
import { Ticker } from './ticker.ts';

/** Jobs by the clock: there is one each POLL_INTERVAL, in every replica. */
export const openQueue: OpenQueue = () => new Ticker();
