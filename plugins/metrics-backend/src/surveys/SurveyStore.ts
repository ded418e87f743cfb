import { Knex } from 'knex';
import { z } from 'zod';
import { GroupAnswers } from './publish';

const countSchema = z.object({
  quarter: z.string(),
  group: z.string(),
  n: z.coerce.number(),
});
const scoreSchema = countSchema.extend({ score: z.number() });
const textsSchema = z.array(z.string());

/** Keeps who was asked, and apart from that how many answered what. */
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
   * Notes that somebody is asked, unless that was so not long ago.
   *
   * @returns whether they may be asked
   */
  async ask(
    person: string,
    about: { quarter: string; group: string; today: string; againOn: string },
  ): Promise<boolean> {
    const { quarter, group, today, againOn } = about;
    return this.#db.transaction(async transaction => {
      const changed = await transaction('survey_asked')
        .where({ person })
        .where('again_on', '<=', today)
        .update({ again_on: againOn });
      if (changed === 0) {
        const added = await transaction('survey_asked')
          .insert({ person, again_on: againOn })
          .onConflict('person')
          .ignore()
          .returning('person');
        if (added.length === 0) return false;
      }
      await transaction('survey_asked_counts')
        .insert({ quarter, group, n: 1 })
        .onConflict(['quarter', 'group'])
        .merge({ n: transaction.raw('survey_asked_counts.n + 1') });
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
    return this.#db.transaction(async transaction => {
      const spent = await transaction('survey_spent')
        .insert({ ballot })
        .onConflict('ballot')
        .ignore()
        .returning('ballot');
      if (spent.length === 0) return false;
      await transaction('survey_counts')
        .insert({ quarter, group, score, n: 1 })
        .onConflict(['quarter', 'group', 'score'])
        .merge({ n: transaction.raw('survey_counts.n + 1') });
      if (text) {
        const place = { quarter, group };
        // A row that is not there could not be locked.
        await transaction('survey_texts')
          .insert({ ...place, texts: '[]' })
          .onConflict(['quarter', 'group'])
          .ignore();
        const row = await transaction('survey_texts')
          .where(place)
          .forUpdate()
          .first();
        const texts = textsSchema.parse(JSON.parse(row.texts));
        // Sorted, so that their order says nothing of who wrote when.
        await transaction('survey_texts')
          .where(place)
          .update({ texts: JSON.stringify([...texts, text].sort()) });
      }
      return true;
    });
  }

  /** All answers by quarter. */
  async all(): Promise<Map<string, GroupAnswers[]>> {
    const [counts, asked, texts] = await Promise.all([
      this.#db('survey_counts'),
      this.#db('survey_asked_counts'),
      this.#db('survey_texts'),
    ]);
    const found = new Map<string, Map<string, GroupAnswers>>();
    const of = (quarter: string, group: string): GroupAnswers => {
      const groups = found.get(quarter) ?? new Map<string, GroupAnswers>();
      found.set(quarter, groups);
      const one = groups.get(group) ?? {
        ...{ group, counts: Array(11).fill(0), asked: 0, texts: [] },
      };
      groups.set(group, one);
      return one;
    };
    for (const row of z.array(scoreSchema).parse(counts)) {
      of(row.quarter, row.group).counts[row.score] = row.n;
    }
    for (const row of z.array(countSchema).parse(asked)) {
      of(row.quarter, row.group).asked = row.n;
    }
    for (const row of texts) {
      of(row.quarter, row.group).texts = textsSchema.parse(
        JSON.parse(row.texts),
      );
    }
    return new Map(
      [...found].map(([quarter, groups]) => [quarter, [...groups.values()]]),
    );
  }
}
