import { z } from 'zod';

/** By which our comment is found again. */
export const COMMENT_MARKER = 'highroad:preview-environment';

const commit = z.string();

/** Something that a person asked for in a comment, and what became of it. */
const toldSchema = z.object({
  author: z.string(),
  /** As it was written, such as `extend 3d` */
  asked: z.string(),
  done: z.boolean(),
  words: z.string(),
});
export type Told = z.output<typeof toldSchema>;

/** What is known of a pull request from one look to the next. All else is asked anew each time. */
export const memorySchema = z.object({
  /** How the host had it when it was last looked at; another one is worth another look */
  seen: z.object({ commit, updatedAt: z.string() }).optional(),
  /** The host's number of the repository that it is a pull request of */
  repository: z.number().optional(),
  /** How often in a row the manifest was not there, or was empty, at a commit */
  absent: z.object({ commit, looks: z.number().int() }).optional(),
  /** What was last asked of the environment */
  applied: z
    .object({
      uid: z.string(),
      commit,
      /** Of all that was asked */
      digest: z.string(),
      /** Whether it was there at a later look, so that its absence means its end */
      found: z.boolean(),
    })
    .optional(),
  /** It does not come back by itself */
  ended: z
    .object({ why: z.enum(['destroyed', 'gone']), commit, by: z.string() })
    .optional(),
  /** For a pull request from a fork: which commit may be provisioned */
  approval: z
    .object({
      given: z.object({ commit, by: z.string() }).optional(),
    })
    .default({}),
  /** Our comment as it is there */
  comment: z.object({ id: z.string(), digest: z.string() }).optional(),
  /** Our commit status as it is there */
  status: z.string().optional(),
  commands: z
    .object({
      /** By the host's clock: comments before this have been read */
      since: z.string().optional(),
      /** Ids of comments that have been read at that time or later */
      read: z.array(z.string()).default([]),
      /** What an extension that is being made will come to, so that making it twice is making it once */
      extending: z
        .object({ comment: z.string(), until: z.string() })
        .optional(),
      /** Up to when commands have been carried out; also kept in our comment, which outlives this */
      toldUntil: z.string().optional(),
      /** The latest last */
      told: z.array(toldSchema).default([]),
      /** When somebody who may not push was last told so, ISO 8601: within the hour it is told a few times only */
      refused: z.array(z.string()).default([]),
    })
    .default({}),
});
export type Memory = z.output<typeof memorySchema>;

/** Of a pull request that nothing is known of. */
export function newMemory(): Memory {
  return memorySchema.parse({});
}
