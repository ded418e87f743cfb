import {
  AuthenticationError,
  InputError,
  NotAllowedError,
} from '@backstage/errors';
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
import { EnvironmentCheck, namedIn } from './unreadInput';

const parseJson = express.json({ limit: '1mb' });
/** So long at most is read what somebody sends who is refused already, in milliseconds. */
const STRANGERS_BODY_MS = 2_000;

/**
 * Reads a body. What is no JSON is refused without a word of it: parsers quote it, and it may hold a secret.
 *
 * @param options.withinMs - so long at most; then the connection is ended
 * @throws InputError
 */
function readJson(
  request: Request,
  response: Response,
  options: { withinMs?: number } = {},
): Promise<void> {
  const { withinMs } = options;
  return new Promise((resolve, reject) => {
    const late = withinMs
      ? setTimeout(() => {
          reject(new InputError('The request is not valid. It took too long.'));
          request.destroy();
        }, withinMs)
      : undefined;
    parseJson(request, response, (error?: unknown) => {
      clearTimeout(late);
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
    isEnvironment: EnvironmentCheck;
    /** Of callers who are not known, by {@link refusesItself} operations */
    refusals: RefusalRecords;
    runner: OperationRunner;
    /** Default: two seconds */
    strangersBodyMs?: number;
  },
): Router {
  const { httpAuth, isEnvironment, refusals, runner } = deps;
  const { strangersBodyMs = STRANGERS_BODY_MS } = deps;
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
        .catch(error => {
          const refusal = refusalBy(error);
          if (refusal && refusesItself(operation)) {
            // Beside the answer: whoever is refused waits for no record, and holds up none.
            void refusals.add(async () => {
              const input = await readJson(request, response, {
                withinMs: strangersBodyMs,
              }).then(
                () => inputOf(operation, request),
                // What cannot be read names nothing.
                () => ({ ...request.params }),
              );
              return refusalOf(operation, input, {
                ...{ correlation, error: refusal, isEnvironment, request },
              });
            });
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

/**
 * @returns why somebody was turned away, as a record may say it: a token that is wrong is nobody's business; nothing where it
 * could not be found out who it is
 */
function refusalBy(error: Error): Error | undefined {
  if (error.name === AuthenticationError.name) {
    return new AuthenticationError('The caller did not sign in.');
  }
  return error.name === NotAllowedError.name ? error : undefined;
}

/** What is recorded of a caller who is not known: what they name, as far as that can be read. */
function refusalOf(
  operation: Operation,
  input: unknown,
  options: {
    correlation: string;
    error: Error;
    isEnvironment: EnvironmentCheck;
    request: Request;
  },
): Refusal {
  const { audit } = operation;
  const { correlation, error, isEnvironment, request } = options;
  const { context, detail, hasPlainPath } = namedIn(
    ...([operation, input, isEnvironment] as const),
  );
  return {
    error,
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
  const { streams, live, noStore } = operation.http;
  if (noStore) response.setHeader('Cache-Control', 'no-store');
  if (streams && isStream(answer)) {
    response.setHeader('Content-Type', streams);
    if (live) {
      // What compresses or gathers on the way would hold back what is there already.
      response.setHeader('Cache-Control', 'no-store, no-transform');
      response.setHeader('X-Accel-Buffering', 'no');
      response.flushHeaders();
    }
    await pipeline(Readable.from(answer), response);
    return;
  }
  response.json(answer);
}
