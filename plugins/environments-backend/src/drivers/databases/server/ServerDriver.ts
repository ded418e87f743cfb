import {
  AppliedSeed,
  DatabaseConnection,
  DatabaseDriver,
  DatabaseHolding,
  DatabaseRequest,
  EnvironmentIdentity,
  Seed,
} from '@highroad/plugin-environments-node';
import { shortHash } from '@highroad/plugin-environments-common';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  isStanding,
  type MarkedOwner,
  roleMark,
  scramVerifier,
} from '@highroad/plugin-platform-node/postgres';
import { Socket } from 'node:net';
import { Client, escapeIdentifier, escapeLiteral } from 'pg';
import { z } from 'zod';
import {
  DatabaseServerSettings,
  USUAL_CONNECTIONS,
} from '../../../service/PreviewSettings';
import { applySeed, readMark } from './applySeed';
import {
  isSame,
  MarkedName,
  ourDatabases,
  ourRoles,
  PREFIX,
  requireMark,
} from './marks';

const CONNECT_MS = 10_000;
/** A seed meets nobody else in its database: whoever waits this long for a lock, waits for ever. */
const LOCK_MS = 60_000;
/** Also where nobody is left to end it, a statement of a seed ends after this, in milliseconds. */
const STATEMENT_MS = 3_600_000;
const SEED_LIMITS = {
  lock_timeout: LOCK_MS,
  idle_in_transaction_session_timeout: LOCK_MS,
  statement_timeout: STATEMENT_MS,
};
/** Making and taking away are short statements, but where the server waits for somebody, in milliseconds. */
const ADMIN_MS = 30_000;
/** After this long without a word from the server, it is asked whether the connection is still there, in milliseconds. */
const KEEP_ALIVE_MS = 10_000;
/** How long a connection may take to be ended in good order, in milliseconds. */
const GOODBYE_MS = 2_000;
/** Somebody waits for what is there to be told. */
const READ_LIMITS = {
  statement_timeout: CONNECT_MS,
  query_timeout: CONNECT_MS,
};

interface Limits {
  lock_timeout?: number;
  idle_in_transaction_session_timeout?: number;
  statement_timeout?: number;
  query_timeout?: number;
}

/** Services where they stand have as many connections as PostgreSQL has by default. */
const STANDING_CONNECTIONS = 100;

const pidSchema = z.object({ pid: z.number() });
const namesSchema = z.array(z.object({ name: z.string() }));

/**
 * Makes databases on a PostgreSQL server that is there: a database for each, owned by a role that may use nothing else. The
 * comment on both says which environment they belong to; only what has it is ever taken away.
 */
export class ServerDriver implements DatabaseDriver {
  readonly #settings: DatabaseServerSettings;
  readonly #adminLimits: Limits;

  /**
   * @param options.adminMs - how long a statement that makes or takes away may go on, in milliseconds; it waits for a third of
   * that for what somebody else holds. A server that is lost is given up a second later
   */
  constructor(options: { settings: DatabaseServerSettings; adminMs?: number }) {
    const { settings, adminMs = ADMIN_MS } = options;
    this.#settings = settings;
    this.#adminLimits = {
      lock_timeout: Math.ceil(adminMs / 3),
      statement_timeout: adminMs,
      // Who has no answer at all was not told by the server that it ends the statement.
      query_timeout: adminMs + 1_000,
    };
  }

  connectionOf(request: DatabaseRequest): DatabaseConnection {
    const { host, port, hostFromPods, portFromPods } = this.#settings;
    const name = nameOf(request);
    return {
      host: hostFromPods ?? host,
      port: portFromPods ?? port,
      ...{ database: name, user: name },
    };
  }

  async provide(
    request: DatabaseRequest,
    options: {
      password: SecretValue;
      seed?: () => Promise<Seed>;
      signal: AbortSignal;
      onProgress(doneBytes: number): void;
    },
  ): Promise<AppliedSeed | undefined> {
    const { password, seed, signal } = options;
    const name = nameOf(request);
    await this.#asAdmin(signal, client =>
      this.#make(client, name, request, password),
    );
    if (!seed) return undefined;
    const own = { database: name, user: name, password: password.reveal() };
    const before = await this.#connected(
      { ...own, ...READ_LIMITS },
      signal,
      readMark,
    );
    if (before) return before;
    const found = await seed();
    try {
      return await this.#connected({ ...own, ...SEED_LIMITS }, signal, client =>
        this.#seed(client, name, found, options),
      );
    } finally {
      await found.release();
    }
  }

  async removeAll(
    { environmentUid, cluster }: EnvironmentIdentity,
    signal: AbortSignal,
  ): Promise<void> {
    const owner = { owner: environmentUid, cluster };
    await this.#asAdmin(signal, async client => {
      const ours = (all: MarkedName[]) =>
        all.filter(({ of }) => isSame(of, owner));
      const roles = ours(await ourRoles(client));
      for (const { name } of roles) await shutOut(client, name);
      for (const { name } of ours(await ourDatabases(client))) {
        // WITH (FORCE) ends whoever is connected.
        await client.query(
          `DROP DATABASE IF EXISTS ${escapeIdentifier(name)} WITH (FORCE)`,
        );
      }
      for (const { name } of roles) {
        // A role that has something elsewhere, such as a large object in "postgres", can't be dropped.
        for (const database of await databasesOf(client, name)) {
          await this.#asAdmin(
            signal,
            inside => inside.query(`DROP OWNED BY ${escapeIdentifier(name)}`),
            database,
          );
        }
        await client.query(`DROP ROLE IF EXISTS ${escapeIdentifier(name)}`);
      }
    });
  }

  async holdings(signal: AbortSignal): Promise<DatabaseHolding[]> {
    const { database, user, password } = this.#settings;
    const as = { database, user, password, ...READ_LIMITS };
    const all = await this.#connected(as, signal, async client => [
      ...(await ourDatabases(client)),
      ...(await ourRoles(client)),
    ]);
    const held = new Map<string, DatabaseHolding>();
    for (const { name, of } of all) {
      if (isStanding(of)) continue;
      const { owner: environmentUid, cluster } = of;
      const key = roleMark(of);
      const one = held.get(key) ?? { environmentUid, cluster, names: [] };
      // A role and its database are called the same.
      if (!one.names.includes(name)) one.names.push(name);
      held.set(key, one);
    }
    return [...held.values()].map(one => ({
      ...one,
      names: one.names.sort(),
    }));
  }

  async #make(
    client: Client,
    name: string,
    { environmentUid, cluster }: DatabaseRequest,
    password: SecretValue,
  ): Promise<void> {
    let of: MarkedOwner = { owner: environmentUid, cluster };
    // Two who try at once are one after the other, until this connection ends.
    await client.query('SELECT pg_advisory_lock(hashtext($1))', [name]);
    // Named before it may do anything, in one transaction: a role without the comment would be nobody's.
    await client.query('BEGIN');
    const role = await client.query(
      "SELECT shobj_description(oid, 'pg_authid') AS comment FROM pg_roles WHERE rolname = $1",
      [name],
    );
    if (role.rows.length > 0) {
      of = requireMark(role.rows[0], of, `role ${name}`);
    } else {
      await client.query(
        `CREATE ROLE ${escapeIdentifier(
          name,
        )} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION CONNECTION LIMIT ${STANDING_CONNECTIONS}`,
      );
    }
    await client.query(
      `COMMENT ON ROLE ${escapeIdentifier(name)} IS ${escapeLiteral(
        roleMark(of),
      )}`,
    );
    // What somebody has set for a service where it stands is left as it is.
    const { connections = USUAL_CONNECTIONS } = this.#settings;
    const limit = isStanding(of) ? '' : ` CONNECTION LIMIT ${connections}`;
    await client.query(
      `ALTER ROLE ${escapeIdentifier(name)} PASSWORD ${escapeLiteral(
        await scramVerifier(password),
      )}${limit}`,
    );
    await client.query('COMMIT');
    const there = await client.query(
      "SELECT coalesce(shobj_description(oid, 'pg_database'), CASE WHEN pg_get_userbyid(datdba) = datname THEN $2 END) AS comment FROM pg_database WHERE datname = $1",
      // One of our role without a comment is ours: whoever made it was cut off.
      [name, roleMark(of)],
    );
    if (there.rows.length > 0) {
      of = requireMark(there.rows[0], of, `database ${name}`);
    } else {
      // To give a database to a role, its maker has to be of that role, unless it may do everything.
      await client.query(`GRANT ${escapeIdentifier(name)} TO CURRENT_USER`);
      await client.query(
        // Nobody can connect to template0: whoever is connected to template1 would keep everybody waiting.
        `CREATE DATABASE ${escapeIdentifier(name)} OWNER ${escapeIdentifier(
          name,
        )} TEMPLATE template0`,
      );
    }
    await client.query(
      `COMMENT ON DATABASE ${escapeIdentifier(name)} IS ${escapeLiteral(
        roleMark(of),
      )}`,
    );
    // Everybody may enter a new database, and other environments are somebody.
    await client.query(
      `REVOKE ALL ON DATABASE ${escapeIdentifier(name)} FROM PUBLIC`,
    );
  }

  /** Where it is broken off, the server ends it too: it would notice only after the statement that it is at. */
  async #seed(
    client: Client,
    role: string,
    seed: Seed,
    options: { signal: AbortSignal; onProgress(doneBytes: number): void },
  ): Promise<AppliedSeed> {
    const { rows } = await client.query<object>(
      'SELECT pg_backend_pid() AS pid',
    );
    const { pid } = pidSchema.parse(rows[0]);
    try {
      return await applySeed(client, seed, options);
    } catch (error) {
      if (options.signal.aborted) {
        await this.#asAdmin(new AbortController().signal, admin =>
          admin.query(
            'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid = $1 AND usename = $2',
            [pid, role],
          ),
        );
      }
      throw error;
    }
  }

  #asAdmin<T>(
    signal: AbortSignal,
    work: (client: Client) => Promise<T>,
    database = this.#settings.database,
  ): Promise<T> {
    const { user, password } = this.#settings;
    const as = { database, user, password, ...this.#adminLimits };
    return this.#connected(as, signal, work);
  }

  async #connected<T>(
    as: { database: string; user: string; password: string } & Limits,
    signal: AbortSignal,
    work: (client: Client) => Promise<T>,
  ): Promise<T> {
    signal.throwIfAborted();
    const { host, port, ssl } = this.#settings;
    const socket = new Socket();
    const client = new Client({
      ...{ host, port, ssl, ...as },
      stream: () => socket,
      connectionTimeoutMillis: CONNECT_MS,
      keepAlive: true,
      keepAliveInitialDelayMillis: KEEP_ALIVE_MS,
      application_name: 'highroad-environments',
    });
    // A connection that breaks tells the query that waits for it; without one there is nobody to tell.
    client.on('error', () => {});
    const leave = () => {
      client.end().catch(() => {});
    };
    try {
      await client.connect();
      signal.addEventListener('abort', leave, { once: true });
      return await work(client);
    } finally {
      signal.removeEventListener('abort', leave);
      // A server that is lost says no goodbye.
      const late = setTimeout(() => socket.destroy(), GOODBYE_MS);
      await client.end().finally(() => clearTimeout(late));
    }
  }
}

/** Ends whoever is connected as a role, and lets nobody in as it any more. */
async function shutOut(client: Client, role: string): Promise<void> {
  const name = escapeIdentifier(role);
  await client.query(`ALTER ROLE ${name} NOLOGIN`);
  // Only who is of a role may end its connections and drop what it owns, unless that one may do everything.
  await client.query(`GRANT ${name} TO CURRENT_USER`);
  await client.query(
    'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = $1',
    [role],
  );
}

/** @returns the databases that a role owns something in, or may do something in by a grant */
async function databasesOf(client: Client, role: string): Promise<string[]> {
  const { rows } = await client.query<object>(
    `SELECT DISTINCT datname AS name FROM pg_shdepend JOIN pg_database ON pg_database.oid = dbid
     WHERE refclassid = 'pg_authid'::regclass AND datallowconn
       AND refobjid = (SELECT oid FROM pg_roles WHERE rolname = $1)`,
    [role],
  );
  return namesSchema.parse(rows).map(({ name }) => name);
}

/** The same however often it is asked for, and unlike that of an earlier environment of this name. */
function nameOf({
  environment,
  environmentUid,
  name,
}: DatabaseRequest): string {
  const readable = `${environment}_${name}`.replace(/[^a-z0-9]/g, '_');
  return `${PREFIX}${readable.slice(0, 45)}_${shortHash(
    `${environmentUid}/${name}`,
    10,
  )}`;
}
