import { z } from 'zod';
import { problemKinds } from '../chain/problem';
import { recordBodySchema } from './RecordBody';

/** What is wrong, by its kind and in a sentence. */
export const suspicionSchema = z.object({
  kind: z.enum(problemKinds),
  message: z.string(),
});

/** A record that has its place in the chain. */
export const ledgerRecordSchema = recordBodySchema.extend({
  /** Its place in the chain, from 1 on, without gaps */
  seq: z.number().int().positive(),
  /** What the chain says of it: 64 hexadecimal digits */
  hash: z.string(),
  /** Why it must not be relied on: it is not what the ledger sealed at this place. Missing on all that hold */
  suspect: suspicionSchema.optional(),
});
export type LedgerRecord = z.output<typeof ledgerRecordSchema>;
