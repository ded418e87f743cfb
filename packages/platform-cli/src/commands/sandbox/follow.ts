import {
  durationText,
  eventsBetween,
  isBroken,
  preparingText,
  SandboxEvent,
  SandboxStatus,
} from '@highroad/plugin-sandbox-common';
import type { SandboxClient } from '@highroad/sandbox';
import { setTimeout as sleep } from 'node:timers/promises';
import { Output } from '../../output/Output';

/** How long a server that is started again is given before the following ends. */
const PATIENCE_MS = 60_000;
/** In a log, one line about preparing as often as this. */
const REMINDER_MS = 60_000;
const PACE_MS = 300;

/**
 * Shows what a sandbox does until all its servers answer, or some cannot.
 *
 * @returns the last status; undefined when the sandbox ended
 */
export async function followSandbox(
  client: Pick<SandboxClient, 'status'>,
  output: Output,
  signal: AbortSignal,
): Promise<SandboxStatus | undefined> {
  let last: SandboxStatus | undefined;
  let brokenSince: number | undefined;
  let remindedAt = Date.now();
  try {
    for (;;) {
      const now = await client.status(last?.revision, signal);
      if (!now) return undefined;
      clear(output);
      for (const event of eventsBetween(last, now)) show(event, output);
      last = now;
      if (now.state === 'answering') return now;

      if (now.state !== 'degraded') brokenSince = undefined;
      else brokenSince ??= Date.now();
      if (brokenSince !== undefined && !mayMend(now, brokenSince)) return now;

      const doing = doingText(now);
      if (output.live) draw(doing, output);
      else if (doing && Date.now() - remindedAt > REMINDER_MS) {
        show({ kind: 'note', text: doing }, output);
        remindedAt = Date.now();
      }
      // Progress comes in small steps; nobody reads them all.
      await sleep(PACE_MS, undefined, { signal });
    }
  } finally {
    clear(output);
  }
}

function mayMend(status: SandboxStatus, since: number): boolean {
  const broken = status.servers.filter(isBroken);
  return (
    broken.some(server => server.state === 'restarting') &&
    Date.now() - since < PATIENCE_MS
  );
}

function show({ kind, text }: SandboxEvent, output: Output): void {
  if (output.json) return;
  const { paint } = output;
  const marks = { good: paint.green('✔'), bad: paint.red('✖'), note: ' ' };
  output.note(`${marks[kind]} ${text}`);
}

/** What goes on at this moment, for a line that changes. */
export function doingText(status: SandboxStatus): string | undefined {
  const { preparingSecondsLeft: left } = status;
  const doing = status.programs.map(preparingText).filter(Boolean);
  if (doing.length > 0) {
    const estimate =
      left === undefined
        ? ''
        : `, about ${durationText(Math.max(60, left))} left`;
    return `preparing: ${doing.join(', ')}${estimate}`;
  }
  const starting = status.servers.filter(one => one.state === 'starting');
  return starting.length > 0
    ? `starting ${starting.map(one => one.name).join(', ')}`
    : undefined;
}

function draw(text: string | undefined, output: Output): void {
  if (!text) return;
  const columns = process.stderr.columns ?? 80;
  const line = text.length < columns ? text : `${text.slice(0, columns - 2)}…`;
  output.control(`\r\x1b[K${output.paint.dim(line)}`);
}

function clear(output: Output): void {
  if (output.live) output.control('\r\x1b[K');
}
