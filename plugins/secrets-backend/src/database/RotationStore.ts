import {
  Rotation,
  RotationRule,
  rotationRuleShape,
} from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { SecretPath } from '../drivers/vault/SecretPath';

const HOUR_MS = 3_600_000;
/** When a rotation is looked at that has nothing left to do. */
const NEVER = '9999-12-31T23:59:59.999Z';

const time = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const rowSchema = z.object({
  service: z.string(),
  environment: z.string(),
  key: z.string(),
  rule: z
    .string()
    .transform(text => JSON.parse(text) as unknown)
    .pipe(z.object(rotationRuleShape)),
  due_at: z.string(),
  last_at: time,
  retire_at: time,
  held_until: time,
  look_at: z.string(),
  from_version: z
    .number()
    .nullish()
    .transform(value => value ?? undefined),
  problem: time,
  waiting: z.number(),
  ended: z.number(),
  tries: z.number(),
  token: z.number(),
  // PostgreSQL gives what may be larger than 2³¹ as text.
  fence: z.coerce.number(),
});

const countsSchema = z.object({
  service: z.string(),
  environment: z.string(),
  all: z.coerce.number(),
  due: z.coerce.number(),
  overdue: z.coerce.number(),
  failing: z.coerce.number(),
});
/** How many keys of a service in an environment are replaced by themselves, and how that goes. */
export type RotationCounts = z.output<typeof countsSchema>;

/** A rotation that is this worker's until some time. */
export interface HeldRotation {
  path: SecretPath;
  rule: RotationRule;
  /** ISO 8601 */
  dueAt: string;
  /** When the value before stops working, ISO 8601; nothing where none does any more */
  retireAt?: string;
  /** While it is being replaced: the version that was there before */
  fromVersion?: number;
  /** Nothing is replaced any more; what is under way is brought to its end */
  ended: boolean;
  tries: number;
  /** When it was to be looked at, ISO 8601 */
  lookAt: string;
  /** What writes are made with */
  token: number;
  /** What writes elsewhere are made with: larger than that of any worker before, also where the table began anew since */
  fence: number;
}

/** A rule that has to be brought to its end before another takes its place. */
export interface Unfinished extends Pick<HeldRotation, 'rule' | 'retireAt'> {
  /** Why that fails, where it does and nobody is at it */
  problem?: string;
}

/** What setting a rule takes to know. Times are ISO 8601. */
export interface SetAt {
  now: string;
  dueAt: string;
  /** When it is due where the value before works until then */
  dueAfter: (endsAt: string) => string;
  /** Newest version of the key */
  newest: number;
  /** Whether a generator, by its name, ends values that were replaced */
  ends: (generator: string) => boolean;
}

/** Which keys are replaced when. */
export class RotationStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /**
   * Looked at at once, since an earlier rule may have left something to do. Where the value before the last still works, that
   * ends by the new rule; so the new one must have the generator, and its settings, that made it, if it ends values at all.
   *
   * @returns what keeps it from being set: the rule that is to be brought to its end first
   */
  async set(
    path: SecretPath,
    rule: RotationRule,
    at: SetAt,
  ): Promise<Unfinished | undefined> {
    const values = {
      rule: JSON.stringify(rule),
      ...{ due_at: at.dueAt, look_at: at.now },
      ...{ waiting: 0, ended: 0 },
    };
    const row = await this.#db('rotations').where(keyOf(path)).first();
    const before = row && rowSchema.parse(row);
    if (before && !haveOneGenerator(before.rule, rule)) {
      return this.#replaceBy(before, values, at);
    }
    await this.#db('rotations')
      .insert({ ...keyOf(path), ...values })
      .onConflict(['service', 'environment', 'key'])
      .merge(values);
    await this.#retireBy(path, rule, at);
    return undefined;
  }

  /** @returns what keeps another generator from taking the place of the one before */
  async #replaceBy(
    before: z.output<typeof rowSchema>,
    values: object,
    { now, newest, ends }: SetAt,
  ): Promise<Unfinished | undefined> {
    const { held_until, problem, retire_at, token } = before;
    const isHeld = held_until !== undefined && held_until > now;
    const hasWrittenNothing =
      before.from_version === undefined ||
      (!isHeld && problem !== undefined && before.from_version === newest);
    const leavesNothing = !retire_at && hasWrittenNothing;
    if (leavesNothing || !ends(before.rule.generator)) {
      const changed = await this.#db('rotations')
        .where({
          ...{ ...keyOf(before), token },
          from_version: before.from_version ?? null,
          retire_at: retire_at ?? null,
        })
        .update({
          ...values,
          // Whoever holds it is not to begin by the rule before, nor to end what that made by the new one.
          ...{ token: token + 1, held_until: null, from_version: null },
          ...{ retire_at: null, problem: null, tries: 0 },
        });
      if (changed > 0) return undefined;
      // Somebody began at this very moment.
      return { rule: before.rule };
    }
    return {
      ...{ rule: before.rule, retireAt: retire_at },
      ...(!isHeld && { problem }),
    };
  }

  /** The value before the last works as long as a rule says, from when it was replaced. */
  async #retireBy(
    path: SecretPath,
    rule: RotationRule,
    { dueAfter }: SetAt,
  ): Promise<void> {
    const row = await this.#db('rotations').where(keyOf(path)).first();
    const { last_at, retire_at } = rowSchema.parse(row);
    const end = endOf({ lastAt: last_at, retiresAt: retire_at }, rule);
    if (!end) return;
    await this.#db('rotations')
      .where({ ...keyOf(path), last_at, retire_at })
      .update({ retire_at: end, due_at: dueAfter(end) });
  }

  /**
   * Nothing is replaced any more. It is kept, but not seen, until what is under way has come to its end.
   *
   * @param now - ISO 8601
   * @returns whether there was one
   */
  async end(path: SecretPath, now: string): Promise<boolean> {
    const changed = await this.#db('rotations')
      .where({ ...keyOf(path), ended: 0 })
      .update({ ended: 1, look_at: now });
    return changed > 0;
  }

  /**
   * What was ended has nothing left to do. Nothing of it is kept but its rule, which says what made the values before.
   *
   * @returns whether it was still this worker's, and ended
   */
  async remove(held: HeldRotation): Promise<boolean> {
    const changed = await this.#db('rotations')
      .where({ ...keyOf(held.path), token: held.token, ended: 1 })
      .update({
        ...{ held_until: null, look_at: NEVER, waiting: 0, tries: 0 },
        ...{ from_version: null, last_at: null, retire_at: null },
        problem: null,
      });
    return changed > 0;
  }

  /** How a key is replaced, or was last; nothing where it never was. */
  async lastRule(
    path: SecretPath,
  ): Promise<{ rule: RotationRule; ended: boolean } | undefined> {
    const row = await this.#db('rotations').where(keyOf(path)).first();
    if (!row) return undefined;
    const { rule, ended } = rowSchema.parse(row);
    return { rule, ended: ended === 1 };
  }

  /** @param now - ISO 8601 */
  async list(service: string, now: string): Promise<Rotation[]> {
    const rows = await this.#db('rotations')
      .where({ service, ended: 0 })
      .orderBy(['environment', 'key']);
    return rows.map(row => {
      const read = rowSchema.parse(row);
      return {
        environment: read.environment,
        key: read.key,
        ...read.rule,
        dueAt: read.due_at,
        overdue: read.due_at < now && !read.waiting,
        ...(read.waiting && { waiting: true }),
        ...(read.last_at && { lastAt: read.last_at }),
        ...(read.retire_at && { retiresAt: read.retire_at }),
        ...(read.problem && { problem: read.problem }),
      };
    });
  }

  /**
   * How many there are, by service and environment.
   *
   * @param now - ISO 8601
   * @param soon - what is due by then counts as due, ISO 8601
   */
  async counts(now: string, soon: string): Promise<RotationCounts[]> {
    const rows = await this.#db('rotations')
      .where({ ended: 0 })
      .select('service', 'environment')
      .count({ all: '*' })
      .select({
        due: this.#db.raw(
          'sum(case when waiting = 0 and due_at >= ? and due_at < ? then 1 else 0 end)',
          [now, soon],
        ),
        overdue: this.#db.raw(
          'sum(case when waiting = 0 and due_at < ? then 1 else 0 end)',
          [now],
        ),
        failing: this.#db.raw(
          'sum(case when problem is not null then 1 else 0 end)',
        ),
      })
      .groupBy('service', 'environment')
      .orderBy(['service', 'environment']);
    return rows.map(row => countsSchema.parse(row));
  }

  /** Takes what is to be looked at; it is nobody else's until some time. */
  async claim(
    now: string,
    until: string,
    limit: number,
  ): Promise<HeldRotation[]> {
    const rows = await this.#free(now)
      .where('look_at', '<=', now)
      .orderBy('look_at')
      .limit(limit);
    const held: HeldRotation[] = [];
    for (const row of rows) {
      const taken = await this.#take(rowSchema.parse(row), now, until);
      if (taken) held.push(taken);
    }
    return held;
  }

  /** @returns whether there is a rotation of this key; and it, if it is nobody else's now */
  async claimOne(
    path: SecretPath,
    now: string,
    until: string,
  ): Promise<{ exists: boolean; held?: HeldRotation }> {
    const wanted = { ...keyOf(path), ended: 0 };
    const exists = await this.#db('rotations').where(wanted).first();
    if (!exists) return { exists: false };
    const row = await this.#free(now).where(wanted).first();
    const held = row && (await this.#take(rowSchema.parse(row), now, until));
    return { exists: true, ...(held && { held }) };
  }

  /**
   * Remembers, before the effect, which version is replaced, and that it is looked at again where it comes to no end.
   *
   * @param when - now, and until when it is nobody else's, ISO 8601
   * @returns whether it is still this worker's
   */
  async begin(
    held: HeldRotation,
    fromVersion: number,
    when: { now: string; until: string },
  ): Promise<boolean> {
    return this.#update(held, {
      ...{ from_version: fromVersion, look_at: when.now },
      held_until: when.until,
    });
  }

  /**
   * It stays its worker's for longer.
   *
   * @param until - ISO 8601
   */
  async extend(held: HeldRotation, until: string): Promise<boolean> {
    return this.#update(held, { held_until: until }, true);
  }

  /** Nothing was replaced, and nothing will be before it is due. */
  async givenUp(held: HeldRotation): Promise<boolean> {
    return this.#letGo(held, {
      ...{ from_version: null, problem: null, tries: 0, look_at: held.dueAt },
    });
  }

  /** @param next.retireAt - when the value before stops working, where it goes on until then */
  async done(
    held: HeldRotation,
    next: { at: string; dueAt: string; retireAt?: string },
  ): Promise<boolean> {
    const { at, dueAt, retireAt } = next;
    return this.#letGo(held, {
      ...{ from_version: null, problem: null, tries: 0, last_at: at },
      ...{ due_at: dueAt, retire_at: retireAt ?? null },
      look_at: retireAt && retireAt < dueAt ? retireAt : dueAt,
    });
  }

  async retired(held: HeldRotation): Promise<boolean> {
    return this.#letGo(held, {
      ...{ retire_at: null, problem: null, tries: 0, look_at: held.dueAt },
    });
  }

  /** There is something to do, which waits until the key, which is deleted, is put back. */
  async waits(held: HeldRotation, lookAt: string): Promise<boolean> {
    return this.#letGo(held, {
      ...{ from_version: null, problem: null, tries: 0, look_at: lookAt },
      waiting: 1,
    });
  }

  async later(held: HeldRotation, lookAt: string): Promise<boolean> {
    return this.#letGo(held, { look_at: lookAt });
  }

  async failed(
    held: HeldRotation,
    problem: string,
    lookAt: string,
  ): Promise<boolean> {
    return this.#letGo(held, {
      ...{ problem, look_at: lookAt, tries: held.tries + 1 },
    });
  }

  #free(now: string) {
    return this.#db('rotations').where(free =>
      free.whereNull('held_until').orWhere('held_until', '<=', now),
    );
  }

  /** The token that was read makes sure that of two workers one takes it. */
  async #take(
    read: z.output<typeof rowSchema>,
    now: string,
    until: string,
  ): Promise<HeldRotation | undefined> {
    const token = read.token + 1;
    const fence = Math.max(read.fence + 1, Date.parse(now));
    const changed = await this.#db('rotations')
      .where({ ...keyOf(read), token: read.token })
      .update({ held_until: until, token, fence });
    if (changed === 0) return undefined;
    const { rule, due_at: dueAt, retire_at: retireAt, tries } = read;
    const { look_at: lookAt } = read;
    return {
      lookAt,
      ...{ path: keyOf(read), rule, dueAt, retireAt, tries, token, fence },
      ended: read.ended === 1,
      fromVersion: read.from_version,
    };
  }

  async #letGo(held: HeldRotation, change: object): Promise<boolean> {
    return this.#update(held, { waiting: 0, ...change, held_until: null });
  }

  /** @param whileHeld - only where it was not let go of */
  async #update(
    held: HeldRotation,
    change: object,
    whileHeld = false,
  ): Promise<boolean> {
    const changed = await this.#db('rotations')
      .where({ ...keyOf(held.path), token: held.token })
      .where(one => whileHeld && one.whereNotNull('held_until'))
      .update(change);
    return changed > 0;
  }
}

/**
 * Until when the value before works where a rule takes the place of another.
 *
 * @returns ISO 8601; nothing where none does any more
 */
export function endOf(
  standing: { lastAt?: string; retiresAt?: string },
  { overlapHours }: Pick<RotationRule, 'overlapHours'>,
): string | undefined {
  const { lastAt, retiresAt } = standing;
  if (!lastAt || !retiresAt) return undefined;
  return new Date(Date.parse(lastAt) + overlapHours * HOUR_MS).toISOString();
}

function haveOneGenerator(one: RotationRule, other: RotationRule): boolean {
  const names = new Set([
    ...Object.keys(one.settings),
    ...Object.keys(other.settings),
  ]);
  return (
    one.generator === other.generator &&
    [...names].every(name => one.settings[name] === other.settings[name])
  );
}

function keyOf({ service, environment, key }: SecretPath): SecretPath {
  return { service, environment, key };
}
