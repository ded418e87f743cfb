import { Source } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { DEPLOYMENTS_FEED } from '../feed/DeploymentsFeed';
import { GIT_HOSTS } from '../gitHosts/events';
import { RepositoryStore } from '../gitHosts/RepositoryStore';
import { PAGERDUTY } from '../pagerduty/deliveries';
import { silenceOf } from './silence';

const OWN_FEED = '/plugins/deployments';
const GAP_DAYS = 90;
const DAY_MS = 86_400_000;
/** The slowest that is read is read every ten minutes where it fails, and each minute otherwise. */
const OVERDUE_MS = 30 * 60_000;

/** What somebody has to look at comes first. */
const URGENCY: Source['state'][] = ['failing', 'silent', 'waiting', 'heard'];

const kindSchema = z.object({
  source: z.string(),
  type: z.string(),
  events: z.coerce.number(),
  example: z.coerce.boolean(),
  last_event_at: z.string(),
  last_heard_at: z.string(),
});

const daySchema = z.object({ source: z.string(), day: z.string() });

const gapSchema = z.object({
  service: z.string(),
  environment: z.string(),
  // Of others, the history is cut off.
  range_state: z.enum(['no-commit', 'unknown-commit', 'cut']).catch('cut'),
  n: z.coerce.number(),
});

const GAPS = {
  'no-commit':
    'Deployments that say no commit, so that nobody knows what they brought',
  'unknown-commit':
    'Deployments whose commit is not known, so that nobody knows what they brought. Import a clone: platform metrics import',
  cut: 'Deployments whose history ends at commits that nothing is known of, so that they may have brought more. Tell of all commits, or import a clone: platform metrics import',
};

/** What is expected of sources that begin so: to be heard at least once in so many hours. */
export interface Expected {
  source: string;
  everyHours: number;
}

/** What is known of a source before it is judged. */
type Told = Omit<Source, 'state' | 'expectedHours' | 'silentSince'>;

/** Where events come from, how fresh that is, and what is missing. */
export class SourceStore {
  readonly #db: Knex;
  readonly #expected: Expected[];
  readonly #pagerDuty: boolean;
  readonly #repositories: RepositoryStore;

  /** @param options.pagerDuty - its webhooks are taken, so that it is connected also before the first */
  constructor(
    db: Knex,
    options: { expected?: Expected[]; pagerDuty?: boolean } = {},
  ) {
    this.#db = db;
    // The longest beginning that fits says it.
    this.#expected = [...(options.expected ?? [])].sort(
      (a, b) => b.source.length - a.source.length,
    );
    this.#pagerDuty = options.pagerDuty ?? false;
    this.#repositories = new RepositoryStore(db);
  }

  /** Those that are not well first, each by name. */
  async sources(now: Date): Promise<Source[]> {
    const [rows, feed, days] = await Promise.all([
      this.#db('source_kinds').orderBy(['source', 'type']),
      this.#db('feeds').where({ name: DEPLOYMENTS_FEED }).first(),
      this.#heardDays(now),
    ]);
    const sources = new Map<string, Told>();
    const of = (source: string, example = false): Told =>
      sources.get(source) ?? { source, events: 0, kinds: [], example };
    for (const row of z.array(kindSchema).parse(rows)) {
      const one = of(row.source, row.example);
      one.events += row.events;
      one.kinds.push(row.type);
      one.lastEventAt = later(one.lastEventAt, row.last_event_at);
      one.lastHeardAt = later(one.lastHeardAt, row.last_heard_at);
      sources.set(row.source, one);
    }
    if (this.#pagerDuty) sources.set(PAGERDUTY, of(PAGERDUTY));
    const overdue = new Map<string, string>();
    if (feed) {
      const lastRead: string | undefined = feed.last_read_at ?? undefined;
      sources.set(OWN_FEED, {
        ...of(OWN_FEED),
        ...(lastRead && { lastHeardAt: lastRead }),
        ...(feed.problem && {
          problem: `The feed of deployments cannot be read: ${feed.problem}`,
        }),
      });
      if (lastRead && isOverdue(lastRead, now)) overdue.set(OWN_FEED, lastRead);
    }
    for (const { host, problem } of await this.#repositories.problems()) {
      const source = `${GIT_HOSTS}${host}`;
      // The first of them stands for all: they are mostly the same.
      sources.set(source, { problem, ...of(source) });
    }
    for (const { host, due } of await this.#repositories.dueByHost()) {
      const source = `${GIT_HOSTS}${host}`;
      if (!isOverdue(due, now)) continue;
      sources.set(source, of(source));
      overdue.set(source, due);
    }
    return [...sources.values()]
      .sort((a, b) => (a.source < b.source ? -1 : 1))
      .map(one => ({
        ...one,
        ...this.#judge(one, {
          ...{ now, overdue: overdue.get(one.source) },
          days: days.get(one.source) ?? [],
        }),
      }))
      .sort((a, b) => URGENCY.indexOf(a.state) - URGENCY.indexOf(b.state));
  }

  #judge(
    { source, example, problem, lastHeardAt, events }: Told,
    about: { days: string[]; now: Date; overdue?: string },
  ): Pick<Source, 'state' | 'expectedHours' | 'silentSince'> {
    const { days, now, overdue } = about;
    if (problem) return { state: 'failing' };
    if (overdue) return { state: 'silent', silentSince: overdue };
    if (example) return { state: 'heard' };
    if (!lastHeardAt) return { state: events > 0 ? 'heard' : 'waiting' };
    const everyHours = this.#expected.find(one =>
      source.startsWith(one.source),
    )?.everyHours;
    // What is read is well as long as it is read; and that nothing goes wrong is no silence.
    if (everyHours === undefined && isQuietByNature(source)) {
      return { state: 'heard' };
    }
    const { silentSince, expectedHours } = silenceOf({
      ...{ days, lastHeardAt, everyHours, now },
    });
    return {
      state: silentSince ? 'silent' : 'heard',
      ...(expectedHours && { expectedHours }),
      ...(silentSince && { silentSince }),
    };
  }

  /** On which days each source was heard lately, ascending. */
  async #heardDays(now: Date): Promise<Map<string, string[]>> {
    const since = new Date(now.getTime() - GAP_DAYS * DAY_MS).toISOString();
    const rows = await this.#db('source_days')
      .where('day', '>=', since.slice(0, 10))
      .orderBy(['source', 'day'])
      .select('source', 'day');
    const found = new Map<string, string[]>();
    for (const { source, day } of z.array(daySchema).parse(rows)) {
      found.set(source, [...(found.get(source) ?? []), day]);
    }
    return found;
  }

  /** What keeps changes from being counted, in the last 90 days. */
  async gaps(now: Date) {
    const since = new Date(now.getTime() - GAP_DAYS * DAY_MS).toISOString();
    const rows = await this.#db('deployment_facts')
      // As the index has it by which these are found.
      .whereRaw("(range_state in ('no-commit', 'unknown-commit') or cut)")
      .where('finished_at', '>=', since)
      .groupBy('service', 'environment', 'range_state')
      .orderBy(['service', 'environment', 'range_state'])
      .select('service', 'environment', 'range_state')
      .count({ n: '*' });
    return z
      .array(gapSchema)
      .parse(rows)
      .map(({ service, environment, range_state, n }) => ({
        ...{ service, environment, n },
        problem: GAPS[range_state],
      }));
  }
}

/** Something that is done again and again by itself was not, for far too long. */
function isOverdue(at: string, now: Date): boolean {
  return now.getTime() - Date.parse(at) > OVERDUE_MS;
}

function isQuietByNature(source: string): boolean {
  return source.startsWith('/plugins/') || source === PAGERDUTY;
}

function later(one: string | undefined, other: string): string {
  return one && one > other ? one : other;
}
