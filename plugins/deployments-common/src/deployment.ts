import { doors } from '@highroad/plugin-platform-common';
import { z } from 'zod';

/** States that a deployment goes through. */
export const activeStates = [
  'queued',
  'checking',
  'waiting-for-approval',
  'applying',
  'shifting',
] as const;
/** How it ends. It never changes after that. */
export const endStates = [
  'succeeded',
  'failed',
  'cancelled',
  'superseded',
] as const;
export const states = [...activeStates, ...endStates] as const;
export type ActiveState = (typeof activeStates)[number];
export type EndState = (typeof endStates)[number];
export type DeploymentState = (typeof states)[number];

export function hasEnded(state: DeploymentState): state is EndState {
  return endStates.some(one => one === state);
}

/** Why it is made. */
export const kinds = ['deploy', 'promotion', 'rollback'] as const;
export type DeploymentKind = (typeof kinds)[number];

export const strategies = ['rolling', 'canary', 'blue-green'] as const;
export type Strategy = (typeof strategies)[number];

/** What can be done about the shifting of traffic while it goes on. */
export const steerings = [
  'pause',
  'promote',
  'promote-full',
  'skip',
  'abort',
] as const;
export type Steering = (typeof steerings)[number];

/**
 * What a deployment was refused for, where it can be asked for in another way. `field-conflict`: somebody else manages
 * fields that it was to apply, and it was not told to take them over.
 */
export const refusals = ['field-conflict'] as const;
export type Refusal = (typeof refusals)[number];

/** One thing that was done or looked at, with what it showed. */
export const stepSchema = z.object({
  /** Counted from 1 */
  number: z.number().int().positive(),
  name: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'skipped']),
  /** In a sentence */
  summary: z.string(),
  startedAt: z.string(),
  endedAt: z.string().optional(),
  /** Lines that show it: problems found, events, the last of a log */
  evidence: z.array(z.string()),
});
export type Step = z.infer<typeof stepSchema>;

/** How new pods are doing, and how much they get. */
export const progressSchema = z.object({
  /** Pods that are wanted, run the new version, and are ready with it */
  wanted: z.number().int(),
  updated: z.number().int(),
  ready: z.number().int(),
  /** Share of the requests that goes to the new version, in percent; only where traffic is shifted */
  weight: z.number().optional(),
  /** The step of the canary, counted from 1, and how many there are */
  step: z.number().int().optional(),
  steps: z.number().int().optional(),
  /** It goes no further by itself, or not yet */
  paused: z.boolean(),
  /** When a pause is over by itself, where it has an end (ISO 8601) */
  pausedUntil: z.string().optional(),
});
export type Progress = z.infer<typeof progressSchema>;

/** One attempt to bring one version of one service to one environment. */
export const deploymentSchema = z.object({
  id: z.string().uuid(),
  kind: z.enum(kinds),
  /** Reference of the service */
  service: z.string(),
  environment: z.string(),
  /** Image tag */
  version: z.string(),
  /** Image without tag or digest */
  image: z.string(),
  /** What the tag meant when it began; known once it is checked */
  digest: z.string().optional(),
  commit: z.string().optional(),
  strategy: z.enum(strategies).optional(),
  state: z.enum(states),
  /** How it stands or ended, in a sentence */
  summary: z.string(),
  progress: progressSchema.optional(),
  /** Who asked for it; the platform itself for an automatic rollback */
  requestedBy: z.string(),
  door: z.enum(doors),
  reason: z.string().optional(),
  approvedBy: z.string().optional(),
  /** For a rollback, the deployment that it undoes */
  undoes: z.string().optional(),
  /** The deployment that this one repairs, where whoever asked for it said so */
  fixes: z.string().optional(),
  /** It repairs something that users met, and was not planned */
  unplanned: z.boolean().optional(),
  /** The rollback that undid this one */
  undoneBy: z.string().optional(),
  /** For a rollback or a promotion, the deployment whose manifests it applies */
  manifestsOf: z.string().optional(),
  /** sha256 of the manifests that were rendered */
  manifestsDigest: z.string().optional(),
  /** It succeeded without being applied, since exactly that was there already */
  unchanged: z.boolean().optional(),
  /** It takes fields that somebody else manages, rather than be refused */
  takeOver: z.boolean().optional(),
  /** Why it failed, where asking for it in another way can help */
  refusal: z.enum(refusals).optional(),
  correlation: z.string(),
  requestedAt: z.string(),
  endedAt: z.string().optional(),
  /** Grows with each change */
  revision: z.number().int(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** From when on (ISO 8601) which share of the requests went to the new version, in percent. */
export const trafficSchema = z.object({ at: z.string(), weight: z.number() });
export type Traffic = z.infer<typeof trafficSchema>;

/** With its steps. */
export const deploymentDetailSchema = deploymentSchema.extend({
  steps: z.array(stepSchema),
  /** In order, whenever it changed; left out where no traffic was shifted */
  traffic: z.array(trafficSchema).optional(),
});
export type DeploymentDetail = z.infer<typeof deploymentDetailSchema>;
