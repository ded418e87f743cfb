import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Starts a long-running process in a group of its own, with its output in a file.
 *
 * @returns its pid, a promise of its end, the last lines it printed, and a way to stop it with all it started
 */
export function startProcess(command, args, { cwd, env, logFile, verbose }) {
  const child = spawn(command, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: process.platform !== 'win32',
  });
  const log = createWriteStream(logFile);
  const tail = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', chunk => {
      log.write(chunk);
      if (verbose) process.stdout.write(chunk);
      tail.push(...chunk.toString('utf8').split('\n'));
      tail.splice(0, Math.max(0, tail.length - 60));
    });
  }
  const ended = new Promise(resolve => {
    child.on('error', error => resolve({ code: 127, error }));
    child.on('close', (code, signal) => resolve({ code, signal }));
  });
  return {
    pid: child.pid,
    ended,
    tail: () => tail.filter(line => line.trim() !== ''),
    stop: () => stopGroup(child.pid, ended),
  };
}

async function stopGroup(pid, ended) {
  signalGroup(pid, 'SIGTERM');
  const graceful = await Promise.race([
    ended.then(() => true),
    sleep(8000, false, { ref: false }),
  ]);
  if (!graceful) signalGroup(pid, 'SIGKILL');
  await ended;
  // What the process itself had started may outlive it for a moment.
  signalGroup(pid, 'SIGKILL');
}

/** Signals a process and all it started. Only ever called with ids of processes that we started. */
export function signalGroup(pid, signal) {
  try {
    process.kill(process.platform === 'win32' ? pid : -pid, signal);
  } catch (error) {
    if (error.code !== 'ESRCH') throw error;
  }
}

export function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/**
 * Waits until a condition holds.
 *
 * @returns whether it did before the time was up
 */
export async function waitFor(condition, { timeoutMs, intervalMs = 250 }) {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (await condition()) return true;
    await sleep(intervalMs);
  }
  return false;
}
