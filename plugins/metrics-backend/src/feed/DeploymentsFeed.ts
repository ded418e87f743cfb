import {
  deploymentOperations,
  feedEventSchema,
} from '@highroad/plugin-deployments-common';
import { FetchApi, openOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { FeedStore, Lease } from '../database/FeedStore';
import { Intake } from '../service/Intake';
import { ledgerEventOf } from './ledgerEventOf';

/** Name of the feed, of its cursor and of the lease of whoever reads it. */
export const DEPLOYMENTS_FEED = 'deployments';
/** Source of what the feed tells, where it does not say so itself. */
export const FEED_SOURCE = '/plugins/deployments';
const AT_ONCE = 500;

const pageSchema = z.object({ items: z.array(z.unknown()), next: z.number() });

/** Reads the feed of the deployments from where it was, so that nothing is lost while nobody reads. */
export class DeploymentsFeed {
  readonly #feeds: FeedStore;
  readonly #fetchApi: FetchApi;
  readonly #intake: Intake;
  readonly #now: () => Date;

  constructor(options: {
    feeds: FeedStore;
    fetchApi: FetchApi;
    intake: Intake;
    now: () => Date;
  }) {
    this.#feeds = options.feeds;
    this.#fetchApi = options.fetchApi;
    this.#intake = options.intake;
    this.#now = options.now;
  }

  /**
   * Reads all that is new. Events and cursor are written in one transaction.
   *
   * @throws LostLeaseError, and whatever keeps the feed from being read, which is noted too
   */
  async read(lease: Lease, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const after = await this.#feeds.cursor(lease.name);
        const response = await openOperation(
          this.#fetchApi,
          deploymentOperations.events,
          { after, limit: AT_ONCE },
          { signal },
        );
        const { items, next } = pageSchema.parse(await response.json());
        const lastReadAt = this.#now().toISOString();
        await this.#intake.take(items.flatMap(take), {
          source: FEED_SOURCE,
          within: transaction =>
            this.#feeds.hold(
              lease,
              {
                ...{ cursor: next, last_read_at: lastReadAt, problem: null },
                first_read_at: transaction.raw('coalesce(first_read_at, ?)', [
                  lastReadAt,
                ]),
              },
              transaction,
            ),
        });
        if (items.length < AT_ONCE) return;
      }
    } catch (error) {
      if (signal.aborted) return;
      const problem = error instanceof Error ? error.message : String(error);
      await this.#feeds.hold(lease, { problem: problem.slice(0, 500) });
      throw error;
    }
  }
}

/** What cannot be read goes on as it is, so that it is kept with the reason. */
function take(item: unknown): unknown[] {
  return eventsOfFeed(item) ?? [item];
}

/** Events of what the feed told, for what lies in the quarantine as it came. */
export async function translateFeed(
  item: unknown,
): Promise<object[] | undefined> {
  return eventsOfFeed(item);
}

/** @returns `undefined` for what cannot be read */
function eventsOfFeed(item: unknown): object[] | undefined {
  const read = feedEventSchema.safeParse(item);
  if (!read.success) return undefined;
  const event = ledgerEventOf(read.data);
  return event ? [event] : [];
}
