import { parseQuantity } from '@highroad/plugin-platform-node/manifests';

/** What a container gets that does not say what it needs, since an environment's quota counts every one. */
export const USUAL = {
  requests: { cpu: '50m', memory: '64Mi' },
  limits: { cpu: '500m', memory: '512Mi' },
} as const;

/** What containers are counted by. */
export const AMOUNTS = ['cpu', 'memory'] as const;
export type Amount = (typeof AMOUNTS)[number];

type Quantities = Record<string, string | number> | null | undefined;

/** What a container says of what it needs. */
export interface Resources {
  requests?: Quantities;
  limits?: Quantities;
  [field: string]: unknown;
}

/** @returns the most that a container may use, in cores or bytes */
export function limitOf(
  resources: Resources | null | undefined,
  amount: Amount,
): number {
  const said = parseQuantity(resources?.limits?.[amount] ?? '');
  if (said !== undefined) return said;
  const asked = parseQuantity(resources?.requests?.[amount] ?? '') ?? 0;
  return Math.max(asked, parseQuantity(USUAL.limits[amount]) ?? 0);
}

/** Whether a sum is more than that, whatever adding up thousandths leaves. */
export function isMore(sum: number, most: number): boolean {
  return sum > most * (1 + 1e-9);
}

/**
 * The same, with a limit where more is asked for than containers are limited to that say none: the cluster would refuse a pod
 * that asks for more than it may use.
 */
export function withLimits<T extends Resources>(resources: T): T {
  const limits = AMOUNTS.flatMap(amount => {
    const asked = resources.requests?.[amount];
    if (asked === undefined || resources.limits?.[amount] !== undefined) {
      return [];
    }
    const usual = parseQuantity(USUAL.limits[amount]) ?? 0;
    return (parseQuantity(asked) ?? 0) > usual
      ? [[amount, asked] as const]
      : [];
  });
  return limits.length > 0
    ? {
        ...resources,
        limits: { ...resources.limits, ...Object.fromEntries(limits) },
      }
    : resources;
}
