import { SandboxStatus } from './status';
import { durationText } from './words';

/** One thing that happened between two looks at a sandbox. */
export interface SandboxEvent {
  kind: 'good' | 'bad' | 'note';
  text: string;
}

/**
 * What happened since the last look, a line for each thing, for a terminal or a log.
 *
 * @param before - undefined for the first look, which tells what is there already in one line
 */
export function eventsBetween(
  before: SandboxStatus | undefined,
  now: SandboxStatus,
): SandboxEvent[] {
  return [...programEvents(before, now), ...serverEvents(before, now)];
}

function programEvents(
  before: SandboxStatus | undefined,
  now: SandboxStatus,
): SandboxEvent[] {
  const events: SandboxEvent[] = [];
  // Until the first is being made, what is in the cache has not been looked up yet.
  if (isPreparing(now) && !(before && begun(before))) {
    const open = now.programs.filter(
      one => one.state === 'waiting' || one.state === 'preparing',
    );
    events.push({
      kind: 'note',
      text: `To be prepared, once for this machine: ${open
        .map(one => `${one.name} ${one.version}`)
        .join(', ')}`,
    });
  }
  if (!before) return events;
  for (const program of now.programs) {
    const was = before.programs.find(one => one.name === program.name)?.state;
    if (was === program.state) continue;
    if (program.state === 'ready') {
      const how =
        program.source === 'machine'
          ? 'found on this machine'
          : `in ${durationText(program.seconds)}`;
      // What is looked up rather than made is no news.
      if (was === 'preparing' || program.source === 'machine') {
        events.push({
          kind: 'good',
          text: `prepared ${program.name} ${program.version} ${how}`,
        });
      }
    } else if (program.state === 'failed') {
      events.push({
        kind: 'bad',
        text: `${program.name} could not be prepared: ${oneLine(
          program.problem,
        )}`,
      });
    }
  }
  return events;
}

function isPreparing(status: SandboxStatus): boolean {
  return status.programs.some(one => one.state === 'preparing');
}

function begun(status: SandboxStatus): boolean {
  return status.programs.some(
    one => one.state === 'preparing' || one.state === 'failed',
  );
}

function serverEvents(
  before: SandboxStatus | undefined,
  now: SandboxStatus,
): SandboxEvent[] {
  const events: SandboxEvent[] = [];
  const settled = now.servers.filter(one => one.state === 'answering');
  if (!before && settled.length > 0) {
    events.push({
      kind: 'good',
      text: `answering already: ${settled.map(one => one.name).join(', ')}`,
    });
  }
  for (const server of now.servers) {
    const was = before?.servers.find(one => one.name === server.name);
    if (was?.state === server.state && was.problem === server.problem) continue;
    switch (server.state) {
      case 'answering':
        if (!before || was?.state === 'answering') break;
        events.push({
          kind: 'good',
          text: `${server.name} answers${
            server.tookSeconds === undefined
              ? ''
              : ` after ${durationText(server.tookSeconds)}`
          }`,
        });
        break;
      case 'restarting':
        events.push({
          kind: 'bad',
          text: `${server.name} is started again: ${oneLine(server.problem)}`,
        });
        break;
      case 'unavailable':
        events.push({
          kind: 'bad',
          text: `${server.name} is not available: ${oneLine(server.problem)}`,
        });
        break;
      default:
        break;
    }
  }
  return events;
}

function oneLine(text: string | undefined): string {
  return (text ?? 'it did not say why').replace(/\s+/g, ' ').slice(0, 300);
}
