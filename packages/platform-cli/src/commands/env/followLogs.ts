import { LogLine } from '@highroad/plugin-environments-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Portal } from '../../portal/Portal';

/** How often it is looked for new lines, in milliseconds. */
const EVERY_MS = 2_000;
/** So many of each pod are read each time; more than most write in that time. */
const MOST_LINES = 1_000;

type Logs = Awaited<ReturnType<Portal['environments']['logs']>>;

export interface FollowingLogs {
  signal: AbortSignal;
  onLine(line: LogLine): void;
  /** Once for each pod and reason */
  onUnread(unread: Logs['unread'][number]): void;
  /** More was logged than is read at a time, so that some lines before may not have been shown. */
  onGap(source: string): void;
  /** Ends early where the signal says so */
  wait?: (ms: number, signal: AbortSignal) => Promise<void>;
}

/**
 * Gives each line once, as it is logged, until it is interrupted: those of pods that come later too.
 *
 * @param first - how many of each pod to begin with
 */
export async function followLogs(
  environments: Pick<Portal['environments'], 'logs'>,
  of: { name: string; service?: string; home?: string },
  first: number,
  following: FollowingLogs,
): Promise<void> {
  const { signal, wait = pause } = following;
  const shown = new Map<string, string>();
  const unread = new Set<string>();
  let lines = first;
  while (!signal.aborted) {
    let answer;
    try {
      answer = await environments.logs({ ...of, lines }, { signal });
    } catch (error) {
      if (signal.aborted) return;
      throw error;
    }
    for (const one of answer.unread) {
      const key = `${one.pod} ${one.message}`;
      if (!unread.has(key)) following.onUnread(one);
      unread.add(key);
    }
    const counts = new Map<string, { all: number; fresh: number }>();
    for (const line of answer.items) {
      const last = shown.get(sourceOf(line));
      const count = counts.get(sourceOf(line)) ?? { all: 0, fresh: 0 };
      const fresh = last === undefined || (line.at ?? '') > last;
      counts.set(sourceOf(line), {
        all: count.all + 1,
        fresh: count.fresh + (fresh ? 1 : 0),
      });
    }
    for (const [source, { all, fresh }] of counts) {
      if (shown.has(source) && all >= lines && fresh === all) {
        following.onGap(source);
      }
    }
    const before = new Map(shown);
    for (const line of answer.items) {
      const at = line.at ?? '';
      const last = before.get(sourceOf(line));
      if (last !== undefined && at <= last) continue;
      following.onLine(line);
      if (at > (shown.get(sourceOf(line)) ?? '')) shown.set(sourceOf(line), at);
    }
    lines = Math.max(first, MOST_LINES);
    await wait(EVERY_MS, signal);
  }
}

/** Each container of a pod logs by itself. */
function sourceOf({ pod, container }: LogLine): string {
  return container ? `${pod}/${container}` : pod;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await sleep(ms, undefined, { signal });
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}
