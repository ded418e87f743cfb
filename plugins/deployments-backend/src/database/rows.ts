import {
  Deployment,
  deploymentSchema,
  progressSchema,
  refusals,
  steerings,
  Step,
  stepSchema,
} from '@highroad/plugin-deployments-common';
import { z } from 'zod';
import { conditionSchema } from '../service/conditions/Condition';

const json = <T extends z.ZodTypeAny>(schema: T) =>
  z
    .string()
    .transform(text => JSON.parse(text) as unknown)
    .pipe(schema);
const optional = <T extends z.ZodTypeAny>(schema: T) =>
  schema
    .nullish()
    .transform((value: z.output<T> | null | undefined) => value ?? undefined);
const text = optional(z.string());

/** What people can want of a deployment that goes on. */
export const wishes = ['cancel', ...steerings] as const;
export type Wish = (typeof wishes)[number];

/** What comes before all else that is wanted, and is not taken back by what is wanted after it. */
export const endingWishes: Wish[] = ['cancel', 'abort'];

export function isEnd(wish: Wish): boolean {
  return endingWishes.includes(wish);
}

/** What the worker remembers of a deployment from one look to the next. */
export const memorySchema = z.object({
  /** When the shifting must have come on, ISO 8601 */
  deadline: z.string().optional(),
  /** When somebody last looked how it shifts, ISO 8601 */
  lookedAt: z.string().optional(),
  /** By whose clock that was said */
  lookedBy: z.string().optional(),
  /** Until when full traffic is watched, ISO 8601 */
  watchUntil: z.string().optional(),
  /** How often containers had been started again when that began */
  restarts: z.number().optional(),
  /** Pods that were ready and are not any more while it is watched, and since when, ISO 8601 */
  lost: z.record(z.string()).default({}),
  /** What it is judged by, as it was when it was checked */
  conditions: z.array(conditionSchema).default([]),
  /** When each condition was last seen to hold, ISO 8601 */
  held: z.record(z.string()).default({}),
  /** How often the last thing was tried that may be tried again */
  tries: z.number().int().default(0),
  /** Since when, ISO 8601 */
  failingSince: z.string().optional(),
  /** When it was tried last, ISO 8601 */
  triedAt: z.string().optional(),
  /** How long that has been going on, in milliseconds, without the time in which nobody was there to try */
  failingMs: z.number().default(0),
  /** Something may have been written to the cluster, so that ending early means putting it back */
  applied: z.boolean().default(false),
  /** One whose place it took may have left something there, so that ending early means the same */
  inherited: z.boolean().default(false),
  /** Where steering it leads to, from when that was begun until it is done */
  aim: z
    .object({ wish: z.enum(wishes), steps: z.record(z.number()) })
    .optional(),
  /** The lease's token under which it was going to be, for the first time */
  appliedUnder: z.number().optional(),
});
export type Memory = z.output<typeof memorySchema>;

/** Another deployment, whose worker may still be at it until some time (ISO 8601). */
const holdSchema = z.object({ deployment: z.string(), until: z.string() });
export const holdsSchema = json(z.array(holdSchema));
export type Hold = z.output<typeof holdSchema>;

const deploymentRowSchema = z.object({
  id: z.string(),
  kind: deploymentSchema.shape.kind,
  service: z.string(),
  environment: z.string(),
  version: z.string(),
  image: z.string(),
  digest: text,
  commit: text,
  strategy: optional(deploymentSchema.shape.strategy.unwrap()),
  state: deploymentSchema.shape.state,
  summary: z.string(),
  progress: optional(json(progressSchema)),
  requested_by: z.string(),
  door: deploymentSchema.shape.door,
  reason: text,
  approved_by: text,
  undoes: text,
  fixes: text,
  unplanned: z.coerce.boolean(),
  undone_by: text,
  manifests_of: text,
  manifests_digest: text,
  again: z.coerce.boolean(),
  unchanged: z.coerce.boolean(),
  take_over: z.coerce.boolean(),
  refusal: optional(z.enum(refusals)),
  correlation: z.string(),
  requested_at: z.string(),
  ended_at: text,
  revision: z.number(),
  memory: json(memorySchema),
  wish: optional(z.enum(wishes)),
  wished_by: text,
  wish_reason: text,
  due_at: z.string(),
  lease_token: z.number(),
  holds: holdsSchema,
});

/** What only the worker needs is not read where many are. */
const shownRowSchema = deploymentRowSchema.omit({
  ...{ memory: true, holds: true, again: true, due_at: true },
  ...{ wish: true, wished_by: true, wish_reason: true, lease_token: true },
});

/** The columns that {@link deploymentOf} reads. */
export const shownColumns = Object.keys(shownRowSchema.shape);

/** What a table of thousands shows, or is made from. */
const boardRowSchema = deploymentRowSchema.pick({
  ...{ id: true, service: true, environment: true, version: true },
  ...{ state: true, summary: true, kind: true, door: true, undoes: true },
  ...{ requested_at: true, ended_at: true, unchanged: true },
});

/** The columns that {@link boardDeploymentOf} reads. */
export const boardColumns = Object.keys(boardRowSchema.shape);

/** A deployment with the little of it that a table of thousands is made from. */
export type BoardDeployment = Pick<
  Deployment,
  | 'id'
  | 'service'
  | 'environment'
  | 'version'
  | 'state'
  | 'summary'
  | 'kind'
  | 'door'
  | 'undoes'
  | 'requestedAt'
  | 'endedAt'
  | 'unchanged'
>;

/** Reads the {@link boardColumns} of a row of the table `deployments`. */
export function boardDeploymentOf(row: unknown): BoardDeployment {
  const { requested_at, ended_at, ...rest } = boardRowSchema.parse(row);
  return { ...rest, requestedAt: requested_at, endedAt: ended_at };
}

/** A deployment with what only the worker needs. */
export interface WorkItem {
  deployment: Deployment;
  memory: Memory;
  wish?: Wish;
  /** Who wants that */
  wishedBy?: string;
  /** Why, as they said */
  wishReason?: string;
  /** Applied even if exactly that is there already */
  again: boolean;
  /** No effect while one of these may be at it */
  holds: Hold[];
  /** What writes are made with */
  token: number;
}

/** Reads of a row of the table `deployments` what everybody may see. */
export function deploymentOf(row: unknown): Deployment {
  return shown(shownRowSchema.parse(row));
}

/** Reads a row of the table `deployments`. */
export function workItemOf(row: unknown): WorkItem {
  const read = deploymentRowSchema.parse(row);
  return {
    deployment: shown(read),
    memory: read.memory,
    wish: read.wish,
    wishedBy: read.wished_by,
    wishReason: read.wish_reason,
    again: read.again,
    holds: read.holds,
    token: read.lease_token,
  };
}

function shown(read: z.output<typeof shownRowSchema>): Deployment {
  return {
    id: read.id,
    kind: read.kind,
    service: read.service,
    environment: read.environment,
    version: read.version,
    image: read.image,
    digest: read.digest,
    commit: read.commit,
    strategy: read.strategy,
    state: read.state,
    summary: read.summary,
    progress: read.progress,
    requestedBy: read.requested_by,
    door: read.door,
    reason: read.reason,
    approvedBy: read.approved_by,
    undoes: read.undoes,
    ...(read.fixes && { fixes: read.fixes }),
    ...(read.unplanned && { unplanned: true }),
    undoneBy: read.undone_by,
    manifestsOf: read.manifests_of,
    manifestsDigest: read.manifests_digest,
    ...(read.unchanged && { unchanged: true }),
    ...(read.take_over && { takeOver: true }),
    ...(read.refusal && { refusal: read.refusal }),
    correlation: read.correlation,
    requestedAt: read.requested_at,
    endedAt: read.ended_at,
    revision: read.revision,
  };
}

const stepRowSchema = z.object({
  number: z.number(),
  name: z.string(),
  state: stepSchema.shape.state,
  summary: z.string(),
  started_at: z.string(),
  ended_at: text,
  evidence: json(z.array(z.string())),
});

/** Reads a row of the table `steps`. */
export function stepOf(row: unknown): Step {
  const { started_at, ended_at, ...rest } = stepRowSchema.parse(row);
  return { ...rest, startedAt: started_at, endedAt: ended_at };
}

/** What of a deployment can change, as columns. Only what is given is written. */
export function columnsOf(
  change: Partial<Deployment>,
): Record<string, unknown> {
  const { progress, approvedBy, undoneBy, manifestsDigest, endedAt } = change;
  const { digest, commit, strategy, state, summary } = change;
  const { refusal, unchanged } = change;
  const columns = {
    digest,
    commit,
    strategy,
    state,
    summary,
    unchanged,
    refusal,
    progress: progress && JSON.stringify(progress),
    approved_by: approvedBy,
    undone_by: undoneBy,
    manifests_digest: manifestsDigest,
    ended_at: endedAt,
  };
  return Object.fromEntries(
    Object.entries(columns).filter(([, value]) => value !== undefined),
  );
}
