import { z } from 'zod';

/** CDEvents 0.4 types, as far as deployments have them. */
export const eventTypes = [
  'dev.cdevents.service.deployed.0.2.0',
  'dev.cdevents.service.upgraded.0.2.0',
  'dev.cdevents.service.rolledback.0.2.0',
  'com.myorg.platform.deployment.requested.1',
  'com.myorg.platform.deployment.started.1',
  'com.myorg.platform.deployment.advanced.1',
  'com.myorg.platform.deployment.finished.1',
] as const;

/**
 * What happened to a deployment: a CloudEvent 1.0, written in the transaction that it reports, and kept. Readers go on
 * from the last `seq` that they have seen.
 */
export const deploymentEventSchema = z.object({
  seq: z.number().int().positive(),
  specversion: z.literal('1.0'),
  id: z.string(),
  source: z.string(),
  type: z.enum(eventTypes),
  /** Id of the deployment */
  subject: z.string(),
  time: z.string(),
  data: z.object({
    kind: z.string(),
    service: z.string(),
    environment: z.string(),
    version: z.string(),
    image: z.string(),
    digest: z.string().optional(),
    commit: z.string().optional(),
    state: z.string(),
    requestedBy: z.string(),
    requestedAt: z.string(),
    endedAt: z.string().optional(),
    undoes: z.string().optional(),
    fixes: z.string().optional(),
    unplanned: z.boolean().optional(),
    manifestsDigest: z.string().optional(),
    summary: z.string(),
  }),
});
export type DeploymentEvent = z.infer<typeof deploymentEventSchema>;
