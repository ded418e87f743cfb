import { Operation, pathParameters } from './Operation';

/** Where an operation is served, and what is sent there. */
export interface OperationRequest {
  /** Path and query under the plugin's address */
  path: string;
  init: RequestInit;
}

/**
 * Puts an input into the path, the query and the body that the operation declares. Each value is encoded, so that none
 * can change the shape of the path.
 *
 * @throws TypeError if something that stands in the path is missing
 */
export function operationRequest(
  operation: Operation,
  input: Record<string, unknown>,
): OperationRequest {
  const { method, path } = operation.http;
  const inPath = pathParameters(path);
  const filled = inPath.reduce((text, name) => {
    const value = input[name];
    if (value === undefined || value === '') {
      throw new TypeError(
        `${operation.plugin}.${operation.name} needs ${name}`,
      );
    }
    return text.replace(`:${name}`, encodeURIComponent(String(value)));
  }, path as string);
  const rest = Object.entries(input).filter(
    ([name, value]) => !inPath.includes(name) && value !== undefined,
  );

  if (method === 'GET' || method === 'DELETE') {
    const query = new URLSearchParams(
      rest.flatMap(([name, value]) =>
        [value].flat().map(one => [name, String(one)]),
      ),
    ).toString();
    return { path: query ? `${filled}?${query}` : filled, init: { method } };
  }
  return {
    path: filled,
    init: {
      method,
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(Object.fromEntries(rest)),
    },
  };
}
