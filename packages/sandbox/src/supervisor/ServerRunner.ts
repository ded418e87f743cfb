import { ServerState } from '@highroad/plugin-sandbox-common';
import { createDeferred } from '@backstage/types';
import { ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText, writeOwnFile } from '../machine/files';
import { messageOf, secondsSince } from '../machine/words';
import { endGroup, identify, ProcessId, waitUntil } from '../machine/processes';
import {
  PreparedProgram,
  ServerContext,
  ServerDefinition,
} from '../servers/Server';
import { restartDelay, STABLE_AFTER } from './backoff';
import { Journal } from './Journal';

export interface ServerRunnerOptions {
  context: ServerContext;
  journal: Journal;
  /** Waits for a program to be prepared */
  programs: (name: string) => Promise<PreparedProgram>;
  /** The servers that have to answer first */
  needs: ServerRunner[];
  /** Called after each change of what is shown */
  changed: () => void;
}

/** Keeps one server running: starts it, watches it, starts it again, ends it. */
export class ServerRunner {
  readonly definition: ServerDefinition;
  state: ServerState = 'waiting';
  problem: string | undefined;
  version: string | undefined;
  tookSeconds: number | undefined;
  lastTookSeconds: number | undefined;
  restarts = 0;

  readonly #options: ServerRunnerOptions;
  readonly #answered = createDeferred();
  #process: ProcessId | undefined;
  #prepared = new Map<string, PreparedProgram>();
  #stopping = false;
  #loop: Promise<void> | undefined;
  readonly #stopped = new AbortController();

  constructor(definition: ServerDefinition, options: ServerRunnerOptions) {
    this.definition = definition;
    // Nobody may be waiting for it.
    this.#answered.catch(() => {});
    this.#options = options;
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** Resolves when it has answered and been set up for the first time. */
  get answered(): Promise<void> {
    return this.#answered;
  }

  /** Starts it as soon as what it needs is there, and keeps it running until {@link stop}. */
  start(): void {
    this.#loop ??= this.#run();
  }

  async #run(): Promise<void> {
    const { needs, programs, context } = this.#options;
    this.lastTookSeconds = Number(await readText(this.#timeFile)) || undefined;
    try {
      const prepared = await this.#unlessStopped(
        Promise.all(this.definition.programs.map(programs)),
      );
      prepared?.forEach(program => this.#prepared.set(program.name, program));
      this.version = prepared?.[0]?.version;
      await this.#unlessStopped(Promise.all(needs.map(need => need.answered)));
    } catch (error) {
      if (this.#stopping) return;
      this.#become('unavailable', messageOf(error));
      this.#answered.reject(
        new Error(
          `${this.definition.name} is not available: ${messageOf(error)}`,
        ),
      );
      return;
    }
    let failures = 0;
    while (!this.#stopping && !context.signal.aborted) {
      const since = Date.now();
      try {
        await this.#runOnce();
        if (this.#stopping) return;
        this.problem = `It ended by itself. Its last words: ${await this.#lastWords()}`;
      } catch (error) {
        if (this.#stopping) return;
        this.problem = messageOf(error);
      }
      failures = Date.now() - since > STABLE_AFTER ? 1 : failures + 1;
      this.restarts += 1;
      this.#become('restarting', this.problem);
      await sleep(restartDelay(failures), undefined, {
        signal: this.#stopped.signal,
      }).catch(() => {});
    }
  }

  /** One life of the process: returns when it has ended, throws when it did not come up. */
  async #runOnce(): Promise<void> {
    const { definition } = this;
    const context = this.#context;
    this.#become('starting', this.problem);
    const since = Date.now();
    await definition.setUp?.(context);
    const { ended } = definition.command
      ? await this.#spawn(definition.command)
      : { ended: undefined };
    let over = false;
    ended?.then(() => {
      over = true;
    });
    try {
      const answers = await waitUntil(
        async () =>
          over ||
          this.#stopping ||
          definition.ready(context).catch(() => false),
        {
          withinMs: (definition.readyWithinSeconds ?? 60) * 1000,
          everyMs: 100,
        },
      );
      if (this.#stopping) return;
      if (over)
        throw new Error(
          `It ended before it answered. Its last words: ${await this.#lastWords()}`,
        );
      if (!answers) {
        throw new Error(
          `It did not answer within ${
            definition.readyWithinSeconds ?? 60
          } s. Its last words: ${await this.#lastWords()}`,
        );
      }
      await definition.configure?.(context);
      if (this.#stopping) return;
      this.tookSeconds = secondsSince(since);
      await writeOwnFile(this.#timeFile, String(this.tookSeconds));
      this.#become('answering', undefined);
      this.#answered.resolve();
      if (ended) await ended;
      else await this.#unlessStopped(new Promise(() => {}));
    } finally {
      if (!this.#stopping && this.#process && !over) await this.#end();
    }
  }

  async #spawn(
    start: NonNullable<ServerDefinition['command']>,
  ): Promise<{ ended: Promise<void> }> {
    const { definition } = this;
    const { journal } = this.#options;
    const { command, args, env, cwd, uid } = await start(this.#context);
    const log = this.#context.paths.log(definition.name);
    await mkdir(dirname(log), { recursive: true, mode: 0o700 });
    await rename(log, `${log}.1`).catch(() => {});
    // Straight into the file: a server outlives a supervisor that is killed without losing its output.
    const file = openSync(log, 'a', 0o600);
    const asUser =
      uid !== undefined && process.getuid?.() === 0 ? { uid, gid: uid } : {};
    let child: ChildProcess;
    try {
      child = spawn(command, args, {
        cwd: cwd ?? '/',
        env: {
          ...smallEnvironment(),
          HIGHROAD_SANDBOX: this.#context.paths.state,
          ...env,
        },
        stdio: ['ignore', file, file],
        detached: true,
        ...asUser,
      });
    } finally {
      closeSync(file);
    }
    const ended = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        journal.ended(definition.name);
        this.#process = undefined;
        resolve();
      });
    });
    if (child.pid !== undefined) {
      this.#process = identify(child.pid);
      if (this.#process) journal.started(definition.name, this.#process);
    }
    // A command that cannot be run has no pid; the error follows.
    if (child.pid === undefined) await ended;
    return { ended };
  }

  /** Ends it and takes away what it left. Stays stopped. */
  async stop(): Promise<void> {
    const wasRunning = this.state === 'answering';
    this.#stopping = true;
    this.#stopped.abort();
    this.#become('stopping', undefined);
    if (wasRunning) await this.definition.beforeStop?.(this.#context);
    await this.#end();
    await this.#loop;
    await this.definition.tearDown?.(this.#context);
    this.#answered.reject(new Error(`${this.definition.name} was stopped`));
    this.#become('stopped', undefined);
  }

  async #end() {
    if (!this.#process) return;
    await endGroup(this.#process, {
      signal: this.definition.stopSignal,
      withinMs: (this.definition.stopWithinSeconds ?? 10) * 1000,
    });
  }

  /** Waits for something, and no longer than until it is stopped. */
  #unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([
      work,
      new Promise<undefined>(resolve => {
        const { signal } = this.#stopped;
        if (signal.aborted) resolve(undefined);
        signal.addEventListener('abort', () => resolve(undefined), {
          once: true,
        });
      }),
    ]);
  }

  get #context(): ServerContext {
    return {
      ...this.#options.context,
      program: name => {
        const program = this.#prepared.get(name);
        if (!program)
          throw new Error(
            `${this.definition.name} does not name the program ${name}`,
          );
        return program;
      },
    };
  }

  get #timeFile(): string {
    return this.#options.context.paths.data('times', this.definition.name);
  }

  async #lastWords(): Promise<string> {
    const text = await readFile(
      this.#context.paths.log(this.definition.name),
      'utf8',
    ).catch(() => '');
    return text.trim().split('\n').slice(-3).join(' | ').slice(-500) || 'none';
  }

  #become(state: ServerState, problem: string | undefined) {
    this.state = state;
    this.problem = problem;
    this.#options.changed();
  }
}

function smallEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG };
}
