import { Build } from '@highroad/plugin-sandbox-common';
import { setTimeout as sleep } from 'node:timers/promises';
import { Connection } from '../connection/schema';
import { Engine } from '../images/Engine';
import { findEngine } from '../images/findEngine';
import { SandboxPaths } from '../machine/paths';
import { BuildLog } from './BuildLog';
import { BuildStore } from './BuildStore';
import { setStatus } from './commitStatus';
import { BuildRequest } from './deliveries';
import { afterInterruption, nextOf, speaksForCommit } from './queueRules';
import { runBuild } from './runBuild';
import { messageOf } from '../machine/words';

export interface BuilderOptions {
  paths: SandboxPaths;
  connection: Connection;
  store: BuildStore;
  /** Address of the portal, where logs can be seen */
  portal: string;
  signal: AbortSignal;
}

/** Builds what is asked for, one after the other. */
export class Builder {
  readonly #options: BuilderOptions;
  #engine: Promise<Engine> | undefined;
  #wake: () => void = () => {};

  constructor(options: BuilderOptions) {
    this.#options = options;
  }

  /** Takes a request in. When this returns, it is not lost any more. */
  async ask(request: BuildRequest): Promise<Build> {
    const { store } = this.#options;
    const intake = await store.take(request);
    if (intake.is === 'new') {
      for (const build of intake.superseded) this.tell(build);
      this.tell(intake.build);
      this.#wake();
    }
    return intake.build;
  }

  /** Builds until the signal ends it. What was running when an earlier builder was killed begins again. */
  async run(): Promise<void> {
    const { store, signal } = this.#options;
    for (const build of store.all()) {
      if (build.progress.state !== 'running') continue;
      await this.#finish(
        afterInterruption(build, 'The builder was ended', new Date()),
      );
    }
    while (!signal.aborted) {
      const next = nextOf(store.all());
      if (next) await this.#buildOne(next);
      else await this.#woken();
    }
  }

  async #buildOne(queued: Build) {
    const { store, paths, connection, signal } = this.#options;
    const build: Build = {
      ...queued,
      attempts: queued.attempts + 1,
      progress: { state: 'running', startedAt: new Date().toISOString() },
    };
    await store.save(build);
    const log = new BuildLog(store, build, {
      secrets: [connection.gitea.password, connection.gitea.webhookSecret],
      changed: changed => this.tell(changed),
    });
    log.line(
      `Build ${build.id} of ${build.repository} at ${build.commit}, attempt ${build.attempts}`,
    );
    try {
      const progress = await runBuild(log, {
        connection,
        engine: () => this.#findEngine(),
        folder: paths.data('builder', 'work', build.id),
        builds: store.all(),
        signal,
      });
      log.line(`=== ${progress.state}`);
      if ('problem' in progress) log.line(progress.problem);
      await log.flushed();
      await this.#finish({ ...log.build, progress });
    } catch (error) {
      // Stopped: it stays as running, and the next builder begins it again.
      if (signal.aborted) return;
      const problem = messageOf(error);
      log.line(problem);
      await log.flushed();
      await this.#finish(afterInterruption(log.build, problem, new Date()));
      await sleep(
        1000 * 2 ** build.attempts * (0.5 + Math.random()),
        undefined,
        {
          signal,
        },
      ).catch(() => {});
    }
  }

  async #finish(build: Build) {
    await this.#options.store.save(build);
    this.tell(build);
  }

  /** Statuses are set beside the building and in order; what cannot be set is set again when heads are looked at. */
  tell(build: Build): void {
    const { connection, portal, signal, store } = this.#options;
    if (!speaksForCommit(build, store.all())) return;
    this.#telling = this.#telling
      .then(() => setStatus(connection.gitea, build, portal, signal))
      .catch(error => {
        if (!signal.aborted)
          process.stderr.write(
            `The status of ${build.id} is not set: ${error}\n`,
          );
      });
  }
  #telling: Promise<void> = Promise.resolve();

  /** Waits until all statuses are set. */
  told(): Promise<void> {
    return this.#telling;
  }

  /** Found once; a machine that has nothing is looked at again for the next build. */
  #findEngine(): Promise<Engine> {
    const { paths, signal } = this.#options;
    this.#engine ??= findEngine({ cache: paths.cache, signal }).then(
      async engine => {
        await engine.tidy({ signal });
        return engine;
      },
    );
    this.#engine.catch(() => {
      this.#engine = undefined;
    });
    return this.#engine;
  }

  #woken(): Promise<void> {
    const { signal } = this.#options;
    return new Promise(resolve => {
      this.#wake = resolve;
      signal.addEventListener('abort', () => resolve(), { once: true });
    });
  }
}
