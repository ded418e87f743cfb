import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { deploymentSchema } from './deployment';
import { driftSchema } from './drift';
import { deploymentReadPermission } from './permissions';
import { Readiness, readinessSchema } from './readiness';

/** So many characters of a summary at most: a line of a table shows no more. */
export const LONGEST_SUMMARY = 300;

/**
 * A deployment as a table of thousands shows it. Of what runs: when it ended, and for a rollback who asked for it and what
 * it undoes. Of what was tried since: how that stands, in a sentence of {@link LONGEST_SUMMARY} characters at most.
 */
export const shownDeploymentSchema = deploymentSchema
  .pick({ id: true, version: true })
  .merge(
    deploymentSchema
      .pick({
        ...{ state: true, kind: true, door: true, undoes: true },
        ...{ summary: true, requestedAt: true, endedAt: true },
      })
      .partial(),
  );
export type ShownDeployment = z.infer<typeof shownDeploymentSchema>;

const boardPlaceSchema = z.object({
  /** What was last deployed well there */
  running: shownDeploymentSchema.optional(),
  /** What was tried there since */
  latest: shownDeploymentSchema.optional(),
  /** How its pods are now; a number where all of so many are ready */
  pods: z.union([z.number().int().min(0), readinessSchema]).optional(),
  /** Left out where it is as it was deployed, and where nobody has looked */
  drift: driftSchema.pick({ state: true, summary: true }).optional(),
});
export type BoardPlace = z.infer<typeof boardPlaceSchema>;

/** How pods are, as the board says it. */
export function podsOf(pods: BoardPlace['pods']): Readiness | undefined {
  return typeof pods === 'number' ? { wanted: pods, ready: pods } : pods;
}

/** All that runs where, in as little as a table shows of it. */
export const board = defineOperation({
  plugin: 'deployments',
  name: 'board',
  summary: 'see what runs where, of all services in one table',
  http: { method: 'GET', path: '/v1/board' },
  input: z.object({
    service: z
      .array(z.string().min(1).max(300))
      .max(200)
      .optional()
      .describe('References of services; all if left out'),
    only: z
      .enum(['amiss'])
      .optional()
      .describe('Only where pods are missing or it was changed by hand'),
  }),
  output: z.object({
    /** Environments that something was deployed to: what the places of each service are of, in this order */
    environments: z.array(z.string()),
    /** Environments of which it is not known how many pods are ready now, and why; left out where there are none */
    unwatched: z
      .array(z.object({ environment: z.string(), problem: z.string() }))
      .optional(),
    /** By reference; null where one was never deployed */
    services: z.record(z.array(boardPlaceSchema.nullable())),
  }),
  access: { permission: deploymentReadPermission, filtered: true },
  audit: 'no-effect',
});
