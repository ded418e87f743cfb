import { z } from 'zod';
import { Deployed } from './Deployed';
import { versionOf } from './deployNext';

/** More that failed one after the other are not told apart. */
const MOST = 20;

export const earlierSchema = z.object({
  /** Completed deployments that were no rollbacks, in their order: the last that succeeded, and those that failed since */
  tries: z.array(
    z.object({
      deployment: z.string(),
      at: z.string(),
      version: z.string().optional(),
      failed: z.boolean(),
      unplanned: z.boolean(),
    }),
  ),
  /** The version that runs: of the last that succeeded, a rollback too */
  ran: z.string().optional(),
});
/** What was deployed to an environment before, as far as a later deployment may repair it or take it back. */
export type Earlier = z.output<typeof earlierSchema>;

export const NOTHING_EARLIER: Earlier = { tries: [] };

/** What was before the next one. */
export function after(earlier: Earlier, one: Deployed): Earlier {
  const { event, completed, rollback, successful } = one;
  if (!completed) return earlier;
  const version = versionOf(event);
  const ran = successful ? version : earlier.ran;
  if (rollback) return { ...earlier, ran };
  const own = {
    ...{ deployment: event.deployment, at: event.at, version },
    ...{ failed: !successful, unplanned: event.unplanned ?? false },
  };
  return {
    ran,
    tries: successful ? [own] : [...earlier.tries, own].slice(-MOST),
  };
}

/**
 * What a hotfix or an unplanned deployment repairs: the last one before it. One that failed in trying the same repair is not what was to
 * be repaired.
 */
export function repairedBy(
  { event }: Deployed,
  { tries }: Earlier,
): string | undefined {
  const version = versionOf(event);
  const isTry = (one: Earlier['tries'][number]) =>
    one.failed &&
    (one.unplanned || (version !== undefined && one.version === version));
  return tries.filter(one => !isTry(one)).at(-1)?.deployment;
}

/** What coming back to an earlier version takes back: the last one, or what ran where that had failed and another version ran. */
export function takenBackBy(
  { event }: Deployed,
  { tries, ran }: Earlier,
): string | undefined {
  const last = tries.at(-1);
  const isOther = last?.failed && ran !== versionOf(event);
  const good = isOther ? tries.find(one => !one.failed) : undefined;
  return (good ?? last)?.deployment;
}
