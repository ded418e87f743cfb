import type { Logger } from 'pino';

/**
 * Asks one thing that the service needs; throws if it is not there. Callers are told the message of
 * a NotReady and of no other error: those may hold addresses, and are only logged.
 */
export type Check = () => Promise<void>;

export class NotReady extends Error {
  override readonly name = 'NotReady';
}

export type ReadinessReport =
  { status: 'ready' } | { status: 'unavailable'; checks: Record<string, string> };

/** Knows whether this process can take work now. */
export class Readiness {
  readonly #checks: Record<string, Check>;
  readonly #logger: Pick<Logger, 'warn'>;
  readonly #timeoutMs: number;
  #stopping = false;

  constructor(checks: Record<string, Check>, logger: Pick<Logger, 'warn'>, timeoutMs = 1000) {
    this.#checks = checks;
    this.#logger = logger;
    this.#timeoutMs = timeoutMs;
  }

  /** From now on this process is not ready. */
  stop(): void {
    this.#stopping = true;
  }

  get isStopping(): boolean {
    return this.#stopping;
  }

  async report(): Promise<ReadinessReport> {
    if (this.#stopping) return { status: 'unavailable', checks: { shutdown: 'in progress' } };

    const results = await Promise.all(
      Object.entries(this.#checks).map(
        async ([name, check]) => [name, await this.#problem(name, check)] as const,
      ),
    );
    const failed = results.filter((result): result is [string, string] => result[1] !== undefined);
    if (failed.length === 0) return { status: 'ready' };
    return { status: 'unavailable', checks: Object.fromEntries(failed) };
  }

  async #problem(name: string, check: Check): Promise<string | undefined> {
    try {
      await within(this.#timeoutMs, check());
      return undefined;
    } catch (error) {
      this.#logger.warn({ err: error, check: name }, 'readiness check failed');
      return error instanceof NotReady ? error.message : 'cannot be reached';
    }
  }
}

async function within(milliseconds: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const timeout = new Promise<never>((_, reject) => {
    timer = setTimeout(() => {
      reject(new NotReady('does not answer in time'));
    }, milliseconds);
  });
  try {
    await Promise.race([work, timeout]);
  } finally {
    clearTimeout(timer);
  }
}
