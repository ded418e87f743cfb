import { z } from 'zod';
import { recordBodySchema } from './RecordBody';

/** A record that has its place in the chain. */
export const ledgerRecordSchema = recordBodySchema.extend({
  /** Its place in the chain, from 1 on, without gaps */
  seq: z.number().int().positive(),
  /** What the chain says of it: 64 hexadecimal digits */
  hash: z.string(),
});
export type LedgerRecord = z.output<typeof ledgerRecordSchema>;
