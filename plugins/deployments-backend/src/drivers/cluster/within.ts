import { withinTime } from '@highroad/plugin-platform-node';

/** What takes longer has failed; a lease is longer. */
const CALL_MS = 8_000;

/** @throws Error for a call that is not answered in time */
export function within<T>(call: Promise<T>): Promise<T> {
  return withinTime(call, CALL_MS, `nothing within ${CALL_MS / 1000} seconds`);
}
