import { Config } from '@backstage/config';
import { InputError } from '@backstage/errors';
import { nearestNames } from '@highroad/plugin-platform-common';
import { readConfigAs } from '@highroad/plugin-platform-node';
import { readFile } from 'node:fs/promises';
import { Client, ClientConfig, DatabaseError } from 'pg';
import { z } from 'zod';
import { OTHER_KEY, OVERTAKEN } from './turns';

/** A host and perhaps a port, as in an address. */
const HOST = /^(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::([0-9]{1,5}))?$/i;
const common = {
  name: z.string().min(1),
  hosts: z
    .array(
      z
        .string()
        .regex(HOST, 'write a host such as db.example.com or 10.1.2.3:6432'),
    )
    .default([]),
};
const serverSchema = z.union([
  z.object({ ...common, url: z.string().min(1) }).strict(),
  z.object({ ...common, urlFile: z.string().min(1) }).strict(),
]);
const serversSchema = z.array(serverSchema).default([]);
type Server = z.output<typeof serverSchema>;

const DEFAULT_PORT = '5432';
/** What would stand for the host or the role that an address names before its path. */
const INSTEAD = ['host', 'hostaddr', 'port', 'user', 'password'];

const CALL_MS = 8_000;

/** Nobody is let in by a name and a password. */
export class NotLetInError extends Error {}
const NOT_LET_IN = ['28P01', '28000'];

/** Servers on which the platform may make roles. */
export class PostgresServers {
  readonly #byName: Map<string, Server>;

  /** @throws InputError with the path of a bad key under `platform.secrets.postgres` */
  static fromConfig(config: Config): PostgresServers {
    return new PostgresServers(
      readConfigAs(config, 'platform.secrets.postgres', serversSchema),
    );
  }

  constructor(servers: z.input<typeof serverSchema>[]) {
    this.#byName = new Map(
      serversSchema.parse(servers).map(one => [one.name, one]),
    );
  }

  names(): string[] {
    return [...this.#byName.keys()];
  }

  /** @throws InputError that says what there is */
  require(name: string): void {
    if (this.#byName.has(name)) return;
    const [near] = nearestNames(name, this.names());
    throw new InputError(
      `settings.server: there is no PostgreSQL server "${name}"${
        near ? `; did you mean "${near}"?` : '.'
      } Servers stand under platform.secrets.postgres.`,
    );
  }

  /**
   * Whether an address is one of a server: by its host and port, which are those that the platform uses, or one of the `hosts`
   * that the configuration says are the same server's.
   *
   * @throws InputError with the path of a bad address in the configuration
   */
  async isOf(name: string, address: URL): Promise<boolean> {
    if (INSTEAD.some(parameter => address.searchParams.has(parameter))) {
      return false;
    }
    return (await this.hosts(name)).includes(
      hostAndPort(address.hostname, address.port || DEFAULT_PORT),
    );
  }

  /** @returns hosts with their ports by which a server is known, that of the platform first */
  async hosts(name: string): Promise<string[]> {
    const { hosts = [] } = this.#byName.get(name) ?? {};
    const url = await this.#url(name);
    const port = url.port || DEFAULT_PORT;
    const others = hosts.flatMap(one => {
      const [, host, ownPort = port] = HOST.exec(one) ?? [];
      return host ? [hostAndPort(host, ownPort)] : [];
    });
    return [hostAndPort(url.hostname, port), ...others];
  }

  /**
   * Does something in a connection of its own.
   *
   * @param as - somebody else than the platform's role there, and in which database
   * @throws Error in words that hold no password
   */
  async connected<T>(
    name: string,
    as: { user?: string; password?: string; database?: string },
    work: (client: Client) => Promise<T>,
  ): Promise<T> {
    this.require(name);
    const client = new Client({ ...(await this.#address(name)), ...as });
    // What is lost while nothing is asked is told by the next thing that is.
    client.on('error', () => {});
    try {
      await client.connect();
      return await work(client);
    } catch (error) {
      throw inWords(error, name);
    } finally {
      await client.end().catch(() => {});
    }
  }

  async #url(name: string): Promise<URL> {
    const server = this.#byName.get(name);
    if (!server) throw new InputError(`There is no server "${name}".`);
    const text =
      'url' in server
        ? server.url
        : (await readFile(server.urlFile, 'utf8')).trim();
    // What Node.js says of one that is none holds all of it.
    const url = URL.canParse(text) ? new URL(text) : undefined;
    if (!url || !/^postgres(ql)?:$/.test(url.protocol)) {
      throw new InputError(
        `The address of the PostgreSQL server "${name}" is none; write postgres://highroad:…@host:5432/postgres into ${
          'url' in server ? 'platform.secrets.postgres' : server.urlFile
        }.`,
      );
    }
    return url;
  }

  async #address(name: string): Promise<ClientConfig> {
    const url = await this.#url(name);
    return {
      host: url.hostname.replace(/^\[(.*)\]$/, '$1'),
      port: Number(url.port || DEFAULT_PORT),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
      ssl: sslOf(url.searchParams.get('sslmode')),
      connectionTimeoutMillis: CALL_MS,
      query_timeout: CALL_MS,
      statement_timeout: CALL_MS,
      application_name: 'highroad-secrets',
    };
  }
}

function hostAndPort(host: string, port: string): string {
  return `${host.toLowerCase()}:${Number(port)}`;
}

/** As libpq means them: what does not verify only keeps others from listening. */
function sslOf(mode: string | null): ClientConfig['ssl'] {
  switch (mode) {
    case null:
    case 'disable':
    case 'allow':
    case 'prefer':
      return false;
    case 'require':
      return { rejectUnauthorized: false };
    default:
      return { rejectUnauthorized: true };
  }
}

/** What the server says may quote a statement, with what a password is checked by; the code says enough. */
function inWords(error: unknown, server: string): Error {
  if (error instanceof InputError) return error;
  if (!(error instanceof Error)) return new Error(String(error));
  const code = 'code' in error ? String(error.code) : undefined;
  const said: Record<string, string> = {
    '28P01': 'it refused the password',
    '28000': 'it does not let that role in',
    '42501':
      'the platform’s role there may not; it needs CREATEROLE and ADMIN on the roles of services',
    '3D000': 'the database is not there',
    '57014': 'it took too long',
    [OVERTAKEN]:
      'another worker was at these roles since, so that nothing was changed',
    [OTHER_KEY]: 'these roles take turns for another key',
    ECONNREFUSED: 'it does not answer',
  };
  const why = code && said[code];
  if (why) {
    const words = `PostgreSQL "${server}": ${why}.`;
    return NOT_LET_IN.includes(code)
      ? new NotLetInError(words)
      : new Error(words);
  }
  return new Error(
    error instanceof DatabaseError
      ? `PostgreSQL "${server}": it answered with error ${code}; its log says more.`
      : `PostgreSQL "${server}": ${error.message}${code ? ` (${code})` : ''}.`,
  );
}
