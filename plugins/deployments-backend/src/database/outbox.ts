import {
  Deployment,
  DeploymentEvent,
  FeedEvent,
  FeedItem,
  feedItemSchema,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';

/** What a writer of events needs besides the deployment. */
export interface EventContext {
  /** ISO 8601 */
  now: string;
  newId: () => string;
}

/** Address that events name as where they come from. */
const SOURCE = '/plugins/deployments';
/** Any number that nothing else in this database locks. */
const OUTBOX_LOCK = 731_204_501;

/** Writes events in the transaction that they report, so that neither is there without the other. */
export async function writeEvents(
  transaction: Knex.Transaction,
  types: DeploymentEvent['type'][],
  deployment: Deployment,
  context: EventContext,
): Promise<void> {
  const { kind, service, environment, version, image, digest, commit } =
    deployment;
  const { state, requestedBy, requestedAt, endedAt, summary } = deployment;
  const { undoes, fixes, unplanned } = deployment;
  const data = {
    ...{ kind, service, environment, version, image, digest, commit },
    ...{ state, requestedBy, requestedAt, endedAt, summary },
    ...{ undoes, fixes, unplanned },
    manifestsDigest: deployment.manifestsDigest,
  };
  await insertEvents(
    transaction,
    types,
    { subject: deployment.id, data },
    context,
  );
}

/** Writes events of one subject, in the transaction that they report. */
export async function insertEvents(
  transaction: Knex.Transaction,
  types: FeedEvent['type'][],
  about: { subject: string; data: object },
  { now, newId }: EventContext,
): Promise<void> {
  if (types.length === 0) return;
  if (transaction.client.config.client === 'pg') {
    // Numbers are given in the order of the ends of transactions, so that no reader goes past one that comes later.
    await transaction.raw('select pg_advisory_xact_lock(?)', [OUTBOX_LOCK]);
  }
  const data = JSON.stringify(about.data);
  await transaction('outbox').insert(
    types.map(type => ({
      id: newId(),
      type,
      subject: about.subject,
      time: now,
      data,
    })),
  );
}

/** Which events tell of how a deployment ended. */
export function endEvents({
  kind,
  state,
  unchanged,
}: Pick<
  Deployment,
  'kind' | 'state' | 'unchanged'
>): DeploymentEvent['type'][] {
  const finished = 'com.myorg.platform.deployment.finished.1';
  // What was there already was deployed once.
  if (state !== 'succeeded' || unchanged) return [finished];
  return kind === 'rollback'
    ? [finished, 'dev.cdevents.service.rolledback.0.2.0']
    : [finished, 'dev.cdevents.service.deployed.0.2.0'];
}

/** Reads events after a number, oldest first. */
export class OutboxStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** @param after - number of the last event that was read */
  async read(after: number, limit: number): Promise<FeedItem[]> {
    const rows = await this.#db('outbox')
      .where('seq', '>', after)
      .orderBy('seq')
      .limit(limit);
    return rows.map(eventOf);
  }
}

function eventOf(row: { seq: unknown; data: string }): FeedItem {
  return feedItemSchema.parse({
    ...row,
    seq: Number(row.seq),
    specversion: '1.0',
    source: SOURCE,
    data: JSON.parse(row.data),
  });
}
