import { STATUS_CODES } from 'node:http';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Something that the service needs does not answer now: callers may try again later. */
export class Unavailable extends Error {
  override readonly name = 'Unavailable';
}

/** Answers with a problem document, as RFC 9457 defines it. */
export function sendProblem(reply: FastifyReply, status: number, detail: string): FastifyReply {
  return reply
    .code(status)
    .type('application/problem+json')
    .serializer(JSON.stringify)
    .send({
      title: STATUS_CODES[status] ?? 'Error',
      status,
      detail,
      requestId: reply.request.id,
    });
}

/** Answers every error with a problem document. An unexpected one is logged, and says nothing of its cause. */
export function answerErrors(app: FastifyInstance): void {
  app.setNotFoundHandler((_request, reply) =>
    sendProblem(reply, 404, 'There is nothing at this address.'),
  );

  app.setErrorHandler((error: unknown, request, reply) => {
    const status = clientErrorStatus(error);
    if (status !== undefined && error instanceof Error) {
      return sendProblem(reply, status, error.message);
    }
    request.log.error({ err: error }, 'request failed');
    if (error instanceof Unavailable) {
      return sendProblem(reply, 503, 'The request cannot be answered now. Try again later.');
    }
    return sendProblem(reply, 500, 'The request could not be answered.');
  });
}

/** Fastify's errors about a request (not valid, too large, not JSON) carry their status. */
function clientErrorStatus(error: unknown): number | undefined {
  if (typeof error !== 'object' || error === null || !('statusCode' in error)) return undefined;
  const { statusCode } = error;
  const isClientError = typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
  return isClientError ? statusCode : undefined;
}
