import { KeyFacts } from '../drivers/vault/SecretVault';

/** So far the platform's clock and Vault's are apart at most, and what is late on its way comes. */
const LATE_MS = 3_600_000;

/** Which version of a key, whatever others have had the same number. */
export type WhichVersion = Pick<KeyFacts['versions'][number], 'version' | 'at'>;

/** What tells a version that the platform wrote from others that have had its number. */
export interface KnownVersion {
  version: number;
  /** When it was written, ISO 8601 by the platform's clock */
  at: string;
  /** When Vault made it, as Vault says it; not known of what was written before that was kept */
  made?: string;
}

/** Whether it says who wrote this version, and not one that had its number before. */
export function isBy(
  { version, made, at }: KnownVersion,
  which: WhichVersion,
): boolean {
  if (version !== which.version) return false;
  return made
    ? made === which.at
    : Math.abs(Date.parse(at) - Date.parse(which.at)) < LATE_MS;
}

/** Whether what is known of a version is of the time before its key began again: another came later that has no larger number. */
export function isOver(known: KnownVersion, later: KnownVersion): boolean {
  if (known.version < later.version) return false;
  if (known.made && later.made) {
    return Date.parse(known.made) < Date.parse(later.made);
  }
  const [before, after] = [known, later].map(({ made, at }) =>
    Date.parse(made ?? at),
  );
  // A shorter while may be a race, or two clocks.
  return before < after - LATE_MS;
}
