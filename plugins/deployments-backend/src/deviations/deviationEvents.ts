import { Deviation, DeviationEvent } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { EventContext, insertEvents } from '../database/outbox';

/** Tells of a deviation in the transaction that changes it. Its reason stays where it is asked for. */
export async function writeDeviationEvent(
  transaction: Knex.Transaction,
  type: DeviationEvent['type'],
  deviation: Deviation,
  context: EventContext,
): Promise<void> {
  const { id, service, environment, guardrail } = deviation;
  const { createdBy, createdAt, expiresAt, endedBy, endedAt } = deviation;
  await insertEvents(
    transaction,
    [type],
    {
      subject: id,
      data: {
        ...{ service, environment, guardrail },
        ...{ createdBy, createdAt, expiresAt, endedBy, endedAt },
      },
    },
    context,
  );
}
