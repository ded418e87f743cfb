import { ServerState } from '@highroad/plugin-sandbox-common';
import { createDeferred } from '@backstage/types';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText, writeOwnFile } from '../machine/files';
import { messageOf, secondsSince } from '../machine/words';
import { waitUntil } from '../machine/processes';
import {
  PreparedProgram,
  ServerContext,
  ServerDefinition,
} from '../servers/Server';
import { restartDelay, STABLE_AFTER } from './backoff';
import { Journal } from './Journal';
import { ServerProcess } from './ServerProcess';

export interface ServerRunnerOptions {
  context: ServerContext;
  journal: Journal;
  /** Waits until a program is prepared, however long that takes */
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
  #process: ServerProcess | undefined;
  readonly #prepared = new Map<string, PreparedProgram>();
  #loop: Promise<void> | undefined;
  readonly #stop = new AbortController();
  /** This server is stopped, or the whole sandbox is about to be */
  readonly #anyStop: AbortSignal;

  constructor(definition: ServerDefinition, options: ServerRunnerOptions) {
    this.definition = definition;
    this.#options = options;
    this.#anyStop = AbortSignal.any([
      this.#stop.signal,
      options.context.signal,
    ]);
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
    const { needs, programs } = this.#options;
    this.lastTookSeconds = Number(await readText(this.#timeFile)) || undefined;
    const prepared = await this.#unlessStopped(
      Promise.all(this.definition.programs.map(programs)),
    );
    prepared?.forEach(program => this.#prepared.set(program.name, program));
    this.version = prepared?.[0]?.version;
    await this.#unlessStopped(Promise.all(needs.map(need => need.answered)));
    let failures = 0;
    while (!this.#stopping) {
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
        signal: this.#anyStop,
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
    if (this.#stopping) return;
    this.#process = await ServerProcess.start(definition, context, {
      journal: this.#options.journal,
      stopped: this.#anyStop,
    });
    try {
      await this.#untilReady();
      if (this.#stopping) return;
      await definition.configure?.(context);
      if (this.#stopping) return;
      this.tookSeconds = secondsSince(since);
      await writeOwnFile(this.#timeFile, String(this.tookSeconds));
      this.#become('answering', undefined);
      this.#answered.resolve();
      await (this.#process?.ended ??
        this.#unlessStopped(new Promise(() => {})));
    } finally {
      await this.#process?.end();
      this.#process = undefined;
    }
  }

  /** @throws Error with its last words when it ends before it answers, or does not answer in time */
  async #untilReady(): Promise<void> {
    const { ready, readyWithinSeconds = 60 } = this.definition;
    const answers = await waitUntil(
      async () =>
        this.#process?.hasExited ||
        this.#stopping ||
        ready(this.#context).catch(() => false),
      { withinMs: readyWithinSeconds * 1000, everyMs: 100 },
    );
    if (this.#stopping) return;
    if (this.#process?.hasExited) {
      throw new Error(
        `It ended before it answered. Its last words: ${await this.#lastWords()}`,
      );
    }
    if (!answers) {
      throw new Error(
        `It did not answer within ${readyWithinSeconds} s. Its last words: ${await this.#lastWords()}`,
      );
    }
  }

  /**
   * Ends it and takes away what it left. Stays stopped.
   *
   * @throws Error when something of it could not be ended or taken away
   */
  async stop(): Promise<void> {
    const wasAnswering = this.state === 'answering';
    this.#stop.abort();
    this.#become('stopping', undefined);
    try {
      if (wasAnswering) await this.definition.beforeStop?.(this.#context);
    } finally {
      await this.#process?.end();
      await this.#loop;
      await this.definition.tearDown?.(this.#context);
    }
    this.#become('stopped', undefined);
  }

  get #stopping(): boolean {
    return this.#anyStop.aborted;
  }

  /** Waits for something, and no longer than until it is stopped. */
  #unlessStopped<T>(work: Promise<T>): Promise<T | undefined> {
    return Promise.race([
      work,
      new Promise<undefined>(resolve => {
        const signal = this.#anyStop;
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
