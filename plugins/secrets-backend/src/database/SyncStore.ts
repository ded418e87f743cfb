import { ConflictError } from '@backstage/errors';
import { SecretSync, syncStates } from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { FirstArrival } from '../drivers/kubernetes/usesSecret';

/** Somebody else has the lease: whatever was about to be written is not. */
export class LostLeaseError extends ConflictError {}

const text = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const timesByKey = z
  .string()
  .nullish()
  .transform(json => JSON.parse(json ?? '{}') as unknown)
  .pipe(z.record(z.string()));
const rowSchema = z.object({
  id: z.number(),
  service: z.string(),
  environment: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  secret: z.string(),
  state: z.enum(syncStates),
  message: z.string(),
  versions: z
    .string()
    .transform(json => JSON.parse(json) as unknown)
    .pipe(z.record(z.number())),
  revision: text,
  synced_at: text,
  restart_at: text,
  restart_keys: z
    .string()
    .nullish()
    .transform(json => (json ? (JSON.parse(json) as unknown) : undefined))
    .pipe(z.array(z.string()).optional()),
  first_keys: z
    .string()
    .nullish()
    .transform(json => (json ? (JSON.parse(json) as unknown) : undefined))
    .pipe(
      z.object({ keys: z.array(z.string()), whole: z.boolean() }).optional(),
    ),
  restarted_at: text,
  replaced_at: timesByKey,
  made: timesByKey,
  anew: z
    .string()
    .nullish()
    .transform(json => JSON.parse(json ?? '[]') as unknown)
    .pipe(z.array(z.string())),
  tries: z.number(),
  generation: z.number(),
  weighed: z
    .string()
    .nullish()
    .transform(json => JSON.parse(json ?? '{}') as unknown)
    .pipe(
      z.record(
        z.object({
          version: z.number(),
          bytes: z.number(),
          foreign: z.literal(true).optional(),
          refused: z.literal(true).optional(),
          stays: z.literal(true).optional(),
          before: z.literal(true).optional(),
          fits: z.literal(true).optional(),
        }),
      ),
    ),
  vault_due_at: text,
  settles_by: text,
  left_at: text,
  lease_token: z.number(),
});

/** The Secret of a service is one in each namespace. */
const PLACE = ['service', 'environment', 'cluster', 'namespace'];

const NEVER = '9999-12-31T00:00:00.000Z';
const NOT_YET = 'It has not been brought there yet.';
const ON_ITS_WAY =
  'What was changed last is being brought there, or looked for. It is done by itself.';

const leftSchema = z.object({
  environment: z.string(),
  cluster: z.string(),
  count: z.coerce.number(),
});

const behindSchema = z.object({
  service: z.string(),
  environment: z.string(),
  count: z.coerce.number(),
});

/** Where a Secret is to be. */
export interface SyncPlace {
  service: string;
  environment: string;
  cluster: string;
  namespace: string;
  secret: string;
}

/** What is known of a value that was looked at, but for what it is. */
export interface Weighed {
  version: number;
  bytes: number;
  foreign?: true;
  refused?: true;
  stays?: true;
  before?: true;
  fits?: true;
}

/** What is known of a Secret from one look to the next. No values. */
export interface SyncMemory {
  state: SecretSync['state'];
  message: string;
  /** Version by key, as it was last written */
  versions: Record<string, number>;
  /**
   * By key the version whose value was last looked at, and its bytes, rounded up. One that is not the other found no room, or
   * is `foreign`: in a shape that is not understood; or Vault `refused` to give it; or it was taken away and `stays`, since somebody
   * else has it there too; or it `fits`, and is brought when the service runs. Of one that is left out, what the Secret has may be
   * of `before` its key began again.
   */
  weighed: Record<string, Weighed>;
  /**
   * By key when Vault made the newest version that was seen, as Vault says it: a key that is taken out of Vault whole begins again
   * with version 1. Not known of what was seen before that was kept.
   */
  made?: Record<string, string>;
  /** Keys that were seen to have been taken out of Vault whole, and to have begun again */
  anew?: string[];
  /** The cluster's, of the Secret */
  revision?: string;
  syncedAt?: string;
  restartAt?: string;
  /** Keys that it is for; all, if left out */
  restartKeys?: string[];
  /** What of it no program can have had before it was written; nothing, if left out */
  first?: FirstArrival;
  restartedAt?: string;
  /**
   * By key when its version came in place of another, ISO 8601 by the cluster's clock. What began before that has the other,
   * also where the key was taken away since.
   * Nothing for what nobody can have had another of.
   */
  replacedAt: Record<string, string>;
  /** How often it failed since it last went well */
  tries: number;
}

export interface SyncItem {
  id: number;
  place: SyncPlace;
  memory: SyncMemory;
  generation: number;
  /** When versions are to be asked of Vault again, ISO 8601; at once, if left out */
  vaultDueAt?: string;
  /** A change is under way that may come until then, ISO 8601: a look into Vault before that is not the last one */
  settlesBy?: string;
  /** Since when nothing is brought there any more, ISO 8601 */
  leftAt?: string;
  /** What writes are made with */
  token: number;
}

/** A change while it is under way. */
export interface UnderWay {
  /** Its own, from 1 to 2³¹ − 1, by which its end is told from that of another */
  stamp: number;
  /** What it asked of Vault has come by then if it is never heard of again, ISO 8601 */
  by: string;
}

/** More than one change is, or was, under way: no end of one says that all have ended. */
const SEVERAL = -1;

/** Which Secrets there are to be, how far they are, and whose turn it is. */
export class SyncStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Remembers that a Secret has to be looked at, before anything is changed that it would have to follow, and after. What
   * others have under way stays so.
   *
   * @param now - ISO 8601
   * @param options.begins - a change that may still come, so that one look is not enough
   * @param options.ended - stamp of one that has come: where it was the only one, one look is enough
   */
  async want(
    place: SyncPlace,
    now: string,
    options: { begins?: UnderWay; ended?: number } = {},
  ): Promise<void> {
    const { begins, ended } = options;
    await this.#db('syncs')
      .insert({
        ...place,
        state: 'behind',
        message: NOT_YET,
        versions: '{}',
        due_at: now,
        ...(begins && { settling: begins.stamp, settles_by: begins.by }),
      })
      .onConflict(PLACE)
      .merge({
        ...(begins && this.#marked(begins, now)),
        ...(ended && {
          settles_by: this.#db.raw(
            'case when syncs.settling = ? then null else syncs.settles_by end',
            [ended],
          ),
          settling: this.#db.raw(
            'case when syncs.settling = ? then 0 else syncs.settling end',
            [ended],
          ),
        }),
        vault_due_at: null,
        // Of what was left, a restart that was still to come comes now.
        state: this.#db.raw(
          "case when syncs.state = 'left' then 'behind' else syncs.state end",
        ),
        message: this.#db.raw(
          "case when syncs.state = 'left' then ? else syncs.message end",
          [NOT_YET],
        ),
        secret: place.secret,
        ...{ due_at: now, left_at: null },
        generation: this.#db.raw('syncs.generation + 1'),
      });
  }

  /**
   * A change that began is still under way: it is looked at once more, at the latest when it settles.
   *
   * @param now - ISO 8601
   */
  async settles(
    place: SyncPlace,
    now: string,
    change: UnderWay,
  ): Promise<void> {
    const { by } = change;
    const notAfter = (column: string) =>
      this.#db.raw('case when ?? > ? then ? else ?? end', [
        ...[column, by, by, column],
      ]);
    await this.#db('syncs')
      .where(wherePlaced(place))
      .whereNot({ state: 'left' })
      .update({
        ...this.#marked(change, now),
        vault_due_at: notAfter('vault_due_at'),
        due_at: notAfter('due_at'),
        generation: this.#db.raw('generation + 1'),
      });
  }

  /** Until when something is under way, with whose it is; what nobody was heard of in time is over. */
  #marked({ stamp, by }: UnderWay, now: string) {
    return {
      settling: this.#db.raw(
        'case when syncs.settling in (0, ?) or syncs.settles_by is null or syncs.settles_by <= ? then cast(? as integer) else cast(? as integer) end',
        [stamp, now, stamp, SEVERAL],
      ),
      settles_by: this.#db.raw(
        'case when syncs.settles_by > ? then syncs.settles_by else ? end',
        [by, by],
      ),
    };
  }

  /** Only where it is not known yet. */
  async know(place: SyncPlace, now: string): Promise<void> {
    await this.#db('syncs')
      .insert({
        ...place,
        state: 'behind',
        message: NOT_YET,
        versions: '{}',
        due_at: now,
      })
      .onConflict(PLACE)
      .ignore();
  }

  /**
   * Takes what is due and what nobody is at.
   *
   * @param options.which - these alone, and whether they are due or not; or all that is due but in some clusters
   */
  async claim(options: {
    holder: string;
    now: string;
    until: string;
    limit: number;
    which: { ids: number[] } | { exceptClusters: string[] };
  }): Promise<SyncItem[]> {
    const { holder, now, until, limit, which } = options;
    const due = await this.#db('syncs')
      .select('id', 'lease_token')
      .where(wanted => {
        if ('ids' in which) wanted.whereIn('id', which.ids);
        else {
          wanted
            .where('due_at', '<=', now)
            .whereNotIn('cluster', which.exceptClusters);
        }
      })
      .andWhere(free =>
        free.whereNull('lease_until').orWhere('lease_until', '<=', now),
      )
      .orderBy('due_at')
      .limit(limit);
    const taken: SyncItem[] = [];
    for (const { id, lease_token } of due) {
      // The token that was read makes sure that of two workers one takes it.
      const changed = await this.#db('syncs')
        .where({ id, lease_token })
        .update({
          lease_holder: holder,
          lease_until: until,
          lease_token: lease_token + 1,
        });
      if (changed === 0) continue;
      const item = itemOf(await this.#db('syncs').where({ id }).first());
      if (item.token === lease_token + 1) taken.push(item);
    }
    return taken;
  }

  /**
   * Writes what is known now.
   *
   * @param options.dueAt - when to look again; at once where something was asked for since it was taken
   * @param options.vaultDueAt - where Vault was looked at: when to ask it again
   * @param options.release - lets others have it
   * @throws LostLeaseError, and nothing is written
   */
  async save(
    item: SyncItem,
    memory: SyncMemory,
    options: { dueAt: string; vaultDueAt?: string; release: boolean },
  ): Promise<SyncItem> {
    const changed = await this.#db('syncs')
      .where({ id: item.id, lease_token: item.token })
      .whereNotNull('lease_holder')
      .update({
        state: memory.state,
        message: memory.message,
        versions: JSON.stringify(memory.versions),
        weighed: JSON.stringify(memory.weighed),
        made: JSON.stringify(memory.made ?? {}),
        anew: JSON.stringify(memory.anew ?? []),
        revision: memory.revision ?? null,
        synced_at: memory.syncedAt ?? null,
        restart_at: memory.restartAt ?? null,
        restart_keys: memory.restartKeys
          ? JSON.stringify(memory.restartKeys)
          : null,
        first_keys: memory.first ? JSON.stringify(memory.first) : null,
        restarted_at: memory.restartedAt ?? null,
        replaced_at: JSON.stringify(memory.replacedAt),
        tries: memory.tries,
        due_at: this.#unlessChanged(item, 'due_at', options.dueAt),
        ...(options.vaultDueAt && {
          vault_due_at: this.#unlessChanged(
            ...([item, 'vault_due_at', options.vaultDueAt] as const),
          ),
        }),
        ...(options.release && { lease_holder: null, lease_until: null }),
      });
    if (changed === 0) {
      throw new LostLeaseError('It is another worker’s now.');
    }
    return { ...item, memory };
  }

  /**
   * It stays its worker's for longer.
   *
   * @param until - ISO 8601
   * @returns whether it still is
   */
  async extend({ id, token }: SyncItem, until: string): Promise<boolean> {
    const changed = await this.#db('syncs')
      .where({ id, lease_token: token })
      .whereNotNull('lease_holder')
      .update({ lease_until: until });
    return changed > 0;
  }

  /** What was asked for since it was taken stays. */
  #unlessChanged(
    { generation }: SyncItem,
    column: 'due_at' | 'vault_due_at',
    value: string,
  ) {
    return this.#db.raw('case when generation = ? then ? else ?? end', [
      ...[generation, value, column],
    ]);
  }

  async list(service: string): Promise<SyncItem[]> {
    const rows = await this.#db('syncs')
      .where({ service })
      .orderBy(['environment', 'cluster']);
    return rows.map(itemOf);
  }

  /** All services that are known, with their environments. */
  async places(): Promise<SyncPlace[]> {
    return (await this.all()).map(({ place }) => place);
  }

  async all(): Promise<SyncItem[]> {
    const rows = await this.#db('syncs').orderBy('id');
    return rows.map(itemOf);
  }

  /**
   * It is not looked at any more, until it is wanted again; whoever is at it now writes nothing of it. What stands in the
   * cluster stays there, and a restart that is to come stays to come.
   *
   * @param message - why, in words
   * @param now - ISO 8601
   */
  async leave(place: SyncPlace, message: string, now: string): Promise<void> {
    await this.#db('syncs')
      .where(wherePlaced(place))
      .update({
        ...{ state: 'left', message, due_at: NEVER, left_at: now },
        ...{ settling: 0, settles_by: null },
        // What others do there meanwhile is not known.
        first_keys: null,
        ...{ lease_holder: null, lease_until: null },
        lease_token: this.#db.raw('lease_token + 1'),
      });
  }

  /** How many Secrets were left, by environment and cluster. */
  async left(): Promise<z.output<typeof leftSchema>[]> {
    const rows = await this.#db('syncs')
      .where({ state: 'left' })
      .select('environment', 'cluster')
      .count({ count: '*' })
      .groupBy('environment', 'cluster')
      .orderBy(['environment', 'cluster']);
    return rows.map(row => leftSchema.parse(row));
  }

  /** For each service and environment, how many clusters are behind. */
  async behind(): Promise<
    Array<{ service: string; environment: string; count: number }>
  > {
    const rows = await this.#db('syncs')
      .select('service', 'environment')
      .select({
        count: this.#db.raw(
          'sum(case when state = ? or (state = ? and vault_due_at is null) then 1 else 0 end)',
          ['behind', 'synced'],
        ),
      })
      .groupBy('service', 'environment')
      .orderBy(['service', 'environment']);
    return rows.map(row => behindSchema.parse(row));
  }

  /** Of what was left nothing is said any more. */
  async forget(place: SyncPlace): Promise<void> {
    await this.#db('syncs')
      .where({ ...wherePlaced(place), state: 'left' })
      .delete();
  }
}

function wherePlaced({ service, environment, cluster, namespace }: SyncPlace) {
  return { service, environment, cluster, namespace };
}

/**
 * How the Secret of an environment is doing: where it is brought to, and only where it is brought nowhere, where it was left.
 */
export function standingIn(
  items: SyncItem[],
  environment: string,
): SyncItem | undefined {
  const there = items.filter(({ place }) => place.environment === environment);
  return there.find(({ memory }) => memory.state !== 'left') ?? there[0];
}

function itemOf(row: unknown): SyncItem {
  const read = rowSchema.parse(row);
  const { id, service, environment, cluster, namespace, secret } = read;
  return {
    id,
    place: { service, environment, cluster, namespace, secret },
    memory: {
      state: read.state,
      message: read.message,
      versions: read.versions,
      weighed: read.weighed,
      ...{ made: read.made, anew: read.anew },
      revision: read.revision,
      syncedAt: read.synced_at,
      restartAt: read.restart_at,
      restartKeys: read.restart_keys,
      first: read.first_keys,
      restartedAt: read.restarted_at,
      replacedAt: read.replaced_at,
      tries: read.tries,
    },
    generation: read.generation,
    vaultDueAt: read.vault_due_at,
    settlesBy: read.settles_by,
    leftAt: read.left_at,
    token: read.lease_token,
  };
}

/**
 * As it is answered. What it was when it was last looked at does not count while something may have changed since.
 *
 * @param lacks - whether Vault was seen to have something newer than what was brought
 */
export function syncOf(item: SyncItem, lacks = false): SecretSync {
  const { place, memory, vaultDueAt } = item;
  const { environment, cluster, namespace, secret } = place;
  const { syncedAt, restartAt, restartedAt } = memory;
  const { state, message } =
    memory.state === 'synced' && (lacks || !vaultDueAt)
      ? { state: 'behind' as const, message: ON_ITS_WAY }
      : memory;
  return {
    ...{ environment, cluster, namespace, secret, state, message },
    ...{ syncedAt, restartedAt },
    // Nothing is restarted where it was left.
    ...(state !== 'left' && { restartAt }),
  };
}
