import { InputError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import {
  roleMark,
  scramVerifier,
  standingOwner,
} from '@highroad/plugin-platform-node/postgres';
import {
  Generation,
  SecretGenerator,
  Settings,
} from '@highroad/plugin-secrets-node';
import { Client } from 'pg';
import { z } from 'zod';
import { randomValue } from '../../randomValue';
import { NotLetInError, PostgresServers } from './PostgresServers';
import {
  actAs,
  createRole,
  hasMark,
  keyOfTurn,
  letIn,
  letNobodyIn,
  markRole,
  Turns,
  unlessOvertaken,
} from './turns';

const settingsSchema = z.object({ server: z.string() }).strict();
const PASSWORD_LENGTH = 40;
/** A password as it is made here. */
const MADE = /^[A-Za-z0-9]{40}$/;
/** The longest name that PostgreSQL does not cut off, with room for `_a`. */
const MOST_NAME = 61;

/** What a role says whose it is. */
const roleSchema = z.object({
  comment: z.string().nullable(),
  powerful: z.boolean(),
});
/**
 * The platform's own mark, so that no service gets into another's role by naming it in its address. Roles that the platform
 * made with a service's database have it from their beginning.
 */
const turnsOf = (generation: Generation, base: string): Turns => ({
  ...{ base, key: generation.key, fence: generation.fence },
  mark: roleMark({ owner: standingOwner(generation) }),
});

/**
 * Credentials of PostgreSQL, by two roles that take turns: `cart` becomes `cart_a`, that `cart_b`, that `cart_a` again.
 * Both are members of the first and act as it, so that what either makes belongs to `cart`. While one is new the other
 * goes on working.
 */
export function alternatingRoles(servers: PostgresServers): SecretGenerator {
  return {
    accept: settings => accept(settings, servers),

    async make(generation) {
      const { server } = settingsSchema.parse(generation.settings);
      const url = addressIn(generation.current);
      await requireServer(servers, server, url);
      const { base, next } = rolesOf(url);
      const turns = turnsOf(generation, base);
      const password = randomValue(PASSWORD_LENGTH, 'alphanumeric');
      const verifier = await scramVerifier(password);
      await servers.connected(server, {}, async client => {
        await requireOurs(client, turns);
        const known = await roleNamed(client, next);
        if (known) requireTurn(known, next, turns);
        await client.query(
          unlessOvertaken(turns, [
            createRole(next),
            letIn(next, verifier),
            markRole(next, turns.mark),
            actAs(next, base),
          ]),
        );
      });
      // Nobody gets credentials that were never seen to work.
      const database = decodeURIComponent(url.pathname.slice(1)) || base;
      await servers.connected(
        server,
        { user: next, password: password.reveal(), database },
        client => client.query('SELECT 1'),
      );
      const made = new URL(url);
      made.username = encodeURIComponent(next);
      made.password = password.reveal();
      return new SecretValue(made.toString());
    },

    async confirm(generation) {
      const { server } = settingsSchema.parse(generation.settings);
      const url = readAddress(generation.current);
      // What somebody set by hand is as they know it.
      if (!url || !MADE.test(url.password)) return;
      if (!(await servers.isOf(server, url))) return;
      const { base, user } = rolesOf(url);
      if (user === base) return;
      const turns = turnsOf(generation, base);
      const verifier = await scramVerifier(new SecretValue(url.password));
      await servers.connected(server, {}, async client => {
        const known = await roleNamed(client, user);
        if (!known || !hasMark(known.comment, turns)) return;
        await client.query(unlessOvertaken(turns, [letIn(user, verifier)]));
      });
    },

    async whyOver(generation) {
      const { server } = settingsSchema.parse(generation.settings);
      const url = readAddress(generation.current);
      // What is not known here may be let in elsewhere.
      if (!url || !(await servers.isOf(server, url))) return undefined;
      const { base, user } = rolesOf(url);
      const turns = turnsOf(generation, base);
      const known = await servers.connected(server, {}, client =>
        roleNamed(client, base),
      );
      if (!known || !hasMark(known.comment, turns)) return undefined;
      const as = { user, password: decodeURIComponent(url.password) };
      const database = decodeURIComponent(url.pathname.slice(1)) || base;
      try {
        await servers.connected(server, { ...as, database }, async () => {});
        return undefined;
      } catch (error) {
        if (error instanceof NotLetInError) {
          return `PostgreSQL "${server}" lets nobody in as "${user}" by it any more.`;
        }
        throw error;
      }
    },

    async retire(generation) {
      const { server } = settingsSchema.parse(generation.settings);
      const { current, before } = generation;
      const { base, user, next } = rolesOf(addressIn(current ?? before));
      const turns = turnsOf(generation, base);
      // The one that was made from what is before it is the next one in turn.
      const stays = current ? user : next;
      await servers.connected(server, {}, async client => {
        const over: string[] = [];
        for (const role of new Set([base, user, next])) {
          if (role === stays) continue;
          const known = await roleNamed(client, role);
          if (!known) continue;
          if (role === base) requireMark(known, role, turns);
          else requireTurn(known, role, turns);
          over.push(role);
        }
        await client.query(unlessOvertaken(turns, over.map(letNobodyIn)));
      });
    },
  };
}

function accept(settings: Settings, servers: PostgresServers): Settings {
  const names = servers.names();
  const [only] = names.length === 1 ? names : [];
  const read = settingsSchema.safeParse({
    ...(only && { server: only }),
    ...settings,
  });
  if (!read.success) {
    const [{ path, message }] = read.error.issues;
    throw new InputError(
      `${['settings', ...path].join(
        '.',
      )}: ${message}. postgres takes server, which is ${
        names.join(' or ') || 'to be added under platform.secrets.postgres'
      }.`,
    );
  }
  servers.require(read.data.server);
  return read.data;
}

/** @throws Error that says what the value has to be, and nothing of what it is */
function addressIn(current: SecretValue | undefined): URL {
  const url = readAddress(current);
  if (url) return url;
  throw new Error(
    'The value has to be an address such as postgres://cart:…@host/cart, with the role in it.',
  );
}

/** @throws Error that says which hosts there may be, and nothing of the address: its host may be part of a password */
async function requireServer(
  servers: PostgresServers,
  server: string,
  url: URL,
): Promise<void> {
  if (await servers.isOf(server, url)) return;
  const hosts = await servers.hosts(server);
  throw new Error(
    `The address is not one of the PostgreSQL server "${server}", which is at ${hosts.join(
      ' or ',
    )}: credentials that are made there would let nobody in at another. If its host is another name of this server, add it to "hosts" of the server under platform.secrets.postgres. Else have the key replaced on the server that it is of. Host, port and role stand before the path of the address.`,
  );
}

/** @returns nothing for what is no address with a role */
function readAddress(value: SecretValue | undefined): URL | undefined {
  const text = value?.reveal();
  const url = text && URL.canParse(text) ? new URL(text) : undefined;
  return url && /^postgres(ql)?:$/.test(url.protocol) && url.username
    ? url
    : undefined;
}

function rolesOf(url: URL): { base: string; user: string; next: string } {
  const user = decodeURIComponent(url.username);
  const base = user.replace(/_[ab]$/, '');
  if (base.length === 0 || Buffer.byteLength(base) > MOST_NAME) {
    throw new Error(
      `The role in the address has to have a name of 1 to ${MOST_NAME} bytes.`,
    );
  }
  return { base, user, next: user === `${base}_a` ? `${base}_b` : `${base}_a` };
}

async function requireOurs(client: Client, turns: Turns): Promise<void> {
  const { base } = turns;
  const known = await roleNamed(client, base);
  if (!known) {
    throw new Error(`The server has no role "${base}", as the address says.`);
  }
  if (known.powerful) {
    throw new Error(
      `The role "${base}" may do more than one service should: it is a superuser, or makes roles or databases, or goes around row security.`,
    );
  }
  requireMark(known, base, turns);
}

/** A role that takes turns is ours, and for this key. */
function requireTurn(
  known: z.output<typeof roleSchema>,
  role: string,
  turns: Turns,
): void {
  const { key, mark } = turns;
  const other = keyOfTurn(known.comment);
  if (other && other !== key && hasMark(known.comment, { key: other, mark })) {
    throw new Error(
      `The role "${role}" takes turns for ${other}, and can do so for one key only: replaced for ${key}, it would let nobody in by ${other} any more. Give one of the two another role, or have only one replaced. If ${other} is used no more, whoever administers the server says so by: ${markRole(
        ...([role, mark] as const),
      )}`,
    );
  }
  requireMark(known, role, turns);
}

function requireMark(
  { comment }: z.output<typeof roleSchema>,
  role: string,
  turns: Turns,
): void {
  if (hasMark(comment, turns)) return;
  throw new Error(
    `The role "${role}" is not marked as that of this service. Whoever administers the server marks it by: ${markRole(
      ...([role, turns.mark] as const),
    )}`,
  );
}

async function roleNamed(
  client: Client,
  name: string,
): Promise<z.output<typeof roleSchema> | undefined> {
  const { rows } = await client.query<object>(
    `SELECT shobj_description(oid, 'pg_authid') AS comment,
            rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls AS powerful
       FROM pg_roles WHERE rolname = $1`,
    [name],
  );
  return rows[0] && roleSchema.parse(rows[0]);
}
