import { Rotation, rotationSchema } from '@highroad/plugin-secrets-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { SecretPath } from '../drivers/vault/SecretPath';

const rowSchema = z.object({
  service: z.string(),
  environment: z.string(),
  key: z.string(),
  every_days: z.number(),
  length: z.number(),
  alphabet: rotationSchema.shape.alphabet,
  due_at: z.string(),
  last_at: z.string().nullish(),
  from_version: z.number().nullish(),
  problem: z.string().nullish(),
  tries: z.number(),
  token: z.number(),
});

/** What a rotation is made of, without what became of it. */
export type RotationRule = Pick<Rotation, 'everyDays' | 'length' | 'alphabet'>;

/** One that is due, and this worker's until some time. */
export interface DueRotation {
  path: SecretPath;
  rule: RotationRule;
  /** While it is being replaced: the version that was there before */
  fromVersion?: number;
  tries: number;
  /** What writes are made with */
  token: number;
}

/** Which keys are replaced when. */
export class RotationStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** @param dueAt - ISO 8601 */
  async set(
    path: SecretPath,
    rule: RotationRule,
    dueAt: string,
  ): Promise<void> {
    await this.#db('rotations')
      .insert({
        ...keyOf(path),
        every_days: rule.everyDays,
        length: rule.length,
        alphabet: rule.alphabet,
        due_at: dueAt,
        look_at: dueAt,
      })
      .onConflict(['service', 'environment', 'key'])
      .merge(['every_days', 'length', 'alphabet', 'due_at', 'look_at']);
  }

  /** @returns whether there was one */
  async end(path: SecretPath): Promise<boolean> {
    return (await this.#db('rotations').where(keyOf(path)).delete()) > 0;
  }

  /** @param now - ISO 8601 */
  async list(service: string, now: string): Promise<Rotation[]> {
    const rows = await this.#db('rotations')
      .where({ service })
      .orderBy(['environment', 'key']);
    return rows.map(row => {
      const read = rowSchema.parse(row);
      return {
        environment: read.environment,
        key: read.key,
        ...ruleOf(read),
        dueAt: read.due_at,
        overdue: read.due_at < now,
        ...(read.last_at && { lastAt: read.last_at }),
        ...(read.problem && { problem: read.problem }),
      };
    });
  }

  /** Takes what is due; it is nobody else's until some time. */
  async claim(now: string, until: string): Promise<DueRotation[]> {
    const due = await this.#db('rotations')
      .where('look_at', '<=', now)
      .orderBy('look_at')
      .limit(20);
    const taken: DueRotation[] = [];
    for (const row of due) {
      const read = rowSchema.parse(row);
      // The token that was read makes sure that of two workers one takes it.
      const changed = await this.#db('rotations')
        .where({ ...keyOf(read), token: read.token })
        .update({ look_at: until, token: read.token + 1 });
      if (changed === 0) continue;
      taken.push({
        path: keyOf(read),
        rule: ruleOf(read),
        ...(read.from_version !== null && { fromVersion: read.from_version }),
        tries: read.tries,
        token: read.token + 1,
      });
    }
    return taken;
  }

  /** Remembers, before the effect, which version is replaced. @returns whether it is still this worker's */
  async begin(due: DueRotation, fromVersion: number): Promise<boolean> {
    return this.#update(due, { from_version: fromVersion });
  }

  async done(due: DueRotation, at: string, dueAt: string): Promise<boolean> {
    return this.#update(due, {
      ...{ from_version: null, problem: null, tries: 0, last_at: at },
      ...{ due_at: dueAt, look_at: dueAt },
    });
  }

  async failed(
    due: DueRotation,
    problem: string,
    lookAt: string,
  ): Promise<boolean> {
    return this.#update(due, {
      ...{ problem, look_at: lookAt, tries: due.tries + 1 },
    });
  }

  async #update(due: DueRotation, change: object): Promise<boolean> {
    const changed = await this.#db('rotations')
      .where({ ...keyOf(due.path), token: due.token })
      .update(change);
    return changed > 0;
  }
}

function keyOf({ service, environment, key }: SecretPath): SecretPath {
  return { service, environment, key };
}

function ruleOf(read: z.output<typeof rowSchema>): RotationRule {
  const { every_days: everyDays, length, alphabet } = read;
  return { everyDays, length, alphabet };
}
