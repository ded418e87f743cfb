import { Knex } from 'knex';
import { z } from 'zod';
import { GroupAnswers } from './publish';

const listOf = <T extends z.ZodTypeAny>(schema: T) =>
  z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
const askedSchema = z.object({
  again_on: z.string(),
  people: listOf(z.array(z.string())),
});
const plainSchema = z.object({ person: z.string(), again_on: z.string() });
const spentSchema = z.object({
  ballots: listOf(z.record(z.array(z.string()))),
});
const groupSchema = z.object({
  quarter: z.string(),
  group: z.string(),
  asked: z.coerce.number(),
  counts: listOf(z.array(z.number())),
  texts: listOf(z.array(z.string())),
});

/** Where ballots of before stand, of which it is not known of which quarter they were. */
const ANY_QUARTER = 'any';

/**
 * Keeps who was asked, and apart from that how many answered what. What is alike is in one row, sorted and written anew each time, so that
 * neither the order of rows nor what the database knows of when each was written says who answered what.
 */
export class SurveyStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** The key that all processes sign with. @param fresh - taken if there is none yet */
  async key(fresh: string): Promise<string> {
    await this.#db('survey_keys')
      .insert({ id: 1, key: fresh })
      .onConflict('id')
      .ignore();
    const row = await this.#db('survey_keys').where({ id: 1 }).first();
    return row.key;
  }

  /**
   * Takes over who was asked by a plugin that kept digests without a key and days.
   *
   * @param keyed - the digest with a key, of one without
   * @param rounded - the first of a month, of a day
   */
  async takeOver(
    keyed: (plain: string) => string,
    rounded: (day: string) => string,
  ): Promise<void> {
    await this.#locked(async transaction => {
      const rows = z
        .array(plainSchema)
        .parse(await transaction('survey_asked_plain'));
      if (rows.length === 0) return;
      const asked = await readAsked(transaction);
      for (const { person, again_on: day } of rows) {
        const againOn = rounded(day);
        asked.set(againOn, [...(asked.get(againOn) ?? []), keyed(person)]);
      }
      for (const againOn of asked.keys()) {
        await writeAsked(transaction, againOn, asked.get(againOn) ?? []);
      }
      await transaction('survey_asked_plain').delete();
    });
  }

  /**
   * Notes that somebody is asked, unless that was so not long ago. Those who may be asked again are forgotten.
   *
   * @param person - digest with a key
   * @param about.againOn - the first of a month
   * @returns whether they may be asked
   */
  async ask(
    person: string,
    about: { quarter: string; group: string; today: string; againOn: string },
  ): Promise<boolean> {
    const { quarter, group, today, againOn } = about;
    return this.#locked(async transaction => {
      await transaction('survey_asked').where('again_on', '<=', today).delete();
      const asked = await readAsked(transaction);
      if ([...asked.values()].some(people => people.includes(person))) {
        return false;
      }
      const people = [...(asked.get(againOn) ?? []), person];
      await writeAsked(transaction, againOn, people);
      const now = await readGroup(transaction, { quarter, group });
      await writeGroup(transaction, { ...now, asked: now.asked + 1 });
      return true;
    });
  }

  /**
   * Counts an answer.
   *
   * @param ballot - its digest
   * @returns false if it was used before
   */
  async answer(
    ballot: string,
    answer: { quarter: string; group: string; score: number; text?: string },
  ): Promise<boolean> {
    const { quarter, group, score, text } = answer;
    return this.#locked(async transaction => {
      const row = await transaction('survey_spent').where({ id: 1 }).first();
      const { ballots } = spentSchema.parse(row);
      const { [ANY_QUARTER]: old = [], [quarter]: own = [] } = ballots;
      if (old.includes(ballot) || own.includes(ballot)) return false;
      // Ballots of quarters that are over are refused anyway.
      await transaction('survey_spent')
        .where({ id: 1 })
        .update({
          ballots: JSON.stringify({
            ...(old.length > 0 && { [ANY_QUARTER]: old }),
            [quarter]: [...own, ballot].sort(),
          }),
        });
      const now = await readGroup(transaction, { quarter, group });
      await writeGroup(transaction, {
        ...now,
        counts: now.counts.map((n, at) => (at === score ? n + 1 : n)),
        // Sorted, so that their order says nothing of who wrote when.
        texts: text ? [...now.texts, text].sort() : now.texts,
      });
      return true;
    });
  }

  /** All answers by quarter. */
  async all(): Promise<Map<string, GroupAnswers[]>> {
    const found = new Map<string, GroupAnswers[]>();
    const rows = z.array(groupSchema).parse(await this.#db('survey_groups'));
    for (const { quarter, ...answers } of rows) {
      found.set(quarter, [...(found.get(quarter) ?? []), answers]);
    }
    return found;
  }

  /** One after the other, in all processes: a row that is not there yet could not be locked. */
  async #locked<T>(
    work: (transaction: Knex.Transaction) => Promise<T>,
  ): Promise<T> {
    return this.#db.transaction(async transaction => {
      await transaction('survey_keys').where({ id: 1 }).forUpdate().first();
      return work(transaction);
    });
  }
}

async function readAsked(
  transaction: Knex.Transaction,
): Promise<Map<string, string[]>> {
  const rows = z.array(askedSchema).parse(await transaction('survey_asked'));
  return new Map(rows.map(one => [one.again_on, one.people]));
}

async function writeAsked(
  transaction: Knex.Transaction,
  againOn: string,
  people: string[],
): Promise<void> {
  await transaction('survey_asked')
    .insert({ again_on: againOn, people: JSON.stringify(people.sort()) })
    .onConflict('again_on')
    .merge();
}

type GroupRow = GroupAnswers & { quarter: string };

async function readGroup(
  transaction: Knex.Transaction,
  place: { quarter: string; group: string },
): Promise<GroupRow> {
  const row = await transaction('survey_groups').where(place).first();
  return row
    ? groupSchema.parse(row)
    : { ...place, asked: 0, counts: Array(11).fill(0), texts: [] };
}

async function writeGroup(
  transaction: Knex.Transaction,
  { counts, texts, ...row }: GroupRow,
): Promise<void> {
  await transaction('survey_groups')
    .insert({
      ...row,
      counts: JSON.stringify(counts),
      texts: JSON.stringify(texts),
    })
    .onConflict(['quarter', 'group'])
    .merge();
}
