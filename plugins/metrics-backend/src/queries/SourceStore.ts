import { Source } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { DEPLOYMENTS_FEED } from '../feed/DeploymentsFeed';
import { GIT_HOSTS } from '../gitHosts/events';
import { RepositoryStore } from '../gitHosts/RepositoryStore';

const OWN_FEED = '/plugins/deployments';
const GAP_DAYS = 90;
const DAY_MS = 86_400_000;

const kindSchema = z.object({
  source: z.string(),
  type: z.string(),
  events: z.coerce.number(),
  example: z.coerce.boolean(),
  last_event_at: z.string(),
  last_heard_at: z.string(),
});

const gapSchema = z.object({
  service: z.string(),
  environment: z.string(),
  range_state: z.enum(['no-commit', 'unknown-commit']),
  n: z.coerce.number(),
});

const GAPS = {
  'no-commit':
    'Deployments that say no commit, so that nobody knows what they brought',
  'unknown-commit':
    'Deployments whose commit is not known, so that nobody knows what they brought. Import a clone: platform metrics import',
};

/** Where events come from, how fresh that is, and what is missing. */
export class SourceStore {
  readonly #db: Knex;
  readonly #repositories: RepositoryStore;

  constructor(db: Knex) {
    this.#db = db;
    this.#repositories = new RepositoryStore(db);
  }

  async sources(): Promise<Source[]> {
    const [rows, feed] = await Promise.all([
      this.#db('source_kinds').orderBy(['source', 'type']),
      this.#db('feeds').where({ name: DEPLOYMENTS_FEED }).first(),
    ]);
    const sources = new Map<string, Source>();
    for (const row of z.array(kindSchema).parse(rows)) {
      const one = sources.get(row.source) ?? {
        ...{ source: row.source, events: 0, kinds: [], example: row.example },
      };
      one.events += row.events;
      one.kinds.push(row.type);
      one.lastEventAt = later(one.lastEventAt, row.last_event_at);
      one.lastHeardAt = later(one.lastHeardAt, row.last_heard_at);
      sources.set(row.source, one);
    }
    if (feed) {
      const own = sources.get(OWN_FEED) ?? {
        ...{ source: OWN_FEED, events: 0, kinds: [], example: false },
      };
      sources.set(OWN_FEED, {
        ...own,
        ...(feed.last_read_at && { lastHeardAt: feed.last_read_at }),
        ...(feed.problem && {
          problem: `The feed of deployments cannot be read: ${feed.problem}`,
        }),
      });
    }
    for (const { host, problem } of await this.#repositories.problems()) {
      const source = `${GIT_HOSTS}${host}`;
      const one = sources.get(source) ?? {
        ...{ source, events: 0, kinds: [], example: false },
      };
      // The first of them stands for all: they are mostly the same.
      sources.set(source, { problem, ...one });
    }
    return [...sources.values()];
  }

  /** What keeps changes from being counted, in the last 90 days. */
  async gaps(now: Date) {
    const since = new Date(now.getTime() - GAP_DAYS * DAY_MS).toISOString();
    const rows = await this.#db('deployment_facts')
      .whereIn('range_state', ['no-commit', 'unknown-commit'])
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

function later(one: string | undefined, other: string): string {
  return one && one > other ? one : other;
}
