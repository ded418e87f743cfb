import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { closeSync, openSync } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { endMarked, MARKER } from '../machine/marked';
import { endGroup, identify, ProcessId } from '../machine/processes';
import {
  ServerCommand,
  ServerContext,
  ServerDefinition,
} from '../servers/Server';
import { Journal } from './Journal';

/** The process of a server, with all that it starts: written down before it runs, and ended as a whole. */
export class ServerProcess {
  readonly #definition: ServerDefinition;
  readonly #marker = randomUUID();
  readonly #id: ProcessId | undefined;
  readonly #isProcess: boolean;
  #exited = false;

  /** Resolves when it has ended and nothing that it started runs any more. */
  readonly ended: Promise<void>;

  /**
   * Starts it.
   *
   * @param stopped - looked at last: no process is started once it has aborted
   * @returns undefined where nothing was started because of that
   * @throws Error when the command cannot be run
   */
  static async start(
    definition: ServerDefinition,
    context: ServerContext,
    { journal, stopped }: { journal: Journal; stopped: AbortSignal },
  ): Promise<ServerProcess | undefined> {
    const command = await definition.command?.(context);
    if (!command) return undefined;
    const log = context.paths.log(definition.name);
    await mkdir(dirname(log), { recursive: true, mode: 0o700 });
    await rename(log, `${log}.1`).catch(() => {});
    // Nothing is waited for from here on: a stop finds either no process, or one that it can end.
    if (stopped.aborted) return undefined;
    const started = new ServerProcess(definition, context, command, journal);
    // A command that cannot be run becomes no process; the error follows.
    if (!started.#isProcess) await started.ended;
    return started;
  }

  private constructor(
    definition: ServerDefinition,
    context: ServerContext,
    command: ServerCommand,
    journal: Journal,
  ) {
    const { name } = definition;
    this.#definition = definition;
    journal.starting(name, this.#marker);
    const child = this.#spawn(command, context);
    const over = new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', () => {
        this.#exited = true;
        resolve();
      });
    });
    this.ended = over
      .finally(() => endMarked(this.#marker, definition.leaves))
      .finally(() => journal.ended(name));
    // Whoever waits for it is told; and nobody may.
    this.ended.catch(() => {});
    this.#isProcess = child.pid !== undefined;
    // One that has ended already cannot be identified.
    this.#id = child.pid === undefined ? undefined : identify(child.pid);
    if (this.#id) journal.started(name, this.#id);
  }

  get pid(): number | undefined {
    return this.#exited ? undefined : this.#id?.pid;
  }

  get hasExited(): boolean {
    return this.#exited;
  }

  /**
   * Ends it, by force when it takes too long.
   *
   * @throws Error when not even that ends it
   */
  async end(): Promise<void> {
    if (this.#id && !this.#exited) {
      await endGroup(this.#id, {
        signal: this.#definition.stopSignal,
        withinMs: (this.#definition.stopWithinSeconds ?? 10) * 1000,
      });
    }
    await this.ended;
  }

  #spawn(
    { command, args, env, cwd, uid }: ServerCommand,
    context: ServerContext,
  ) {
    const { paths } = context;
    // Straight into the file: a server outlives a supervisor that is killed without losing its output.
    const file = openSync(paths.log(this.#definition.name), 'a', 0o600);
    const asUser =
      uid !== undefined && process.getuid?.() === 0 ? { uid, gid: uid } : {};
    try {
      return spawn(command, args, {
        cwd: cwd ?? '/',
        env: {
          ...smallEnvironment(),
          HIGHROAD_SANDBOX: paths.state,
          ...env,
          [MARKER]: this.#marker,
        },
        stdio: ['ignore', file, file],
        detached: true,
        ...asUser,
      });
    } finally {
      closeSync(file);
    }
  }
}

function smallEnvironment(): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR, LANG } = process.env;
  return { PATH, HOME, TMPDIR, LANG };
}
