import { Build } from './builds';
import { ProgramStatus, SandboxStatus, ServerStatus } from './status';

/** A length of time as a person says it, two units at most. */
export function durationText(seconds: number): string {
  if (seconds < 1) return 'under 1 s';
  if (seconds < 10) return `${Math.round(seconds * 10) / 10} s`;
  const whole = Math.round(seconds);
  if (whole < 90) return `${whole} s`;
  const minutes = Math.floor(whole / 60);
  if (minutes < 10) {
    return whole % 60 ? `${minutes} min ${whole % 60} s` : `${minutes} min`;
  }
  const round = Math.round(whole / 60);
  if (round < 90) return `${round} min`;
  return `${Math.floor(round / 60)} h ${round % 60} min`;
}

/** A size in the unit that people compare memory in. */
export function memoryText(bytes: number): string {
  const mega = bytes / 1e6;
  return mega < 1000
    ? `${Math.round(mega)} MB`
    : `${(mega / 1000).toFixed(1)} GB`;
}

/** What a state is called wherever it is shown. */
export const serverStateWords: Record<ServerStatus['state'], string> = {
  waiting: 'waiting',
  starting: 'starting',
  answering: 'answering',
  restarting: 'restarting',
  stopping: 'stopping',
  stopped: 'stopped',
  unavailable: 'not available',
};

/**
 * Whether pods run, said so that nobody takes a simulated one for a real one; undefined where there is no cluster in
 * the sandbox.
 */
export function podsSentence(status: SandboxStatus): string | undefined {
  const { node, servers } = status;
  if (!servers.some(one => one.name === 'kube-apiserver')) return undefined;
  return node.kind === 'real'
    ? 'Pods are real: their containers run on this machine.'
    : `Pods are simulated: the cluster accepts them and marks them ready, but no container runs. ${node.why}`;
}

/** The one thing a person wants to know about a sandbox. */
export function headline(status: SandboxStatus): string {
  const { servers, preparingSecondsLeft: left } = status;
  const answering = servers.filter(one => one.state === 'answering').length;
  const count = `${answering} of ${servers.length} servers answer`;
  switch (status.state) {
    case 'answering': {
      const all =
        servers.length === 1
          ? 'The one server answers'
          : `All ${servers.length} servers answer`;
      return status.tookSeconds === undefined
        ? `${all}.`
        : `${all}, ${durationText(status.tookSeconds)} after the start.`;
    }
    case 'preparing':
      return `Preparing${
        left === undefined
          ? ''
          : `, about ${durationText(roundedUp(left))} left`
      }; ${count}.`;
    case 'starting':
      return `Starting; ${count}.`;
    case 'degraded': {
      const broken = servers.filter(isBroken).map(one => one.name);
      return `${count}. Not well: ${broken.join(', ')}.`;
    }
    case 'stopping':
      return 'Stopping.';
    case 'stopped':
      return 'Stopped.';
    default:
      return count;
  }
}

/** What somebody who does other things should know of a sandbox. */
export interface SandboxNotice {
  /** In sentences */
  text: string;
  /** Whether something failed, rather than takes its time */
  trouble: boolean;
}

/** @returns undefined where there is nothing to know: all answers, or it was stopped */
export function notice(status: SandboxStatus): SandboxNotice | undefined {
  const { state, programs, servers, preparingSecondsLeft: left } = status;
  const failed = programs.filter(one => one.state === 'failed');
  const broken = servers.filter(isBroken);
  const trouble = failed.length > 0 || broken.length > 0;
  // Servers whose program is missing are not well either, which is no news.
  let wrong = '';
  if (failed.length > 0) {
    wrong = ` ${namesOf(failed)} could not be prepared.`;
  } else if (broken.length > 0) {
    wrong = ` Not well: ${namesOf(broken)}.`;
  }
  switch (state) {
    case 'preparing': {
      const doing = programs.flatMap(one => preparingText(one) ?? []);
      const what = doing.length > 0 ? `: ${doing.join(', ')}` : '';
      const time =
        left === undefined
          ? ''
          : `, about ${durationText(roundedUp(left))} left`;
      const text = `The sandbox is being prepared${what}${time}.${wrong}`;
      return { text, trouble };
    }
    case 'starting': {
      const answering = servers.filter(one => one.state === 'answering');
      const count = `${answering.length} of ${servers.length} servers answer`;
      return { text: `The sandbox is starting: ${count}.${wrong}`, trouble };
    }
    case 'degraded':
      return { text: `Not all of the sandbox works.${wrong}`, trouble: true };
    default:
      return undefined;
  }
}

function namesOf(these: Array<{ name: string }>): string {
  return these.map(({ name }) => name).join(', ');
}

/** Whether a server needs somebody's attention. */
export function isBroken(server: ServerStatus): boolean {
  return server.state === 'restarting' || server.state === 'unavailable';
}

/** What is being prepared now, in a few words; undefined where nothing is. */
export function preparingText(program: ProgramStatus): string | undefined {
  if (program.state !== 'preparing') return undefined;
  const percent =
    program.done === undefined ? '' : ` ${Math.floor(program.done * 100)} %`;
  return `${program.doing ?? 'preparing'} ${program.name}${percent}`;
}

/** When a program that could not be prepared is tried again; undefined for any other. */
export function retrySentence(program: ProgramStatus): string | undefined {
  const { state, retryAt } = program;
  if (state !== 'failed') return undefined;
  if (!retryAt) return 'It is tried again at the next start of the sandbox.';
  const time = new Date(retryAt).toLocaleTimeString([], {
    hour: '2-digit',
    minute: '2-digit',
  });
  return `It is tried again at ${time}.`;
}

/** To the half minute, and from ten minutes on to the minute: an estimate is no closer than that. */
function roundedUp(seconds: number): number {
  const step = seconds < 60 ? 10 : 30;
  return seconds < 600
    ? Math.ceil(seconds / step) * step
    : Math.ceil(seconds / 60) * 60;
}

/** What the states of a build are called wherever they are shown. */
export const buildStateWords: Record<Build['progress']['state'], string> = {
  queued: 'queued',
  running: 'running',
  succeeded: 'succeeded',
  failed: 'failed',
  error: 'could not be built',
  superseded: 'superseded',
};
