import { ProgramStatus, ServerStatus } from '@highroad/plugin-sandbox-common';
import { Connection } from '../connection/schema';
import type { ServerRunner } from './ServerRunner';

/** What a server's status also depends on. */
export interface Around {
  connection: Connection;
  /** @returns undefined for a server that is not part of this sandbox */
  runner(name: string): ServerRunner | undefined;
  program(name: string): ProgramStatus | undefined;
}

/**
 * Why a server cannot be started as it is: a program of it, or of a server that it needs, could not be prepared. It is
 * started all the same as soon as the program is there.
 */
export function whyUnavailable(
  runner: ServerRunner,
  around: Around,
): string | undefined {
  if (runner.state !== 'waiting') return undefined;
  const { programs, needs } = runner.definition;
  for (const name of programs) {
    const program = around.program(name);
    if (program?.state === 'failed')
      return `${name} could not be prepared: ${
        program.problem ?? 'it did not say why'
      }`;
  }
  for (const name of needs) {
    const need = around.runner(name);
    const why = need && whyUnavailable(need, around);
    if (why) return `${name} is not available: ${why}`;
  }
  return undefined;
}

/** @param memory - bytes by process group */
export function describeServer(
  runner: ServerRunner,
  around: Around,
  memory: Map<number, number>,
): ServerStatus {
  const { definition, pid } = runner;
  const unavailable = whyUnavailable(runner, around);
  return {
    name: definition.name,
    title: definition.title,
    version: runner.version,
    state: unavailable === undefined ? runner.state : 'unavailable',
    origin: definition.origin ?? 'sandbox',
    address: definition.address?.(around.connection),
    pid,
    waitingFor:
      runner.state === 'waiting' && unavailable === undefined
        ? waitingFor(runner, around)
        : [],
    tookSeconds: runner.tookSeconds,
    lastTookSeconds: runner.lastTookSeconds,
    restarts: runner.restarts,
    memoryBytes: pid === undefined ? undefined : memory.get(pid),
    problem: unavailable ?? runner.problem,
  };
}

function waitingFor(
  { definition: { programs, needs } }: ServerRunner,
  around: Around,
): string[] {
  const open = (name: string) => {
    const need = around.runner(name);
    return need !== undefined && need.state !== 'answering';
  };
  return [
    ...programs.filter(name => around.program(name)?.state !== 'ready'),
    ...needs.filter(open),
  ];
}
