import {
  SandboxStatus,
  sandboxStatusSchema,
} from '@highroad/plugin-sandbox-common';
import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { readConnection } from '../connection/settle';
import { readText } from '../machine/files';
import { PACKAGE, SandboxPaths } from '../machine/paths';
import { checkIsSandbox } from './checkIsSandbox';
import { openState } from '../machine/unprivileged';
import { isRunning, waitUntil } from '../machine/processes';
import { definitionsFor } from '../servers';
import { cleanLeftovers } from './leftovers';

const supervisorSchema = z.object({
  pid: z.number(),
  started: z.number(),
  address: z.string().url(),
});

/** Talks to the supervisor of a sandbox, which may not be running. */
export class SandboxClient {
  readonly paths: SandboxPaths;

  constructor(paths: SandboxPaths) {
    this.paths = paths;
  }

  /** Whether a supervisor runs. */
  async isRunning(): Promise<boolean> {
    return (await this.#supervisor()) !== undefined;
  }

  /**
   * @param after - waits for a change beyond this revision, half a minute at most
   * @returns undefined when no supervisor runs
   */
  async status(
    after?: number,
    signal?: AbortSignal,
  ): Promise<SandboxStatus | undefined> {
    const query = after === undefined ? '' : `?after=${after}`;
    const answer = await this.#ask('GET', `/status${query}`, signal);
    return answer === undefined ? undefined : sandboxStatusSchema.parse(answer);
  }

  /**
   * Starts a supervisor that goes on by itself, unless one runs.
   *
   * @param args - options of `sandbox supervise`
   * @returns whether it was started now
   * @throws Error with its last words when it ends at once
   */
  async start(args: string[] = []): Promise<boolean> {
    if (await this.isRunning()) return false;
    const log = this.paths.log('supervisor');
    await mkdir(dirname(log), { recursive: true, mode: 0o700 });
    const file = openSync(log, 'w', 0o600);
    const child = spawn(
      process.execPath,
      [
        join(PACKAGE, 'bin/sandbox'),
        'supervise',
        '--state',
        this.paths.state,
        ...args,
      ],
      { stdio: ['ignore', file, file], detached: true, cwd: PACKAGE },
    );
    closeSync(file);
    let ended = false;
    child.once('exit', () => {
      ended = true;
    });
    child.unref();
    const up = await waitUntil(
      async () => ended || (await this.status()) !== undefined,
      {
        // It first ends what a killed one has left, pods among it, and waits for the lock of that one to go stale.
        withinMs: 180_000,
        everyMs: 100,
      },
    );
    // Of two that are started at once, one gives way to the other.
    if (ended && (await this.isRunning())) return false;
    if (!up || ended) {
      const words = (await readText(log))
        ?.trim()
        .split('\n')
        .slice(-3)
        .join(' | ');
      throw new Error(
        `The sandbox's supervisor did not start: ${words || 'it said nothing'}`,
      );
    }
    return true;
  }

  /**
   * Waits until every server answers.
   *
   * @param options.onStatus - told each change
   * @throws Error that names what does not answer and why, when the time is up or the supervisor has ended
   */
  async untilAnswering(options: {
    withinMs: number;
    onStatus?: (status: SandboxStatus) => void;
  }): Promise<SandboxStatus> {
    const deadline = Date.now() + options.withinMs;
    let last: SandboxStatus | undefined;
    for (;;) {
      const left = Math.max(deadline - Date.now(), 1000);
      const status = await this.#changed(last, left);
      if (!status) throw new Error('The sandbox has ended.');
      last = status;
      options.onStatus?.(status);
      if (status.state === 'answering') return status;
      if (Date.now() >= deadline) throw new Error(whatIsWrong(status));
    }
  }

  /** The next status; the same again when nothing changes in time. */
  async #changed(
    last: SandboxStatus | undefined,
    withinMs: number,
  ): Promise<SandboxStatus | undefined> {
    try {
      return await this.status(last?.revision, AbortSignal.timeout(withinMs));
    } catch (error) {
      if (error instanceof Error && error.name === 'TimeoutError') return last;
      throw error;
    }
  }

  /**
   * Stops a running supervisor and all its servers; without one, ends what a killed one has left.
   *
   * @param withinMs - how long the supervisor is given to end after its servers have
   * @returns what there was to stop
   * @throws Error when something of it still runs
   */
  async stop(
    withinMs = 10_000,
  ): Promise<'stopped' | 'leftovers-ended' | 'nothing-ran'> {
    const supervisor = await this.#supervisor();
    if (supervisor) {
      await this.#ask('POST', '/stop');
      if (await waitUntil(() => !isRunning(supervisor), { withinMs }))
        return 'stopped';
      throw new Error(
        `The sandbox's supervisor, process ${
          supervisor.pid
        }, was told to stop and still runs. What it does is in ${this.paths.log(
          'supervisor',
        )}. End it by force, and what it leaves: kill -9 ${
          supervisor.pid
        }; platform sandbox stop`,
      );
    }
    const connection = await readConnection(this.paths);
    if (!connection) return 'nothing-ran';
    const ended = await cleanLeftovers(
      this.paths,
      connection,
      definitionsFor(connection.node.kind),
    );
    await rm(this.paths.supervisor, { force: true });
    return ended.length > 0 ? 'leftovers-ended' : 'nothing-ran';
  }

  /**
   * Stops it and throws away all its state: data, credentials, logs. The prepared programs stay.
   *
   * @throws Error, before anything is done, when the folder holds something else than a sandbox
   */
  async reset(): Promise<void> {
    await checkIsSandbox(this.paths);
    await this.stop();
    await rm(openState(this.paths), { recursive: true, force: true });
    await rm(this.paths.state, { recursive: true, force: true });
  }

  async #supervisor(): Promise<z.infer<typeof supervisorSchema> | undefined> {
    const text = await readText(this.paths.supervisor);
    if (!text) return undefined;
    const supervisor = supervisorSchema.parse(JSON.parse(text));
    return isRunning(supervisor) ? supervisor : undefined;
  }

  async #ask(
    method: string,
    path: string,
    signal?: AbortSignal,
  ): Promise<unknown> {
    const supervisor = await this.#supervisor();
    const connection = await readConnection(this.paths);
    if (!supervisor || !connection) return undefined;
    const response = await fetch(`${supervisor.address}${path}`, {
      method,
      headers: { Authorization: `Bearer ${connection.supervisorToken}` },
      signal: signal ?? AbortSignal.timeout(120_000),
    }).catch(error => {
      // It may be ending or not listening yet.
      if (
        error.cause?.code === 'ECONNREFUSED' ||
        error.cause?.code === 'ECONNRESET'
      )
        return undefined;
      throw error;
    });
    if (!response) return undefined;
    const body = await response.json();
    if (!response.ok)
      throw new Error(`The sandbox's supervisor: ${body.error}`);
    return body;
  }
}

function whatIsWrong(status: SandboxStatus): string {
  const silent = status.servers
    .filter(server => server.state !== 'answering')
    .map(server => `${server.name} (${server.problem ?? server.state})`);
  return `Not everything answers: ${silent.join(', ')}`;
}
