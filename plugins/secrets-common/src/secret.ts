import { z } from 'zod';

/** Where a key's value stands on its way to the programs that use it. */
export const syncStates = [
  /** The Secret holds it */
  'synced',
  /** It is on its way, or the cluster does not take it now */
  'behind',
  /** The service does not run there yet */
  'waiting',
  /** Nothing is brought there any more: the configuration does not name it. What was brought is as it was */
  'left',
] as const;

/** How the Secret of a service in one environment is doing. */
export const syncSchema = z.object({
  environment: z.string(),
  cluster: z.string(),
  namespace: z.string(),
  /** Name of the Secret */
  secret: z.string(),
  state: z.enum(syncStates),
  /** In words: what is wrong, or since when it is well */
  message: z.string(),
  /** When it was last the same as in Vault, ISO 8601 */
  syncedAt: z.string().optional(),
  /** When programs that use it are restarted next, ISO 8601 */
  restartAt: z.string().optional(),
  /** When they last were, ISO 8601 */
  restartedAt: z.string().optional(),
});
export type SecretSync = z.infer<typeof syncSchema>;

/** A key in one environment. Never its value. */
export const secretSchema = z.object({
  service: z.string(),
  environment: z.string(),
  key: z.string(),
  /** Of the newest value; grows with each */
  version: z.number().int(),
  state: z.enum(['set', 'deleted']),
  /** When that was written, ISO 8601 */
  updatedAt: z.string(),
  /** Who wrote it; none where it was not written through the platform */
  updatedBy: z.string().optional(),
  /** Of one that is deleted: when, ISO 8601, if Vault has it, and by whom, if that was done through the platform */
  deletedAt: z.string().optional(),
  deletedBy: z.string().optional(),
  sync: z.enum(syncStates).optional(),
  /** Why this version cannot be brought to the cluster, or stays there, in words: what helps is said with it */
  leftOut: z.string().optional(),
});
export type Secret = z.infer<typeof secretSchema>;

/** What is there and cannot be looked at, since Vault refuses it to the platform. */
export const unseenSchema = z.object({
  environment: z.string(),
  /** All that is there, if left out */
  key: z.string().optional(),
  /** In words: what helps is said with it */
  why: z.string(),
});
export type UnseenKey = z.infer<typeof unseenSchema>;

/** One version of a key. Never its value. */
export const secretVersionSchema = z.object({
  version: z.number().int(),
  at: z.string(),
  state: z.enum(['current', 'superseded', 'deleted', 'destroyed']),
  /** None where it was written straight to Vault */
  by: z.string().optional(),
  how: z.enum(['set', 'import', 'restore', 'rotate']).optional(),
  /** Of one that is deleted: when, ISO 8601, and by whom, if that was done through the platform */
  deletedAt: z.string().optional(),
  deletedBy: z.string().optional(),
  /** When it was last put back after it was deleted, if that was done through the platform: Vault does not keep it */
  undeletedAt: z.string().optional(),
  undeletedBy: z.string().optional(),
});
export type SecretVersion = z.infer<typeof secretVersionSchema>;

/** What became of one key in one environment. */
export const changeSchema = z.object({
  environment: z.string(),
  key: z.string(),
  /** `unchanged`: the value was the same, so nothing was written or restarted */
  outcome: z.enum(['set', 'unchanged', 'deleted', 'undeleted', 'restored']),
  version: z.number().int(),
  /** The value that was in force before, if there was one, and who had set it, if it was set through the platform */
  replaced: z
    .object({ version: z.number().int(), by: z.string().optional() })
    .optional(),
});
export type SecretChange = z.infer<typeof changeSchema>;

/** How a key compares between two environments. */
export const differenceSchema = z.object({
  key: z.string(),
  outcome: z.enum([
    'same',
    'differs',
    'missing-left',
    'missing-right',
    'not-comparable',
  ]),
  /**
   * Of what is not comparable: environments whose value was written straight to Vault, in a shape that is not understood, or
   * where only kept fingerprints are compared, has none, or one by another key
   */
  foreignIn: z.array(z.string()).optional(),
  /** Of what is not comparable: environments whose value, or what is kept with it, Vault refuses to the platform */
  refusedIn: z.array(z.string()).optional(),
  /** Fingerprints of the values, keyed: they say whether values are the same, and nothing of them */
  left: z.string().optional(),
  right: z.string().optional(),
});
export type SecretDifference = z.infer<typeof differenceSchema>;

/** Why a key is not comparable and where, in words. */
export function whyNotComparable({
  foreignIn = [],
  refusedIn = [],
}: Pick<SecretDifference, 'foreignIn' | 'refusedIn'>): string {
  return [
    ...(foreignIn.length > 0
      ? [`in a shape of its own in ${foreignIn.join(' and ')}`]
      : []),
    ...(refusedIn.length > 0
      ? [`refused by Vault in ${refusedIn.join(' and ')}`]
      : []),
  ].join(', ');
}

/** A key of a standing environment that environments on demand are given. */
export const lentKeySchema = z.object({
  /** The standing environment whose value they get */
  environment: z.string(),
  key: z.string(),
  /** Names of the environments on demand */
  to: z.array(z.string()),
});
export type LentKey = z.infer<typeof lentKeySchema>;
