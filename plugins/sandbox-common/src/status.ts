import { z } from 'zod';

/** What a server does now. */
export const serverStateSchema = z.enum([
  /** Its program is not prepared yet, or a server that it needs does not answer yet */
  'waiting',
  'starting',
  'answering',
  /** It ended by itself and is started again after a while */
  'restarting',
  'stopping',
  'stopped',
  /** It cannot run on this machine, for the reason in `problem` */
  'unavailable',
]);
export type ServerState = z.infer<typeof serverStateSchema>;

export const serverStatusSchema = z.object({
  name: z.string(),
  title: z.string(),
  /** Version that runs; absent where nobody knows before it answers */
  version: z.string().optional(),
  state: serverStateSchema,
  /** Whose it is: started here, or offered by the machine or an address in the environment */
  origin: z.enum(['sandbox', 'elsewhere']),
  /** Where it listens */
  address: z.string().optional(),
  pid: z.number().optional(),
  /** What it waits for: names of programs and servers */
  waitingFor: z.array(z.string()),
  /** Seconds from its process's start to its first answer, this time */
  tookSeconds: z.number().optional(),
  /** The same, the last time before */
  lastTookSeconds: z.number().optional(),
  /** How often it ended by itself since the sandbox was started */
  restarts: z.number(),
  /** Resident memory of the process and its children, in bytes */
  memoryBytes: z.number().optional(),
  /** What is wrong, and what to do */
  problem: z.string().optional(),
});
export type ServerStatus = z.infer<typeof serverStatusSchema>;

export const programStatusSchema = z.object({
  name: z.string(),
  version: z.string(),
  state: z.enum(['ready', 'waiting', 'preparing', 'failed']),
  /** Where a ready one comes from */
  source: z.enum(['cache', 'machine']).optional(),
  doing: z.enum(['downloading', 'building']).optional(),
  /** From 0 to 1, while preparing */
  done: z.number().optional(),
  /** How long preparing took, or is expected to take */
  seconds: z.number(),
  problem: z.string().optional(),
  /** When one that failed is tried again; absent where only the next start does that */
  retryAt: z.string().datetime().optional(),
});
export type ProgramStatus = z.infer<typeof programStatusSchema>;

export const nodeKindSchema = z.enum(['simulated', 'real']);
export type NodeKind = z.infer<typeof nodeKindSchema>;

export const sandboxStatusSchema = z.object({
  /** Raised by every change */
  revision: z.number(),
  state: z.enum([
    'preparing',
    'starting',
    'answering',
    'degraded',
    'stopping',
    'stopped',
  ]),
  startedAt: z.string(),
  /** Seconds from the start until everything answered; absent before */
  tookSeconds: z.number().optional(),
  node: z.object({
    kind: nodeKindSchema,
    /** Why this kind, in words */
    why: z.string(),
  }),
  /** A fair guess at how long preparing still takes; absent when everything is prepared */
  preparingSecondsLeft: z.number().optional(),
  programs: z.array(programStatusSchema),
  servers: z.array(serverStatusSchema),
});
export type SandboxStatus = z.infer<typeof sandboxStatusSchema>;
