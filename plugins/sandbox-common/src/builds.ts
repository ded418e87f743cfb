import { z } from 'zod';

/** The context of the commit statuses that the builder sets. */
export const BUILD_STATUS_CONTEXT = 'highroad/build';

export const buildStepSchema = z.object({
  /** Such as `checkout`, `make test`, `image` */
  name: z.string(),
  state: z.enum(['running', 'succeeded', 'failed', 'skipped']),
  startedAt: z.string(),
  /** How long it took; absent while it runs */
  seconds: z.number().optional(),
  /** Why it was left out, or what is wrong */
  note: z.string().optional(),
});
export type BuildStep = z.infer<typeof buildStepSchema>;

/** How far a build is. Only the first two are followed by another. */
export const buildProgressSchema = z.discriminatedUnion('state', [
  z.object({ state: z.literal('queued') }),
  z.object({ state: z.literal('running'), startedAt: z.string() }),
  z.object({
    state: z.literal('succeeded'),
    startedAt: z.string(),
    endedAt: z.string(),
    /** What was pushed; absent where the repository has no Dockerfile */
    image: z
      .object({
        /** Without a tag */
        name: z.string(),
        tags: z.array(z.string()),
        digest: z.string(),
      })
      .optional(),
  }),
  z.object({
    /** What the repository holds is at fault */
    state: z.literal('failed'),
    startedAt: z.string(),
    endedAt: z.string(),
    problem: z.string(),
  }),
  z.object({
    /** The builder, or something that it needs, is at fault */
    state: z.literal('error'),
    endedAt: z.string(),
    problem: z.string(),
  }),
  z.object({
    state: z.literal('superseded'),
    endedAt: z.string(),
    /** Id of the build of the newer commit */
    by: z.string(),
  }),
]);
export type BuildProgress = z.infer<typeof buildProgressSchema>;

/** One run of the builder over one commit. */
export const buildSchema = z.object({
  /** Sorts by the time it was queued */
  id: z.string().regex(/^[0-9]{17}-[0-9a-f]{8}$/),
  /** `owner/name` */
  repository: z.string(),
  /** The whole hash */
  commit: z.string().regex(/^[0-9a-f]{40,64}$/),
  /** What the commit was when it was queued: the head of a branch, or of a pull request */
  ref: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('branch'), branch: z.string() }),
    z.object({
      kind: z.literal('pull-request'),
      number: z.number().int(),
      branch: z.string(),
    }),
  ]),
  /** What it was queued for: an event, or a head without a status that was found when the builder started */
  cause: z.enum(['push', 'pull-request', 'found']),
  queuedAt: z.string(),
  /** How often it was begun: a builder that is killed begins again */
  attempts: z.number().int(),
  steps: z.array(buildStepSchema),
  progress: buildProgressSchema,
});
export type Build = z.infer<typeof buildSchema>;
export type BuildRef = Build['ref'];

/** Whether nothing follows any more. */
export function hasEnded({ progress }: Build): boolean {
  return progress.state !== 'queued' && progress.state !== 'running';
}
