import { Traffic } from '@highroad/plugin-deployments-common';

/** A time, in milliseconds since 1970, during which one share of the requests went to the new version. */
export interface Stretch {
  from: number;
  to: number;
  /** Percent */
  weight: number;
}

/** @param end - when the last stretch ended, or now */
export function stretchesOf(traffic: Traffic[], end: number): Stretch[] {
  return traffic.map(({ at, weight }, index) => {
    const from = Date.parse(at);
    const next = traffic.at(index + 1);
    return {
      from,
      to: Math.max(from, next ? Date.parse(next.at) : end),
      weight,
    };
  });
}
