const UNITS_MS: Record<string, number> = {
  h: 3_600_000,
  m: 60_000,
  s: 1_000,
  ms: 1,
};

/**
 * A duration as Argo Rollouts reads it: a number is of seconds; text too, or as Go writes durations, such as `1h30m`.
 *
 * @returns milliseconds; nothing where it is no duration
 */
export function argoDurationMs(
  duration: number | string | undefined,
): number | undefined {
  if (duration === undefined) return undefined;
  if (/^\d+$/.test(String(duration))) return Number(duration) * 1_000;
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)(ms|h|m|s)/g)];
  return parts.length > 0
    ? parts.reduce((sum, [, n, unit]) => sum + Number(n) * UNITS_MS[unit], 0)
    : undefined;
}
