import { ConflictError } from '@backstage/errors';
import {
  Deployment,
  DeploymentDetail,
  hasEnded,
} from '@highroad/plugin-deployments-common';
import { ReadStore } from '../database/ReadStore';
import { isEnd, Wish } from '../database/rows';
import { Changes } from './Changes';
import { nameOf } from './delivery/words';
import { whyNotSteered } from './steering';

/** How often it is looked whether another replica has done what was asked for before, in milliseconds. */
const LOOK_MS = 250;

/** What somebody wants of a deployment that goes on. */
export interface Wished {
  id: string;
  wish: Wish;
  /** Who wants it */
  by: string;
  /** Why, as they say */
  reason?: string;
  /** The step that they saw it at, counted from 1; whichever it is at, if left out */
  step?: number;
  /** Aborted when they do not wait for it any more: then nothing is done, but for an end */
  signal?: AbortSignal;
}

/**
 * Asks for what a worker then does. Where something else was asked for just before, that is done first. What one person asks
 * for twice, before it is done, is one.
 *
 * @param deps.get - throws where there is no such deployment
 * @param deps.turnMs - how long is waited for what was asked for before, in milliseconds
 * @throws NotFoundError, ConflictError if it has ended, is at another step, or what was asked for before is not done within
 * that time
 */
export async function wishInTurn(
  deps: {
    changes: Changes;
    get: (id: string) => Promise<DeploymentDetail>;
    now: () => Date;
    reader: Pick<ReadStore, 'openWish' | 'wish'>;
    turnMs: number;
  },
  wanted: Wished,
): Promise<Deployment> {
  const { changes, get, now: clock, reader, turnMs } = deps;
  const { id, wish, by, reason, step, signal } = wanted;
  const until = clock().getTime() + turnMs;
  for (;;) {
    if (signal?.aborted && !isEnd(wish)) {
      throw new ConflictError(
        `It was not waited for until it was its turn to ${wish} deployment ${id}, so nothing was done.`,
      );
    }
    const found = await get(id);
    const refusal = whyNotSteered(found, wish, step);
    if (refusal) throw new ConflictError(refusal);
    const now = clock();
    const isWritten = await reader.wish(id, {
      ...{ wish, by, reason, now: now.toISOString() },
      // What was asked for before may have been done since it was looked at.
      ...(step !== undefined && !isEnd(wish) && { seen: found.revision }),
    });
    if (isWritten) break;
    const before = await reader.openWish(id);
    const { state, summary } = await get(id);
    if (hasEnded(state) || (before && isEnd(before.wish))) {
      throw new ConflictError(
        `Deployment ${id} has ended or is being ended (${state}); there is nothing to ${wish}.`,
      );
    }
    if (before?.wish === wish && before.by === by) break;
    if (now.getTime() >= until) {
      const why = before
        ? `${nameOf(before.by)} asked to ${before.wish}, which is not done yet`
        : 'what it is at changes all the time';
      throw new ConflictError(
        `It is too early to ${wish}: ${why} (${summary}). Ask again when it is; abort and cancel hold at once.`,
      );
    }
    // Where there is none any more, it was done at this very moment.
    if (before) {
      await changes.of(id, { withinMs: LOOK_MS, signal });
    }
  }
  changes.tell(id);
  return get(id);
}
