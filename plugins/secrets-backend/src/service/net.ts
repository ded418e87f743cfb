import { isError } from '@backstage/errors';
import { SecretValue } from '@highroad/plugin-platform-common';

const SHOWN = '[secret]';
/** Cut first: a text without an end must not be searched without an end. */
const LONGEST = 1_000;
/** Shorter ones would be found in words that have nothing to do with them. */
const SHORTEST_VALUE = 4;

/** What looks like a value, with what is put in its place. */
const PATTERNS: Array<[RegExp, string]> = [
  [/-----BEGIN [\w ]+-----[^]*/, SHOWN],
  // The user and password of an address, but for one that is an example
  [/(\b[a-z][\w+.-]*:\/\/)(?!\w+:…@)[^\s/@]+@/gi, `$1${SHOWN}@`],
  [/\b(bearer|basic)\s+[\w+/=.~-]{8,}/gi, `$1 ${SHOWN}`],
  // JSON Web Tokens, and tokens of Vault
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.?[\w-]*/g, SHOWN],
  [/\bhv[sbr]\.[\w-]{16,}/g, SHOWN],
  [
    /((?:password|passwd|secret|token|api[-_]?key)["']?\s*[:=]\s*)("[^"]*"?|'[^']*'?|[^\s,;&}\]]+)/gi,
    `$1${SHOWN}`,
  ],
];

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
    .reduce((told, value) => told.replaceAll(value, SHOWN), text);
  const short = rest.length > LONGEST ? `${rest.slice(0, LONGEST)}…` : rest;
  return PATTERNS.reduce(
    (told, [pattern, shown]) => told.replace(pattern, shown),
    short,
  );
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
  if (message === error.message) return error;
  // The stack and the cause would have the words that were taken out.
  return Object.assign(new Error(message), { name: error.name });
}
