import { AuthenticationError, InputError } from '@backstage/errors';
import { HttpAuthService } from '@backstage/backend-plugin-api';
import {
  CORRELATION_HEADER,
  doorOf,
  Operation,
  Operations,
} from '@highroad/plugin-platform-common';
import express, { Request, Response, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { Refusal, RefusalRecords } from '../access/RefusalRecords';
import { actorOf } from './actorOf';
import { correlationOf } from './correlationOf';
import { Implementations } from './Implementation';
import { isStream, OperationRunner } from './OperationRunner';
import { typedQuery } from './readInput';
import { namedIn } from './unreadInput';

const parseJson = express.json({ limit: '1mb' });

/**
 * Reads a body. What is no JSON is refused without a word of it: parsers quote it, and it may hold a secret.
 *
 * @throws InputError
 */
function readJson(request: Request, response: Response): Promise<void> {
  return new Promise((resolve, reject) => {
    parseJson(request, response, (error?: unknown) => {
      if (!error) {
        resolve();
        return;
      }
      const tooLarge =
        typeof error === 'object' && 'type' in error
          ? error.type === 'entity.too.large'
          : false;
      reject(
        new InputError(
          tooLarge
            ? 'The request is not valid. It is larger than 1 MB.'
            : 'The request is not valid. Its body is not JSON.',
        ),
      );
    });
  });
}

/** The routes of declared operations. What they do not declare goes on to the next router. */
export function createOperationRouter<T extends Operations>(
  operations: T,
  implementations: Implementations<T>,
  deps: {
    httpAuth: HttpAuthService;
    /** Of callers who are not known, by {@link refusesItself} operations */
    refusals: RefusalRecords;
    runner: OperationRunner;
  },
): Router {
  const { httpAuth, refusals, runner } = deps;
  const router = createPromiseRouter();
  for (const key of Object.keys(operations)) {
    const operation: Operation = operations[key];
    const { method, path } = operation.http;
    const route = router.route(path);
    const register =
      route[method.toLowerCase() as Lowercase<typeof method>].bind(route);
    register(async (request: Request, response: Response) => {
      const correlation = correlationOf(request);
      response.setHeader(CORRELATION_HEADER, correlation);
      const credentials = await httpAuth
        .credentials(request, { allow: ['user', 'service'] })
        .catch(async error => {
          if (
            refusesItself(operation) &&
            error instanceof AuthenticationError
          ) {
            await refusals.add(() =>
              refusalOf(operation, correlation, { request, response }),
            );
          }
          throw error;
        });
      const caller = {
        ...{ credentials, correlation, request },
        door: doorOf(request, actorOf(credentials)),
      };
      await readJson(request, response).catch(async error => {
        const input = { ...request.params };
        await runner.recordUnread(operation, { ...caller, input }, error);
        throw error;
      });
      const answer = await runner.run(operation, implementations[key], {
        ...caller,
        input: inputOf(operation, request),
        signal: whileConnected(response),
      });
      await send(operation, response, answer);
    });
  }
  return router;
}

/**
 * Whether the route of an operation itself refuses callers who are not known, so that it can record them: where what is asked
 * for has to be recorded before it happens.
 */
export function refusesItself({ audit }: Operation): boolean {
  return audit !== 'no-effect' && audit.severity === 'critical';
}

/** What is recorded of a caller who is not known: what they name, as far as that can be read. */
async function refusalOf(
  operation: Operation,
  correlation: string,
  { request, response }: { request: Request; response: Response },
): Promise<Refusal> {
  const { audit } = operation;
  // What cannot be read names nothing.
  const input = await readJson(request, response).then(
    () => inputOf(operation, request),
    () => ({ ...request.params }),
  );
  const { context, detail, hasPlainPath } = namedIn(operation, input);
  return {
    error: new AuthenticationError('The caller did not sign in.'),
    ...(audit !== 'no-effect' && { eventId: audit.event }),
    about: { ...context, correlation },
    meta: detail,
    ...(hasPlainPath && { request }),
  };
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
