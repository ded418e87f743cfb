import { SandboxStatus } from '@highroad/plugin-sandbox-common';
import { Connection } from '../connection/schema';
import { SandboxPaths } from '../machine/paths';
import { memoryByGroup } from '../machine/processes';
import { secondsSince } from '../machine/words';
import { ServerContext, ServerDefinition } from '../servers/Server';
import { pinOf, pins } from '../upstream/programs';
import { Journal } from './Journal';
import { Preparation, PreparationOptions } from './Preparation';
import { Around, describeServer, whyUnavailable } from './describeServer';
import { ServerRunner } from './ServerRunner';

/** Prepares, starts and watches all servers of one sandbox. */
export class Supervisor {
  readonly #connection: Connection;
  readonly #definitions: ServerDefinition[];
  readonly #preparation: Preparation;
  readonly #runners = new Map<string, ServerRunner>();
  readonly #abort = new AbortController();
  readonly #startedAt = new Date();
  #revision = 1;
  #tookSeconds: number | undefined;
  #waiting: (() => void)[] = [];
  #stopping: Promise<void> | undefined;
  #stopped = false;

  /** @param definitions - in an order in which each stands after what it needs */
  constructor(options: {
    paths: SandboxPaths;
    connection: Connection;
    definitions: ServerDefinition[];
    journal: Journal;
    preparing?: Pick<PreparationOptions, 'make' | 'delay'>;
  }) {
    this.#connection = options.connection;
    this.#definitions = options.definitions;
    const wanted = new Set(
      this.#definitions.flatMap(definition => definition.programs),
    );
    wanted.forEach(pinOf);
    this.#preparation = new Preparation(
      pins.filter(pin => wanted.has(pin.name)),
      {
        cache: options.paths.cache,
        changed: () => this.#changed(),
        ...options.preparing,
      },
    );
    const context: ServerContext = {
      paths: options.paths,
      connection: this.#connection,
      signal: this.#abort.signal,
      program: name => {
        throw new Error(`${name} was asked for by nobody`);
      },
    };
    for (const definition of this.#definitions) {
      const needs = definition.needs
        .map(name => this.#runners.get(name))
        .filter(runner => runner !== undefined);
      this.#runners.set(
        definition.name,
        new ServerRunner(definition, {
          context,
          journal: options.journal,
          needs,
          programs: name => this.#preparation.program(name),
          changed: () => this.#changed(),
        }),
      );
    }
  }

  /** Begins, on a machine where nothing of this sandbox runs. Returns at once; {@link status} says how it goes. */
  start(): void {
    for (const runner of this.#runners.values()) runner.start();
    // eslint-disable-next-line @typescript-eslint/no-floating-promises
    this.#preparation.run(this.#abort.signal);
  }

  /** Stops all servers, each before what it needs. */
  stop(): Promise<void> {
    this.#stopping ??= this.#stop();
    return this.#stopping;
  }

  async #stop() {
    this.#changed();
    this.#abort.abort();
    const stops = new Map<string, Promise<void>>();
    for (const runner of [...this.#runners.values()].reverse()) {
      const dependents = [...this.#runners.values()]
        .filter(other =>
          other.definition.needs.includes(runner.definition.name),
        )
        .map(other => stops.get(other.definition.name));
      stops.set(
        runner.definition.name,
        // One that cannot be stopped well is no reason to leave the others running.
        Promise.allSettled(dependents).then(() => runner.stop()),
      );
    }
    const results = await Promise.allSettled(stops.values());
    this.#stopped = true;
    this.#changed();
    const failed = results.find(result => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /**
   * @param after - waits for a revision beyond this one, half a minute at most
   */
  async status(after?: number): Promise<SandboxStatus> {
    if (after !== undefined && after >= this.#revision)
      await this.#nextChange(30_000);
    const memory = await memoryByGroup();
    const around = this.#around;
    const servers = [...this.#runners.values()].map(runner =>
      describeServer(runner, around, memory),
    );
    return {
      revision: this.#revision,
      state: this.#state(),
      startedAt: this.#startedAt.toISOString(),
      tookSeconds: this.#tookSeconds,
      node: this.#connection.node,
      preparingSecondsLeft: this.#preparation.secondsLeft(),
      programs: this.#preparation.status(),
      servers,
    };
  }

  #state(): SandboxStatus['state'] {
    if (this.#stopped) return 'stopped';
    if (this.#stopping) return 'stopping';
    const states = [...this.#runners.values()].map(runner =>
      whyUnavailable(runner, this.#around) ? 'unavailable' : runner.state,
    );
    if (states.every(state => state === 'answering')) return 'answering';
    if (this.#preparation.secondsLeft() !== undefined) return 'preparing';
    if (states.some(state => state === 'waiting' || state === 'starting'))
      return 'starting';
    return 'degraded';
  }

  get #around(): Around {
    return {
      connection: this.#connection,
      runner: name => this.#runners.get(name),
      program: name => this.#preparation.programStatus(name),
    };
  }

  #changed() {
    this.#revision += 1;
    if (
      this.#tookSeconds === undefined &&
      this.#runners.size > 0 &&
      this.#state() === 'answering'
    ) {
      this.#tookSeconds = secondsSince(this.#startedAt.getTime());
    }
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }

  #nextChange(withinMs: number): Promise<void> {
    return new Promise(resolve => {
      const timer = setTimeout(resolve, withinMs);
      this.#waiting.push(() => {
        clearTimeout(timer);
        resolve();
      });
    });
  }
}
