import { defineOperation } from '@highroad/plugin-platform-common';
import { z } from 'zod';
import { auditConditions } from '../access/conditions';
import {
  auditRecordReadPermission,
  auditVerifyPermission,
} from '../access/permissions';
import { problemKinds } from '../chain/problem';
import { ledgerRecordSchema, suspicionSchema } from '../record/LedgerRecord';
import { recordFilterShape } from './filter';

const seq = z.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const limit = z.number().int().min(1).max(200).default(50);
const plugin = 'audit';

/** Records that the reader may not see are left out, and not counted. */
const reading = {
  permission: auditRecordReadPermission,
  filtered: (services: string[]) => auditConditions.isOfService({ services }),
};

/** Why there may be more than is listed: records at the end of the chain are missing, or others stand in their place. */
const cut = suspicionSchema.optional();

/** How the chain is doing. */
export const chainStateSchema = z.object({
  /** Its last record; none while it is empty */
  head: z
    .object({ seq: z.number(), hash: z.string(), at: z.string() })
    .optional(),
  /** Its first record that is still here, and not in an archive */
  firstSeq: z.number().optional(),
  /** Records that wait for their place in the chain */
  unsealed: z.object({ count: z.number(), oldestAt: z.string().optional() }),
  lastCheckpoint: z.object({ seq: z.number(), at: z.string() }).optional(),
  /** Rows that somebody else put into the intake; they were not sealed */
  rejected: z.number(),
  archives: z.array(
    z.object({
      fromSeq: z.number(),
      toSeq: z.number(),
      at: z.string(),
      file: z.string(),
    }),
  ),
  intake: z.object({
    writes: z.boolean(),
    /** Why it does not */
    problem: z.string().optional(),
    /** Records that are kept aside in this process until it does */
    spooled: z.number(),
  }),
  /** What signatures are checked with, the key that signs now first */
  publicKeys: z.array(
    z.object({
      keyId: z.string(),
      publicKey: z.string(),
      /** For one that signed before */
      retired: z
        .object({
          /** Up to which place it sealed */
          upToSeq: z.number(),
          /** When another one took over */
          at: z.string(),
          /** Whether all its seals were replaced by those of the key that signs now */
          renewed: z.boolean(),
        })
        .optional(),
    }),
  ),
});
export type ChainState = z.infer<typeof chainStateSchema>;

/** What verifying found. */
export const verdictSchema = z.object({
  ok: z.boolean(),
  /** In a sentence */
  summary: z.string(),
  /** Records that were found good */
  checked: z.number(),
  /** Signed checkpoints that agreed */
  checkpoints: z.number(),
  /** Which keys signed those checkpoints, by the places that they signed */
  signedBy: z
    .array(
      z.object({
        keyId: z.string(),
        from: z.number(),
        to: z.number(),
        checkpoints: z.number(),
      }),
    )
    .optional(),
  /** What exports are signed with now, in hexadecimal digits */
  publicKey: z.string().optional(),
  from: z.number(),
  to: z.number(),
  tookMs: z.number(),
  /** The first thing that is wrong */
  problem: z
    .object({
      kind: z.enum(problemKinds),
      seq: z.number(),
      id: z.string().optional(),
      at: z.string().optional(),
      message: z.string(),
    })
    .optional(),
  /** What does not belong to the chain, but should be looked into; also said in the summary */
  warnings: z.array(z.string()).optional(),
});
export type Verdict = z.infer<typeof verdictSchema>;

export const auditOperations = {
  search: defineOperation({
    plugin,
    name: 'search',
    summary: 'see who did what',
    http: { method: 'GET', path: '/v1/records' },
    input: z.object({
      ...recordFilterShape,
      before: seq
        .optional()
        .describe('Only records before this number: "next" of the last answer'),
      limit,
    }),
    output: z.object({
      /** Newest first. What has ended is there once, as it ended */
      items: z.array(ledgerRecordSchema),
      /** There is more, from here */
      next: z.number().optional(),
      cut,
    }),
    access: reading,
    audit: 'no-effect',
    action: {
      name: 'search',
      title: 'Who did what?',
      description:
        'Lists what people, tokens and the platform itself did: when, to which service, in which environment, by which door, why, and how it ended. Newest first. Only what the caller may see is listed.',
    },
  }),
  record: defineOperation({
    plugin,
    name: 'record',
    summary: 'see a record',
    http: { method: 'GET', path: '/v1/records/:id' },
    input: z.object({ id: z.string().uuid('the id of a record is a UUID') }),
    output: z.object({
      record: ledgerRecordSchema,
      /** What was meant, for a record of how it ended */
      intent: ledgerRecordSchema.optional(),
      /** Hash of the record before */
      prev: z.string(),
    }),
    access: reading,
    audit: 'no-effect',
  }),
  tail: defineOperation({
    plugin,
    name: 'tail',
    summary: 'follow what is being done',
    http: { method: 'GET', path: '/v1/tail' },
    input: z.object({
      ...recordFilterShape,
      after: seq
        .optional()
        .describe(
          'Waits, half a minute at most, for records after this number: "next" of the last answer. Without it, answers at once with where to begin',
        ),
      limit,
    }),
    output: z.object({
      /** Oldest first */
      items: z.array(ledgerRecordSchema),
      next: z.number(),
      cut,
    }),
    access: reading,
    audit: 'no-effect',
  }),
  chain: defineOperation({
    plugin,
    name: 'chain',
    summary: 'see how the chain of records is doing',
    http: { method: 'GET', path: '/v1/chain' },
    input: z.object({}),
    output: chainStateSchema,
    access: 'signed-in',
    audit: 'no-effect',
  }),
  verify: defineOperation({
    plugin,
    name: 'verify',
    summary: 'verify the chain of records',
    http: { method: 'POST', path: '/v1/verify' },
    input: z.object({
      from: seq.min(1).optional().describe('First number; the beginning'),
      to: seq.min(1).optional().describe('Last number; the end'),
    }),
    output: verdictSchema,
    access: { permission: auditVerifyPermission },
    audit: { event: 'verify', severity: 'medium' },
    action: {
      name: 'verify',
      title: 'Are the records as they were written?',
      description:
        'Verifies the chain of records and names the first that was changed, removed, reordered or inserted. Changes nothing.',
      idempotent: true,
    },
  }),
  export: defineOperation({
    plugin,
    name: 'export',
    summary: 'take records away in a file that verifies alone',
    http: {
      method: 'GET',
      path: '/v1/export',
      streams: 'application/x-ndjson',
    },
    input: z.object(recordFilterShape),
    output: z.string(),
    access: reading,
    audit: { event: 'export', severity: 'medium' },
  }),
  exportCsv: defineOperation({
    plugin,
    name: 'export-csv',
    summary: 'take records away as a table',
    http: { method: 'GET', path: '/v1/export.csv', streams: 'text/csv' },
    input: z.object(recordFilterShape),
    output: z.string(),
    access: reading,
    audit: { event: 'export', severity: 'medium' },
  }),
};
