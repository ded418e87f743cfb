import { NotFoundError, ServiceUnavailableError } from '@backstage/errors';
import {
  LogTail,
  SandboxAccess,
  SandboxAnswer,
  SandboxStatus,
} from '@highroad/plugin-sandbox-common';
import {
  Connection,
  logNames,
  readConnection,
  SandboxClient,
  SandboxPaths,
} from '@highroad/sandbox';
import { join } from 'node:path';
import { ZodError } from 'zod';
import { BuildRecords } from './BuildRecords';
import { readLogTail } from './logTail';
import { credentialsOf, withoutCredentials } from './redaction';
import { waitFor } from './waiting';

const NOT_CONNECTED =
  'No sandbox is connected to this portal. "npm start" in the checkout starts one with it; without one, connect servers of your own.';
const NOT_RUNNING =
  'The sandbox is not running. Start it in the checkout: npx platform sandbox start';
/** How long a question for something new is held. Shorter than what proxies allow. */
const HOLD_MS = 25_000;

/** What can be known of the sandbox beside this portal. Credentials never leave it. */
export class SandboxService {
  readonly #paths: SandboxPaths | undefined;
  readonly #client: SandboxClient | undefined;
  readonly #builds: BuildRecords | undefined;

  /** @param directory - folder of the sandbox; without one, there is none */
  constructor(directory: string | undefined) {
    this.#paths = directory ? new SandboxPaths(directory) : undefined;
    this.#client = this.#paths && new SandboxClient(this.#paths);
    this.#builds =
      this.#paths &&
      new BuildRecords(join(this.#paths.state, 'builds'), { holdMs: HOLD_MS });
  }

  /**
   * @param options.after - waits for a revision beyond this; for 0, until a sandbox runs
   * @throws ServiceUnavailableError if there is a supervisor and it cannot be understood
   */
  async status(
    options: { after?: number; signal?: AbortSignal } = {},
  ): Promise<SandboxAnswer> {
    const { after, signal } = options;
    const [client, paths] = [this.#client, this.#paths];
    if (!client || !paths) return { connected: 'no', how: NOT_CONNECTED };
    if (after === 0) {
      await waitFor(() => client.isRunning(), { withinMs: HOLD_MS, signal });
    }
    const status = await client
      .status(after || undefined, signal)
      .catch(error => {
        if (signal?.aborted) throw error;
        throw new ServiceUnavailableError(
          `The sandbox's supervisor could not be asked: ${reasonOf(
            error,
          )} Its log is ${paths.log('supervisor')}.`,
        );
      });
    const connection = await readConnection(paths);
    if (!status || !connection) {
      return { connected: 'stopped', directory: paths.state, how: NOT_RUNNING };
    }
    return {
      connected: 'running',
      status: await this.#cleared(status, connection),
      access: accessOf(connection, paths),
    };
  }

  /**
   * The last lines of a server's log, without credentials.
   *
   * @param options.after - waits until the log has another size
   * @throws NotFoundError for what is no server of this sandbox
   */
  async log(
    server: string,
    options: { lines: number; after?: number; signal?: AbortSignal },
  ): Promise<LogTail> {
    const paths = this.#paths;
    if (!paths) throw new NotFoundError(NOT_CONNECTED);
    const known = await this.#logNames(paths);
    if (!known.includes(server)) {
      throw new NotFoundError(
        `The sandbox has no server "${server}". It has: ${
          known.join(', ') || 'none'
        }.`,
      );
    }
    const tail = await readLogTail(paths.log(server), {
      ...options,
      holdMs: HOLD_MS,
    });
    return this.#withoutCredentials(tail);
  }

  /** What the builder has built. There are none where there is no sandbox. */
  get builds(): BuildRecords {
    if (!this.#builds) throw new NotFoundError(NOT_CONNECTED);
    return this.#builds;
  }

  /** The last lines that a build printed, without credentials. */
  async buildLog(
    id: string,
    options: { lines: number; after?: number; signal?: AbortSignal },
  ): Promise<LogTail> {
    return this.#withoutCredentials(await this.builds.log(id, options));
  }

  async #withoutCredentials(tail: LogTail): Promise<LogTail> {
    const credentials = credentialsOf(
      this.#paths && (await readConnection(this.#paths)),
    );
    return {
      ...tail,
      lines: tail.lines.map(line => withoutCredentials(line, credentials)),
    };
  }

  /** The servers that there are, and those that have written a log. */
  async #logNames(paths: SandboxPaths): Promise<string[]> {
    // Logs are wanted most when the supervisor cannot be asked.
    const status = await this.#client?.status().catch(() => undefined);
    return [
      ...new Set([
        ...(status?.servers.map(one => one.name) ?? []),
        ...(await logNames(paths)),
      ]),
    ].sort();
  }

  /** A problem may quote what a server wrote. */
  async #cleared(
    status: SandboxStatus,
    connection: Connection,
  ): Promise<SandboxStatus> {
    const credentials = credentialsOf(connection);
    const clear = <T extends { problem?: string }>(row: T): T =>
      row.problem
        ? { ...row, problem: withoutCredentials(row.problem, credentials) }
        : row;
    return {
      ...status,
      programs: status.programs.map(clear),
      servers: status.servers.map(clear),
    };
  }
}

function accessOf(connection: Connection, paths: SandboxPaths): SandboxAccess {
  return {
    directory: paths.state,
    connectionFile: paths.connection,
    kubeconfig: connection.kubernetes.kubeconfig,
    ingressDomain: connection.ingress.domain,
    ingressAddress: connection.ingress.address,
    registry: connection.registry.host,
  };
}

function reasonOf(error: Error): string {
  return error instanceof ZodError
    ? 'what it says is of another version than this portal. Stop it and start it again.'
    : `${error.message.replace(/\.$/, '')}.`;
}
