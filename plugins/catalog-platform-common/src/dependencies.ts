import { z } from 'zod';

/**
 * `dependents`: what breaks if this breaks. `dependencies`: what this needs.
 */
export const dependencyDirectionSchema = z.enum(['dependents', 'dependencies']);
export type DependencyDirection = z.infer<typeof dependencyDirectionSchema>;

export const DEFAULT_DEPTH = 4;
export const MAX_DEPTH = 10;

/** Stands for things without a lifecycle, such as resources, in a lifecycle filter. */
export const NO_LIFECYCLE = 'none';

export const onCallSchema = z.object({
  serviceId: z.string(),
  url: z.string(),
});
export type OnCall = z.infer<typeof onCallSchema>;

export const dependencyEntitySchema = z.object({
  ref: z.string(),
  kind: z.string(),
  name: z.string(),
  title: z.string(),
  type: z.string().optional(),
  owner: z.string().optional(),
  lifecycle: z.string().optional(),
  onCall: onCallSchema.optional(),
});
export type DependencyEntity = z.infer<typeof dependencyEntitySchema>;

/** One step of a path: the thing reached, and by which relation of the one before. */
export const pathStepSchema = z.object({
  ref: z.string(),
  relation: z.string(),
});
export type PathStep = z.infer<typeof pathStepSchema>;

export const dependencyItemSchema = dependencyEntitySchema.extend({
  /** Number of steps from the thing asked about. */
  depth: z.number().int().positive(),
  /** One shortest way from the thing asked about to this one, which is its last step. */
  path: z.array(pathStepSchema),
  /** How many ways there are that are just as short. */
  pathCount: z.number().int().positive(),
});
export type DependencyItem = z.infer<typeof dependencyItemSchema>;

export const dependencyEdgeSchema = z.object({
  from: z.string(),
  to: z.string(),
  relation: z.string(),
});
export type DependencyEdge = z.infer<typeof dependencyEdgeSchema>;

export const unresolvedReferenceSchema = z.object({
  /** What is named, in full. */
  ref: z.string(),
  /** Who names it. */
  from: z.string(),
  /** The field that names it, e.g. `spec.dependsOn`. */
  field: z.string(),
});
export type UnresolvedReference = z.infer<typeof unresolvedReferenceSchema>;

export const dependencyAnswerSchema = z.object({
  root: dependencyEntitySchema,
  direction: dependencyDirectionSchema,
  depth: z.number().int().positive(),
  /** The lifecycles asked for; empty means all. */
  lifecycle: z.array(z.string()),
  /** What was found and fits the filter: nearest first, then by reference. */
  items: z.array(dependencyItemSchema),
  /** Things that lie on the way to an item without being one. */
  passed: z.array(dependencyEntitySchema),
  /** Every relation between the things above, from the nearer to the farther. */
  edges: z.array(dependencyEdgeSchema),
  /** Things named in files but not in the catalog, or not visible to the one asking. */
  unresolved: z.array(unresolvedReferenceSchema),
  /** How many things of each lifecycle there are before the filter. */
  lifecycles: z.array(
    z.object({ lifecycle: z.string(), count: z.number().int() }),
  ),
  /** A shortest way from the thing asked about back to itself, if there is one. */
  cycle: z.array(pathStepSchema).optional(),
  /** True if something lies beyond the depth asked for. */
  deeper: z.boolean(),
  /** True if there were too many things to follow them all. */
  truncated: z.boolean(),
});
export type DependencyAnswer = z.infer<typeof dependencyAnswerSchema>;

/** What is asked about a thing. */
export const dependencyQuerySchema = z.object({
  direction: dependencyDirectionSchema
    .default('dependents')
    .describe('What breaks with it, or what it needs'),
  depth: z
    .number()
    .int()
    .min(1)
    .max(MAX_DEPTH)
    .default(DEFAULT_DEPTH)
    .describe('How many steps to follow'),
  lifecycle: z
    .array(z.string().min(1).max(63))
    .max(20)
    .default([])
    .describe(
      `List only things of these lifecycles; "${NO_LIFECYCLE}" stands for things that have none`,
    ),
});
export type DependencyQuery = z.infer<typeof dependencyQuerySchema>;

/** The answer without what only a map needs, for readers of text. */
export const dependencySummarySchema = z.object({
  summary: z.string().describe('The answer in one sentence'),
  items: z
    .array(
      z.object({
        ref: z.string(),
        title: z.string(),
        depth: z.number(),
        owner: z.string().optional(),
        lifecycle: z.string().optional(),
        onCallUrl: z.string().optional(),
        path: z
          .array(z.string())
          .describe('The way from the thing asked about to this one'),
      }),
    )
    .describe('Nearest first'),
  unresolved: z
    .array(unresolvedReferenceSchema)
    .describe('Named in a file, but not in the catalog or not visible to you'),
  deeper: z.boolean().describe('True if something lies beyond the depth'),
  truncated: z.boolean().describe('True if there was too much to follow'),
});
export type DependencySummary = z.infer<typeof dependencySummarySchema>;
