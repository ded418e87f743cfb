import { AuthService } from '@backstage/backend-plugin-api';
import { RELATION_MEMBER_OF } from '@backstage/catalog-model';
import { ConflictError, InputError } from '@backstage/errors';
import { CatalogService } from '@backstage/plugin-catalog-node';
import {
  addDays,
  beginOf,
  dayOf,
  quarterOf,
  QuarterResult,
  surveyQuestion,
} from '@highroad/plugin-metrics-common';
import {
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  randomInt,
} from 'node:crypto';
import { Ballots } from './Ballots';
import { publish } from './publish';
import { SurveyStore } from './SurveyStore';

/** Nobody is asked again before that. */
const PAUSE_DAYS = 90;
/** What the key is for, so that it is no other that is made of the same secret. */
const DIGESTS = 'metrics: who was asked';

/** A digest with a key, of one without. */
type Digest = (plain: string) => string;

/**
 * Asks each quarter, and counts answers from which nobody can be told: who is asked gets a ballot that is written down nowhere; the answer comes with the
 * ballot, and is added to the counts of a group and a quarter.
 */
export class Surveys {
  readonly #auth: AuthService;
  readonly #catalog: CatalogService;
  readonly #now: () => Date;
  readonly #store: SurveyStore;
  readonly #timeZone: string;
  readonly #pick: (count: number) => number;
  readonly #secret: string | undefined;
  #ready: Promise<{ ballots: Ballots; digest: Digest }> | undefined;

  constructor(options: {
    auth: AuthService;
    catalog: CatalogService;
    now: () => Date;
    store: SurveyStore;
    timeZone: string;
    /** One that is not in the database; without it, the key of digests of people is */
    secret?: string;
    /** A whole number from 0 to below another, by chance unless a test says it */
    pick?: (count: number) => number;
  }) {
    this.#auth = options.auth;
    this.#catalog = options.catalog;
    this.#now = options.now;
    this.#store = options.store;
    this.#timeZone = options.timeZone;
    this.#secret = options.secret;
    this.#pick = options.pick ?? (count => randomInt(count));
  }

  /** Gets ready, so that what an older plugin kept of who was asked does not stay as it kept it. */
  async start(): Promise<void> {
    await this.#prepared();
  }

  /**
   * @param person - reference
   * @returns nothing for whoever was asked in the last 90 days or in this quarter
   */
  async ask(
    person: string,
  ): Promise<
    | { question: string; quarter: string; ballot: string; until: string }
    | undefined
  > {
    const group = await this.#groupOf(person);
    const today = dayOf(this.#now(), this.#timeZone);
    const quarter = quarterOf(today);
    const { ballots, digest } = await this.#prepared();
    const may = await this.#store.ask(digest(plainDigest(person)), {
      ...{ quarter, group, today },
      againOn: monthFrom(addDays(today, PAUSE_DAYS)),
    });
    if (!may) return undefined;
    const nonce = randomBytes(16).toString('base64url');
    const ballot = ballots.make({ quarter, group, nonce });
    const until = beginOf(dayAfter(quarter), this.#timeZone).toISOString();
    return { question: surveyQuestion, quarter, ballot, until };
  }

  /**
   * @throws InputError for a ballot that is none, ConflictError for one that was used or whose quarter is over
   */
  async answer(input: {
    ballot: string;
    score: number;
    text?: string;
  }): Promise<void> {
    const { ballots } = await this.#prepared();
    const ballot = ballots.read(input.ballot);
    if (!ballot) {
      throw new InputError('ballot: take it from what you were asked with.');
    }
    const { quarter, group, nonce } = ballot;
    if (quarter !== this.current()) {
      throw new ConflictError(`The survey of ${quarter} is over.`);
    }
    const { score, text } = input;
    const taken = await this.#store.answer(plainDigest(nonce), {
      ...{ quarter, group, score, text },
    });
    if (!taken) throw new ConflictError('This was answered already.');
  }

  /** Of quarters that are over only: from results before and after one answer, it could be told. */
  async results(): Promise<QuarterResult[]> {
    const current = this.current();
    const all = await this.#store.all();
    return [...all]
      .filter(([quarter]) => quarter < current)
      .map(([quarter, groups]) => publish(quarter, groups))
      .sort((a, b) => (a.quarter < b.quarter ? 1 : -1));
  }

  current(): string {
    return quarterOf(dayOf(this.#now(), this.#timeZone));
  }

  #prepared(): Promise<{ ballots: Ballots; digest: Digest }> {
    this.#ready ??= this.#prepare().catch(error => {
      // The database may be back the next time.
      this.#ready = undefined;
      throw error;
    });
    return this.#ready;
  }

  async #prepare(): Promise<{ ballots: Ballots; digest: Digest }> {
    const key = await this.#store.key(randomBytes(32).toString('hex'));
    const own = Buffer.from(
      hkdfSync('sha256', this.#secret ?? key, '', DIGESTS, 32),
    );
    const digest: Digest = plain =>
      createHmac('sha256', own).update(plain).digest('base64url');
    await this.#store.takeOver(digest, monthFrom);
    return { ballots: new Ballots(key), digest };
  }

  /**
   * One of the person's groups, by chance: of those who are in several, each group gets its part. Who is in none is asked all the same, and counted
   * under an empty name.
   */
  async #groupOf(person: string): Promise<string> {
    const entity = await this.#catalog.getEntityByRef(person, {
      credentials: await this.#auth.getOwnServiceCredentials(),
    });
    const groups = (entity?.relations ?? [])
      .filter(({ type }) => type === RELATION_MEMBER_OF)
      .map(({ targetRef }) => targetRef)
      .sort();
    return groups.length > 0 ? groups[this.#pick(groups.length)] : '';
  }
}

/** The first day after a quarter, such as 2026-Q1. */
function dayAfter(quarter: string): string {
  const [year, number] = quarter.split('-Q').map(Number);
  return new Date(Date.UTC(year, number * 3, 1)).toISOString().slice(0, 10);
}

/**
 * The first of a month from a day on. It says only roughly when somebody was asked; and since 90 days from the first of a quarter end in the last days of
 * it, it is never in the quarter of that.
 */
function monthFrom(day: string): string {
  const [year, month, date] = day.split('-').map(Number);
  if (date === 1) return day;
  return new Date(Date.UTC(year, month, 1)).toISOString().slice(0, 10);
}

function plainDigest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
