import { isError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';
import { redact, REDACTED } from '@highroad/plugin-platform-node';

const LONGEST = 1_000;
/** Shorter ones would be found in words that have nothing to do with them. */
const SHORTEST_VALUE = 4;

/**
 * Takes out of the words of others what is or looks like a value. It is a net behind {@link SecretValue}, which keeps values
 * out of our own words by its type.
 *
 * @param known - values that are under way, which are taken out however they look
 */
export function withoutValues(
  text: string,
  known: Array<SecretValue | undefined> = [],
): string {
  const texts = known.flatMap(value => value?.reveal() ?? []);
  const rest = texts
    .filter(value => value.length >= SHORTEST_VALUE)
    .reduce((told, value) => told.replaceAll(value, REDACTED), text);
  const short = rest.length > LONGEST ? `${rest.slice(0, LONGEST)}…` : rest;
  return redact(short.split('\n')).join('\n');
}

/**
 * An error of others as it may go on: itself, or where its words hold a value, another of its name without them.
 *
 * @param known - as for `withoutValues`
 */
export function errorWithoutValues(
  error: unknown,
  known: Array<SecretValue | undefined>,
): Error {
  if (!isError(error)) return new Error(withoutValues(String(error), known));
  const message = withoutValues(error.message, known);
  const isBare = Object.entries(error).every(
    ([key, what]) => key === 'name' || what === undefined,
  );
  if (message === error.message && isBare && error.cause === undefined) {
    return error;
  }
  // Its stack and cause would have the words that were taken out, and what else it has may be the request.
  return Object.assign(new Error(message), { name: error.name });
}
