import { NotFoundError } from '@backstage/errors';
import { Knex } from 'knex';
import { readFile } from 'node:fs/promises';
import { LedgerStore } from '../database/LedgerStore';
import { Intake } from '../service/Intake';
import {
  EXAMPLE_SOURCE,
  exampleHistory,
  readExamplePlan,
} from './exampleHistory';

const NAME = 'example';
const AT_ONCE = 500;

/** The example history: shown before there is anything of one's own, and taken out by one click. */
export class Example {
  readonly #db: Knex;
  readonly #file: string | undefined;
  readonly #intake: Intake;
  readonly #ledger: LedgerStore;
  readonly #now: () => Date;

  /** @param options.file - path of the plan; none is shown without one */
  constructor(options: {
    db: Knex;
    file: string | undefined;
    intake: Intake;
    ledger: LedgerStore;
    now: () => Date;
  }) {
    this.#db = options.db;
    this.#file = options.file;
    this.#intake = options.intake;
    this.#ledger = options.ledger;
    this.#now = options.now;
  }

  /** Loads it if nothing was ever told of a deployment, and it was never loaded or taken out. */
  async loadFirst(): Promise<void> {
    if (!this.#file) return;
    const before = await this.#db('feeds').where({ name: NAME }).first();
    if (before) return;
    const told = await this.#db('ledger')
      .where('type', 'like', '%.deployment.%')
      .first('seq');
    if (told) return;
    await this.load();
  }

  /** @throws NotFoundError where none is configured */
  async load(): Promise<number> {
    if (!this.#file) {
      throw new NotFoundError(
        'There is no example history: platform.metrics.exampleHistory names no file.',
      );
    }
    const plan = readExamplePlan(await readFile(this.#file, 'utf8'));
    await this.remove();
    const events = exampleHistory(plan, this.#now());
    let accepted = 0;
    for (let from = 0; from < events.length; from += AT_ONCE) {
      const taken = await this.#intake.take(
        events.slice(from, from + AT_ONCE),
        { source: EXAMPLE_SOURCE, example: true },
      );
      accepted += taken.accepted;
    }
    return accepted;
  }

  /** @returns how many events were taken out */
  async remove(): Promise<number> {
    await this.#db('feeds').insert({ name: NAME }).onConflict('name').ignore();
    return this.#ledger.removeExample();
  }
}
