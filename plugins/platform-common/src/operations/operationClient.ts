import { ResponseError } from '@backstage/errors';
import { z } from 'zod';
import { leadingTo } from '../errors/runbookOf';
import { Operation, Operations } from './Operation';
import { operationRequest } from './operationRequest';

/** Resolves `plugin://` addresses and signs requests. */
export interface FetchApi {
  fetch: typeof fetch;
}

export interface CallOptions {
  signal?: AbortSignal;
}

/** A method for each operation that answers with JSON. */
export type OperationClient<T extends Operations> = {
  [K in keyof T]: (
    input: z.input<T[K]['input']>,
    options?: CallOptions,
  ) => Promise<z.output<T[K]['output']>>;
};

/**
 * The typed client of a plugin, from what it declares. Usable in a browser, a server and a terminal.
 *
 * Its methods throw a ResponseError with the backend's answer for any status but 2xx, and a ZodError for an answer in
 * another shape.
 */
export function createOperationClient<T extends Operations>(
  operations: T,
  fetchApi: FetchApi,
): OperationClient<T> {
  const methods = Object.entries(operations).map(([key, operation]) => [
    key,
    (input: Record<string, unknown>, options?: CallOptions) =>
      callOperation(fetchApi, operation, input, options),
  ]);
  return Object.fromEntries(methods) as OperationClient<T>;
}

/** Calls one operation. Errors as {@link createOperationClient}. */
export async function callOperation<
  I extends z.AnyZodObject,
  O extends z.ZodTypeAny,
>(
  fetchApi: FetchApi,
  operation: Operation<I, O>,
  input: z.input<I>,
  options: CallOptions = {},
): Promise<z.output<O>> {
  const response = await openOperation(fetchApi, operation, input, options);
  return operation.output.parse(await jsonOf(response));
}

/** @throws Error that quotes nothing of an answer that is no JSON, as the engine's own would: it may hold a secret */
async function jsonOf(response: Response): Promise<unknown> {
  const text = await response.text();
  try {
    return JSON.parse(text);
  } catch {
    throw leadingTo(
      'platform-does-not-answer',
      new Error(
        'The portal answered something that is no JSON, or not all of it. Try again; if it stays so, look at what is between you and the portal.',
      ),
    );
  }
}

/** Calls an operation whose answer comes piece by piece. The body is the caller's to read or to cancel. */
export async function openOperation<I extends z.AnyZodObject>(
  fetchApi: FetchApi,
  operation: Operation<I, z.ZodTypeAny>,
  input: z.input<I>,
  options: CallOptions = {},
): Promise<Response> {
  // Where the input is in another shape, the server says so with the field's name.
  const { path, init } = operationRequest(
    operation as unknown as Operation,
    input,
  );
  const response = await fetchApi.fetch(`plugin://${operation.plugin}${path}`, {
    ...init,
    signal: options.signal,
  });
  if (!response.ok) throw await ResponseError.fromResponse(response);
  return response;
}
