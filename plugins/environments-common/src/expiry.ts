import { parseDuration } from './duration';

/** What an environment's end depends on. */
export interface Lifetime {
  /** `spec.ttl` */
  ttl: string;
  /** `spec.keep`, or the label */
  kept: boolean;
  createdAt: Date;
  /** When something was last done with it; counts only where the platform counts from activity */
  lastActivityAt?: Date;
  /** From the annotation */
  extendedUntil?: Date;
}

/** What the platform allows. */
export interface LifetimeLimits {
  countFrom: 'creation' | 'activity';
  /** Longest life without being kept, in milliseconds from creation */
  maxLifetimeMs: number;
}

/**
 * When an environment ends.
 *
 * @returns undefined for one that is kept, and for one whose time to live cannot be read, which ends nothing
 */
export function expiryOf(
  lifetime: Lifetime,
  limits: LifetimeLimits,
): Date | undefined {
  const { ttl, kept, createdAt, lastActivityAt, extendedUntil } = lifetime;
  const lives = parseDuration(ttl);
  if (kept || lives === undefined) return undefined;
  const from =
    limits.countFrom === 'activity' && lastActivityAt
      ? Math.max(createdAt.getTime(), lastActivityAt.getTime())
      : createdAt.getTime();
  const wanted = Math.max(from + lives, extendedUntil?.getTime() ?? 0);
  return new Date(Math.min(wanted, createdAt.getTime() + limits.maxLifetimeMs));
}
