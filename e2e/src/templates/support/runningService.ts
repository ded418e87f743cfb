import { spawn } from 'node:child_process';
import { collectOutput } from './collectOutput';
import { machineEnv } from './command';
import { freePort } from '../../support/freePort';
import { Combination } from './combinations';
import { until } from '../../support/until';

/** What the image of a language starts, as it is called in the built repository. */
const START: Record<Combination['language'], string[]> = {
  go: ['bin/service'],
  typescript: ['node', '--enable-source-maps', 'dist/main.js'],
  python: ['.venv/bin/python', '-m', 'app'],
};

export interface RunningService {
  url: string;
  /** Whole lines that it printed so far */
  lines(): string[];
  /** Asks until the answer has this status, and returns the answer's text */
  answers(path: string, status: number): Promise<string>;
  signal(signal: NodeJS.Signals): void;
  /** Its exit status, once it has ended */
  ended(timeoutMs: number): Promise<number | string>;
}

const ANSWER_MS = 30_000;

/** Starts what was built in a repository, with nothing in its environment but what production gives it. */
export async function startService(
  folder: string,
  language: Combination['language'],
  env: Record<string, string>,
): Promise<RunningService> {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const [command, ...args] = START[language];
  const child = spawn(command, args, {
    cwd: folder,
    env: machineEnv({ PORT: String(port), ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const said = collectOutput(child);
  let end: number | string | undefined;
  child.once('error', error => (end = error.message));
  child.once('close', (code, signal) => (end = code ?? signal ?? 'unknown'));

  return {
    url,
    lines: () =>
      said()
        .split('\n')
        .filter(line => line !== ''),
    answers(path, status) {
      let last = 'no answer';
      return until(
        async () => {
          if (end !== undefined) {
            throw new Error(`It ended with ${end}:\n${said()}`);
          }
          try {
            const response = await fetch(url + path, {
              signal: AbortSignal.timeout(5_000),
            });
            const text = await response.text();
            last = `${response.status} ${text}`;
            return response.status === status ? text : undefined;
          } catch (error) {
            // It may not listen yet; the deadline tells whether it ever does.
            last = String(error);
            return undefined;
          }
        },
        ANSWER_MS,
        () => `${path} wanted ${status}, last: ${last}\n${said()}`,
      );
    },
    signal: signal => void child.kill(signal),
    ended: timeoutMs =>
      until(
        () => end,
        timeoutMs,
        () => `It runs on:\n${said()}`,
      ),
  };
}
