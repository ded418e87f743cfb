import type { Logger } from 'pino';
import Type from 'typebox';
import Value from 'typebox/value';
import type { Job } from './queue.ts';

/**
 * Does the work of one kind of job. It may be called twice for one job, so it must leave the
 * same behind as if it had been called once. It stops when the signal says that its time is up.
 */
export type Handler = (job: Job, signal: AbortSignal) => Promise<void>;

/** The handler of each kind. The example is there to be replaced. */
export function createHandlers(logger: Pick<Logger, 'info'>): ReadonlyMap<string, Handler> {
  return new Map([['example', example(logger)]]);
}

const examplePayload = Type.Object({ message: Type.String() });

function example(logger: Pick<Logger, 'info'>): Handler {
  return async ({ id, payload }) => {
    if (!Value.Check(examplePayload, payload)) throw new Error('the payload has no message');
    logger.info({ job_id: id, length: payload.message.length }, 'got a message');
  };
}
