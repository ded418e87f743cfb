import { z } from 'zod';
import { bandNames } from './bands';
import { keys, units } from './definitions';

/** A number beside the first one, such as the number of failures that are open. */
const besideSchema = z.object({
  name: z.string(),
  value: z.number(),
  unit: z.enum(['count', 'seconds', 'share', 'days']),
  /** What it is taken from, where the deployments behind the number are not that */
  behind: z.enum(['incidents', 'open-failures']).optional(),
});
export type Beside = z.infer<typeof besideSchema>;

/**
 * What is known of a number. `no-data`: nothing that could say it is connected. `nothing`: it is connected, and there was nothing
 * to take the number from, such as no failure to recover from.
 */
export const measureSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('no-data'), why: z.string() }),
  z.object({
    state: z.literal('nothing'),
    why: z.string(),
    beside: z.array(besideSchema),
  }),
  z.object({
    state: z.literal('value'),
    /** A median where it is of durations */
    value: z.number(),
    /** What it was taken from */
    n: z.number().int(),
    p75: z.number().optional(),
    p90: z.number().optional(),
    beside: z.array(besideSchema),
  }),
]);
export type Measure = z.infer<typeof measureSchema>;

const rangeSchema = z.object({ from: z.string(), to: z.string() });

/** Of how many services deployments are known for the whole range, where that is not so of all. */
const partlySchema = z.object({
  known: z.number().int(),
  of: z.number().int(),
});
export type Partly = z.infer<typeof partlySchema>;

/** What all answers say of what they are about. */
export const scopeSchema = z.object({
  /** Reference of a group, system or service; none for all */
  slice: z.string().optional(),
  environments: z.array(z.string()),
  range: rangeSchema,
  previous: rangeSchema,
  /** Of the IANA; days are those of this zone */
  timeZone: z.string(),
  /** First day that deployments are known of, where that is later than the first day of the range before */
  knownFrom: z.string().optional(),
  /** Nobody tells of deployments in it: nothing is known, not even that there were none */
  untold: z.literal(true).optional(),
  partly: partlySchema.optional(),
  /** The range ends today or later, so that its last day is not whole */
  incomplete: z.boolean(),
  /** Example history is among what is counted */
  example: z.boolean(),
  /** All is being computed anew: what is not reached yet is as it was before, or missing where it was kept otherwise then */
  anew: z.boolean().optional(),
});
export type Scope = z.infer<typeof scopeSchema>;

export const keySummarySchema = z.object({
  key: z.enum(keys),
  unit: z.enum(units),
  current: measureSchema,
  previous: measureSchema,
  band: z.enum(bandNames).optional(),
  /** One sentence */
  reading: z.string(),
});
export type KeySummary = z.infer<typeof keySummarySchema>;

export const pointSchema = z.object({
  from: z.string(),
  to: z.string(),
  /** Left out where there was nothing to take it from */
  value: z.number().optional(),
  n: z.number().int(),
  p75: z.number().optional(),
  p90: z.number().optional(),
  /** Of the frequency: days with a deployment, which its bands go by */
  days: z.number().int().optional(),
  /** The whole of its time is in the range and over */
  complete: z.boolean(),
  /** Nothing is known of its time, so that what is left out may have been */
  unknown: z.literal(true).optional(),
});
export type Point = z.infer<typeof pointSchema>;

/** A number over time. */
export const seriesSchema = z.object({
  key: z.enum(keys),
  /** Oldest first, without gaps */
  points: z.array(pointSchema),
  /** The same of the range before */
  previous: z.array(pointSchema),
  /** How many were how long; only of durations */
  distribution: z.array(
    z.object({
      /** Seconds, from this */
      from: z.number(),
      /** to less than this; the last has none */
      to: z.number().optional(),
      n: z.number().int(),
    }),
  ),
});
export type Series = z.infer<typeof seriesSchema>;

export const teamRowSchema = z.object({
  /** Reference of the owner, system or service; empty where nobody is known to have owned it */
  ref: z.string(),
  measures: z.object({
    frequency: measureSchema,
    'lead-time': measureSchema,
    'change-failure-rate': measureSchema,
    recovery: measureSchema,
    rework: measureSchema,
  }),
  /** Deployments in each week of the range, oldest first; null where nothing is known of it */
  trend: z.array(z.number().nullable()),
  partly: partlySchema.optional(),
  /** Example history is among what is counted */
  example: z.boolean().optional(),
});
export type TeamRow = z.infer<typeof teamRowSchema>;

/** What a table of teams, systems or services can be sorted by. */
export const teamColumns = ['name', ...keys] as const;
export type TeamColumn = (typeof teamColumns)[number];

export const changeSampleSchema = z.object({
  change: z.string(),
  title: z.string().optional(),
  url: z.string().optional(),
  startedAt: z.string(),
  /** From there to the finish of the deployment */
  seconds: z.number(),
  /** Left out of the median, since it is negative */
  excluded: z.boolean(),
});

export const detailSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment: z.string(),
  version: z.string().optional(),
  commit: z.string().optional(),
  /** Its page, where the host is known */
  commitUrl: z.string().optional(),
  finishedAt: z.string(),
  outcome: z.string(),
  kind: z.string(),
  url: z.string().optional(),
  owner: z.string().optional(),
  example: z.boolean(),
  /** Why it counts for the number, or does not */
  why: z.string(),
  counts: z.boolean(),
  recoverySeconds: z.number().optional(),
  /** Those that began first, 50 at most; where a length of time is asked for, of those that took so long */
  changes: z.array(changeSampleSchema),
  /** How many of these it brought first */
  changesInAll: z.number().int(),
  incidents: z.array(
    z.object({
      incident: z.string(),
      title: z.string().optional(),
      url: z.string().optional(),
      detectedAt: z.string(),
      resolvedAt: z.string().optional(),
    }),
  ),
});
export type Detail = z.infer<typeof detailSchema>;

/** An incident behind the time to restore, whatever caused it. */
export const incidentDetailSchema = z.object({
  service: z.string(),
  environment: z.string(),
  incident: z.string(),
  title: z.string().optional(),
  url: z.string().optional(),
  /** It counts for the day of this */
  detectedAt: z.string(),
  resolvedAt: z.string().optional(),
  /** Left out while it is open */
  restoreSeconds: z.number().optional(),
  owner: z.string().optional(),
  example: z.boolean(),
  /** Id of the deployment that it makes a failure of */
  deployment: z.string().optional(),
  /** Why it counts for the median, or does not */
  why: z.string(),
  counts: z.boolean(),
});
export type IncidentDetail = z.infer<typeof incidentDetailSchema>;
