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
const placeSchema = z.object({ seq: z.number(), id: z.string().max(255) });

/**
 * Reads the feed of the deployments from where it was, so that nothing is lost while nobody reads. The last event that was read is read
 * once more with the next: where another one has its number, the feed's database was put back to what it was before, and what came since
 * stands behind the cursor. Then all is read from the beginning; what is known counts once.
 */
export class DeploymentsFeed {
  readonly #feeds: FeedStore;
  readonly #fetchApi: FetchApi;
  readonly #intake: Intake;
  readonly #now: () => Date;
  readonly #onProblem: (message: string) => void;

  constructor(options: {
    feeds: FeedStore;
    fetchApi: FetchApi;
    intake: Intake;
    now: () => Date;
    /** Told that the feed is another one than it was */
    onProblem: (message: string) => void;
  }) {
    this.#feeds = options.feeds;
    this.#fetchApi = options.fetchApi;
    this.#intake = options.intake;
    this.#now = options.now;
    this.#onProblem = options.onProblem;
  }

  /**
   * Reads all that is new. Events and cursor are written in one transaction.
   *
   * @throws LostLeaseError, and whatever keeps the feed from being read, which is noted too
   */
  async read(lease: Lease, signal: AbortSignal): Promise<void> {
    try {
      while (!signal.aborted) {
        const { cursor, lastId } = await this.#feeds.place(lease.name);
        const response = await openOperation(
          this.#fetchApi,
          deploymentOperations.events,
          { after: lastId === undefined ? cursor : cursor - 1, limit: AT_ONCE },
          { signal },
        );
        const { items, next } = pageSchema.parse(await response.json());
        if (lastId !== undefined && placeOf(items[0])?.id !== lastId) {
          this.#onProblem(
            `Event ${cursor} of the feed of deployments is not the one that was read, as after its database was put back to what it was before. The feed is read anew from the beginning; what is known counts once.`,
          );
          await this.#feeds.hold(lease, { cursor: 0, last_id: null });
          continue;
        }
        const fresh = lastId === undefined ? items : items.slice(1);
        const last = placeOf(items.at(-1));
        const lastReadAt = this.#now().toISOString();
        await this.#intake.take(fresh.flatMap(take), {
          source: FEED_SOURCE,
          // Read again, it may be told in another way than an older portal did.
          firstStays: true,
          within: transaction =>
            this.#feeds.hold(
              lease,
              {
                ...{ cursor: next, last_read_at: lastReadAt, problem: null },
                // Known again only where it has the number that is gone on from.
                ...(items.length > 0 && {
                  last_id: last?.seq === next ? last.id : null,
                  last_seq: next,
                }),
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

/** The number and the id of an event, as far as it has them. */
function placeOf(item: unknown): z.output<typeof placeSchema> | undefined {
  const read = placeSchema.safeParse(item);
  return read.success ? read.data : undefined;
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
