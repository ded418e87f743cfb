import { spawn } from 'node:child_process';

/** How a program ended that was allowed to end by itself. */
export interface Ended {
  code: number;
  stdout: Buffer;
  /** Its beginning and its end */
  stderr: string;
}

/** It was ended, since it took longer or said more than it may. */
export class BoundExceededError extends Error {
  constructor(readonly bound: 'time' | 'output', message: string) {
    super(message);
    this.name = 'BoundExceededError';
  }
}

const STDERR_CHARACTERS = 20_000;

/**
 * Runs a program with nothing of this process's environment, and ends it with all that it started when it exceeds its
 * bounds.
 *
 * @throws BoundExceededError; the reason of `signal`; Error with code ENOENT where there is no such program
 */
export async function runBounded(
  command: string,
  args: string[],
  options: {
    cwd: string;
    env: Record<string, string | undefined>;
    timeoutMs: number;
    maxBytes: number;
    input?: string;
    signal?: AbortSignal;
  },
): Promise<Ended> {
  const { cwd, env, timeoutMs, maxBytes, input, signal } = options;
  signal?.throwIfAborted();
  return new Promise((resolve, reject) => {
    // A group of its own, so that what it starts ends with it.
    const child = spawn(command, args, { cwd, env, detached: true });
    const chunks: Buffer[] = [];
    let bytes = 0;
    let stderr = '';
    let failure: unknown;

    const end = (why: unknown) => {
      failure ??= why;
      if (child.pid === undefined) return;
      try {
        process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has ended meanwhile.
      }
    };
    const onAbort = () => end(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(
      () =>
        end(
          new BoundExceededError(
            'time',
            `It took longer than ${timeoutMs / 1000} s.`,
          ),
        ),
      timeoutMs,
    );

    child.stdout.on('data', (chunk: Buffer) => {
      bytes += chunk.length;
      if (bytes > maxBytes) {
        end(
          new BoundExceededError(
            'output',
            `It wrote more than ${maxBytes} bytes.`,
          ),
        );
      } else chunks.push(chunk);
    });
    child.stderr.on('data', (chunk: Buffer) => {
      const text = stderr + chunk.toString('utf8');
      // A crash says why at its beginning, everything else at its end.
      stderr =
        text.length > STDERR_CHARACTERS
          ? text.slice(0, STDERR_CHARACTERS / 2) +
            text.slice(-STDERR_CHARACTERS / 2)
          : text;
    });
    child.on('error', error => {
      failure ??= error;
    });
    child.on('close', code => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', onAbort);
      if (failure !== undefined) reject(failure);
      else
        resolve({ code: code ?? 128, stdout: Buffer.concat(chunks), stderr });
    });
    // It may end before it has read everything; its code tells.
    child.stdin.on('error', () => {});
    child.stdin.end(input);
  });
}
