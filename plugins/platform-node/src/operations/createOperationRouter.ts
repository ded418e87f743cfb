import { InputError } from '@backstage/errors';
import { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  CORRELATION_HEADER,
  doorOf,
  Operation,
  Operations,
} from '@highroad/plugin-platform-common';
import express, { Request, RequestHandler, Response, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { actorOf } from './actorOf';
import { correlationOf } from './correlationOf';
import { Implementations } from './Implementation';
import { isStream, OperationRunner } from './OperationRunner';
import { typedQuery } from './readInput';

const parseJson = express.json({ limit: '1mb' });

/** Reads a body. What is no JSON is refused without a word of it: parsers quote it, and it may hold a secret. */
const json: RequestHandler = (request, response, next) =>
  parseJson(request, response, (error?: unknown) => {
    if (!error) return next();
    const tooLarge =
      typeof error === 'object' && 'type' in error
        ? error.type === 'entity.too.large'
        : false;
    return next(
      new InputError(
        tooLarge
          ? 'The request is not valid. It is larger than 1 MB.'
          : 'The request is not valid. Its body is not JSON.',
      ),
    );
  });

/** The routes of declared operations. What they do not declare goes on to the next router. */
export function createOperationRouter<T extends Operations>(
  operations: T,
  implementations: Implementations<T>,
  deps: { httpAuth: HttpAuthService; runner: OperationRunner },
): Router {
  const { httpAuth, runner } = deps;
  const router = createPromiseRouter();
  for (const key of Object.keys(operations)) {
    const operation: Operation = operations[key];
    const { method, path } = operation.http;
    const route = router.route(path);
    const register =
      route[method.toLowerCase() as Lowercase<typeof method>].bind(route);
    register(json, async (request: Request, response: Response) => {
      const credentials = await httpAuth.credentials(request, {
        allow: ['user', 'service'],
      });
      const correlation = correlationOf(request);
      response.setHeader(CORRELATION_HEADER, correlation);
      const answer = await runner.run(operation, implementations[key], {
        input: inputOf(operation, request),
        credentials,
        door: doorOf(request, actorOf(credentials)),
        correlation,
        signal: whileConnected(response),
        request,
      });
      await send(operation, response, answer);
    });
  }
  return router;
}

/** Path over body or query: what names the thing cannot be given twice. */
function inputOf(operation: Operation, request: Request): unknown {
  const { method } = operation.http;
  const rest =
    method === 'GET' || method === 'DELETE'
      ? typedQuery(operation.input, request.query)
      : request.body;
  const isObject = typeof rest === 'object' && rest !== null;
  if (!isObject || Array.isArray(rest)) return rest;
  return { ...rest, ...request.params };
}

/** Aborts when the caller has gone, so that nothing is waited for in vain. */
function whileConnected(response: Response): AbortSignal {
  const abort = new AbortController();
  response.once('close', () => abort.abort());
  return abort.signal;
}

async function send(
  operation: Operation,
  response: Response,
  answer: unknown,
): Promise<void> {
  const { streams, noStore } = operation.http;
  if (noStore) response.setHeader('Cache-Control', 'no-store');
  if (streams && isStream(answer)) {
    response.setHeader('Content-Type', streams);
    await pipeline(Readable.from(answer), response);
    return;
  }
  response.json(answer);
}
