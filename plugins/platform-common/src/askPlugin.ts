import { ResponseError } from '@backstage/errors';
import { z } from 'zod';

/**
 * Asks a plugin's backend and checks the shape of what it answers.
 *
 * @param fetchApi - signs the request, and resolves `plugin://` addresses where the address is one
 * @throws ResponseError with the backend's answer, for any status but 2xx
 * @throws ZodError for an answer in another shape
 */
export async function askPlugin<T extends z.ZodTypeAny>(
  fetchApi: { fetch: typeof fetch },
  address: string,
  schema: T,
  init?: RequestInit,
): Promise<z.output<T>> {
  const response = await fetchApi.fetch(address, init);
  if (!response.ok) throw await ResponseError.fromResponse(response);
  return schema.parse(await response.json());
}
