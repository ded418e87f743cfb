import { z } from 'zod';
import { strategies } from './deployment';

/** A place where services stay, as `platform.environments` says. */
export const standingEnvironmentSchema = z.object({
  name: z.string(),
  /** Overlays of this name are taken where a repository has none of the environment's own */
  tier: z.string(),
  cluster: z.string(),
  production: z.boolean(),
  /** Whether somebody other than who asks has to agree */
  approval: z.boolean(),
  strategy: z.enum(strategies).optional(),
});
export type StandingEnvironment = z.infer<typeof standingEnvironmentSchema>;
