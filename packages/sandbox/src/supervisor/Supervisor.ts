import { SandboxStatus, ServerStatus } from '@highroad/plugin-sandbox-common';
import { Connection } from '../connection/schema';
import { SandboxPaths } from '../machine/paths';
import { memoryByGroup } from '../machine/processes';
import { secondsSince } from '../machine/words';
import { ServerContext, ServerDefinition } from '../servers/Server';
import { pinOf, pins } from '../upstream/programs';
import { cleanLeftovers } from './leftovers';
import { Journal } from './Journal';
import { Preparation } from './Preparation';
import { ServerRunner } from './ServerRunner';

/** Prepares, starts and watches all servers of one sandbox. */
export class Supervisor {
  readonly #paths: SandboxPaths;
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
  }) {
    this.#paths = options.paths;
    this.#connection = options.connection;
    this.#definitions = options.definitions;
    const wanted = new Set(
      this.#definitions.flatMap(definition => definition.programs),
    );
    wanted.forEach(pinOf);
    this.#preparation = new Preparation(
      pins.filter(pin => wanted.has(pin.name)),
      { cache: this.#paths.cache, changed: () => this.#changed() },
    );
    const journal = new Journal(this.#paths.journal);
    const context: ServerContext = {
      paths: this.#paths,
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
          journal,
          needs,
          programs: name => this.#preparation.program(name),
          changed: () => this.#changed(),
        }),
      );
    }
  }

  /** Clears what an earlier, killed supervisor left, and begins. Returns at once; {@link status} says how it goes. */
  async start(): Promise<void> {
    await cleanLeftovers(this.#paths, this.#connection, this.#definitions);
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
        Promise.all(dependents).then(() => runner.stop()),
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
    const servers = [...this.#runners.values()].map(runner =>
      this.#describe(runner, memory),
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
    const states = [...this.#runners.values()].map(runner => runner.state);
    if (states.every(state => state === 'answering')) return 'answering';
    if (this.#preparation.secondsLeft() !== undefined) return 'preparing';
    if (states.some(state => state === 'waiting' || state === 'starting'))
      return 'starting';
    return 'degraded';
  }

  #describe(runner: ServerRunner, memory: Map<number, number>): ServerStatus {
    const { definition, pid } = runner;
    const waitingFor =
      runner.state === 'waiting'
        ? [
            ...definition.programs.filter(
              name => !this.#preparation.isReady(name),
            ),
            ...definition.needs.filter(name => {
              const need = this.#runners.get(name);
              return need && need.state !== 'answering';
            }),
          ]
        : [];
    return {
      name: definition.name,
      title: definition.title,
      version: runner.version,
      state: runner.state,
      origin: definition.origin ?? 'sandbox',
      address: definition.address?.(this.#connection),
      pid,
      waitingFor,
      tookSeconds: runner.tookSeconds,
      lastTookSeconds: runner.lastTookSeconds,
      restarts: runner.restarts,
      memoryBytes: pid === undefined ? undefined : memory.get(pid),
      problem: runner.problem,
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
