import { z } from 'zod';

const name = z.string().regex(/^[a-z0-9-]{1,80}$/);
const namingSchema = z.object({ runbook: name });
const sayingSchema = z.object({ message: z.string() });

/**
 * The page of docs/runbooks that an error names: in a field of its own, as backends do, or in its words.
 *
 * @returns its name, such as `vault-sealed`
 */
export function namedRunbook(error: unknown): string | undefined {
  const naming = namingSchema.safeParse(error);
  if (naming.success) return naming.data.runbook;
  const saying = sayingSchema.safeParse(error);
  if (!saying.success) return undefined;
  return /\/runbooks\/([a-z0-9-]{1,80})/.exec(saying.data.message)?.[1];
}

/** What an error says without the page that it names in its words, for where that stands beside it. */
export function withoutNamedRunbook(message: string): string {
  return message.replace(
    / (?:What to do: \S*\/runbooks\/\S*|See docs\/runbooks\/[a-z0-9-]+(?:\.md\b\.?)?)/,
    '',
  );
}

/** Has an error lead to a page of docs/runbooks, unless it names one. */
export function leadingTo<T extends Error>(runbook: string, error: T): T {
  return namedRunbook(error) ? error : Object.assign(error, { runbook });
}

/**
 * The page for what went wrong: the one that the error names, or else the one for what it is.
 *
 * @param failure.error - as whoever failed put it
 * @param failure.status - of the answer; nothing where there was none
 * @param refused - the page for what is refused where it was asked, if there is one
 */
export function runbookOf(
  { error, status }: { error: unknown; status?: number },
  refused?: string,
): string | undefined {
  const named = namedRunbook(error);
  if (named) return named;
  if (status === 401) return 'platform-not-signed-in';
  if (status === undefined || status >= 500) return 'platform-does-not-answer';
  // What may not be done has no page of its own where nobody says of what it is.
  return refused ?? (status === 403 ? 'platform-not-signed-in' : undefined);
}
