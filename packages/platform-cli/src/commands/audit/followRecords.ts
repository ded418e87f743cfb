import { ResponseError } from '@backstage/errors';
import { LedgerRecord, RecordFilter } from '@highroad/plugin-audit-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Portal } from '../../portal/Portal';

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 30_000;

export interface Following {
  signal: AbortSignal;
  /** Called once there is something to wait for. */
  onStart(): void;
  onRecord(record: LedgerRecord): void;
  /** Records at the end of the chain are missing. Told once for each time that this begins. */
  onCut(cut: { message: string }): void;
  /** It could not be asked, and is asked again after a while. */
  onTrouble(error: unknown, waitMs: number): void;
  /** It could be asked again. */
  onRecovery(): void;
  /** Ends early where the signal says so */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Gives what is recorded from now on until it is interrupted. Once it has begun, errors do not end it: it asks again from
 * where it was, so nothing is left out. Only whoever is refused, or cannot even begin, gets the error thrown.
 */
export async function followRecords(
  audit: Pick<Portal['audit'], 'tail'>,
  filter: RecordFilter,
  following: Following,
): Promise<void> {
  const { signal, onTrouble, wait = pause } = following;
  let next: number | undefined;
  let failures = 0;
  let said: string | undefined;
  while (!signal.aborted) {
    let answer;
    try {
      answer = await audit.tail({ ...filter, after: next }, { signal });
    } catch (error) {
      if (signal.aborted) return;
      if (next === undefined || isRefusal(error)) throw error;
      const waitMs = Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS);
      failures += 1;
      onTrouble(error, waitMs);
      await wait(waitMs, signal);
      continue;
    }
    if (next === undefined) following.onStart();
    if (failures > 0) following.onRecovery();
    failures = 0;
    next = answer.next;
    const { cut } = answer;
    if (cut && cut.message !== said) following.onCut(cut);
    said = cut?.message;
    for (const record of answer.items) following.onRecord(record);
  }
}

function isRefusal(error: unknown): boolean {
  return (
    error instanceof ResponseError && [401, 403].includes(error.statusCode)
  );
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
