import { SecretDifference } from '@highroad/plugin-secrets-common';

/** How the keys of two environments compare. */
export interface Comparison {
  from: string;
  to: string;
  items: SecretDifference[];
}

/** Which values are other ones in which environments. */
export interface Differences {
  /** @returns names of environments in which the key has another value than in this one */
  of(key: string, environment: string): string[];
  /** Keys of which it cannot be said, since no fingerprint of them is kept yet, and where */
  unknown: Array<{ key: string; environments: string[] }>;
}

/**
 * Draws from comparisons how all their environments compare, also those that were not compared with each other: equal
 * values of a key have equal fingerprints everywhere.
 */
export function differencesAmong(comparisons: Comparison[]): Differences {
  const values = new Map<string, Map<string, string>>();
  const unknown = new Map<string, Set<string>>();
  for (const { from, to, items } of comparisons) {
    for (const { key, left, right, foreignIn = [] } of items) {
      const ofKey = values.get(key) ?? new Map<string, string>();
      values.set(key, ofKey);
      if (left) ofKey.set(from, left);
      if (right) ofKey.set(to, right);
      if (foreignIn.length > 0) {
        const known = unknown.get(key) ?? [];
        unknown.set(key, new Set([...known, ...foreignIn]));
      }
    }
  }
  return {
    of(key, environment) {
      const ofKey = values.get(key);
      const own = ofKey?.get(environment);
      if (!ofKey || !own) return [];
      return [...ofKey].flatMap(([name, value]) =>
        value === own ? [] : [name],
      );
    },
    unknown: [...unknown].flatMap(([key, all]) => {
      const known = values.get(key);
      const environments = [...all].filter(name => !known?.has(name)).sort();
      // Alone it differs from nothing.
      return environments.length > 0 && all.size + (known?.size ?? 0) > 1
        ? [{ key, environments }]
        : [];
    }),
  };
}
