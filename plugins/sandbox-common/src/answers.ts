import { z } from 'zod';
import { buildSchema } from './builds';
import { sandboxStatusSchema } from './status';

/** How to get at the servers from a terminal. Paths and addresses; never a credential. */
export const accessSchema = z.object({
  /** Folder of the sandbox: data, credentials, logs */
  directory: z.string(),
  /** File with all addresses and credentials, which only its owner can read */
  connectionFile: z.string(),
  /** Path of the cluster's kubeconfig */
  kubeconfig: z.string(),
  /** Host names under it lead to services that have an Ingress */
  ingressDomain: z.string(),
  ingressAddress: z.string(),
  /** Host and port, as they stand in an image's name */
  registry: z.string(),
});
export type SandboxAccess = z.infer<typeof accessSchema>;

/** What the portal knows of its sandbox. */
export const sandboxAnswerSchema = z.discriminatedUnion('connected', [
  z.object({
    connected: z.literal('no'),
    /** How to get one, in words */
    how: z.string(),
  }),
  z.object({
    /** There is one, and it is not running */
    connected: z.literal('stopped'),
    directory: z.string(),
    how: z.string(),
  }),
  z.object({
    connected: z.literal('running'),
    status: sandboxStatusSchema,
    access: accessSchema,
  }),
]);
export type SandboxAnswer = z.infer<typeof sandboxAnswerSchema>;

/** The end of a log. */
export const logTailSchema = z.object({
  lines: z.array(z.string()),
  /** Whether there are lines before these */
  truncated: z.boolean(),
  /** Bytes in the file; given back as `after` to wait for more */
  size: z.number(),
});
export type LogTail = z.infer<typeof logTailSchema>;

/** The builds of the sandbox, newest first. */
export const buildListSchema = z.object({
  items: z.array(buildSchema),
  /** Changes with them; given back as `after` to wait for a change */
  mark: z.string(),
});
export type BuildList = z.infer<typeof buildListSchema>;

export const buildAnswerSchema = z.object({
  build: buildSchema,
  /** As of the list */
  mark: z.string(),
});
export type BuildAnswer = z.infer<typeof buildAnswerSchema>;
