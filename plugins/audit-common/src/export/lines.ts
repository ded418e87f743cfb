import { z } from 'zod';
import { keyChangeSchema } from '../chain/keyChange';
import { checkpointSchema, hashSchema, signatureShape } from '../chain/signed';
import { jsonObjectSchema } from '../record/json';

export const EXPORT_FORMAT = 'highroad-audit-export/1';

const keySchema = z.object({
  id: z.string(),
  publicKey: hashSchema,
  /** Where another key signs after it: the last place that it counts for */
  upTo: z.number().int().nonnegative().optional(),
});

export const exportHeaderSchema = z.object({
  type: z.literal('header'),
  format: z.literal(EXPORT_FORMAT),
  /** Id of the chain that it is a piece of */
  chain: hashSchema,
  /** Number of the first record */
  from: z.number().int().positive(),
  /** Hash of the record before the first, or the id of the chain */
  prev: hashSchema,
  /** When it was made */
  at: z.string(),
  /** What was asked for */
  filter: jsonObjectSchema,
  /** What its signatures are verified with */
  keys: z.array(keySchema),
  /** How they follow each other; missing where there was only ever one */
  keyChanges: z.array(keyChangeSchema).optional(),
});
export type ExportHeader = z.output<typeof exportHeaderSchema>;

const placeShape = {
  type: z.literal('record'),
  seq: z.number().int().positive(),
  prev: hashSchema,
  hash: hashSchema,
};
export const exportRecordSchema = z.union([
  z.object({ ...placeShape, body: z.string() }).strict(),
  /** Left out: not asked for, or not to be seen by the one who asked */
  z.object({ ...placeShape, digest: hashSchema }).strict(),
]);
export type ExportRecord = z.output<typeof exportRecordSchema>;

export const exportCheckpointSchema = checkpointSchema.extend({
  type: z.literal('checkpoint'),
});
export type ExportCheckpoint = z.output<typeof exportCheckpointSchema>;

export const exportFooterSchema = z.object({
  type: z.literal('footer'),
  chain: hashSchema,
  from: z.number().int().positive(),
  prev: hashSchema,
  /** Number of the last record; one less than `from` if there is none */
  to: z.number().int().nonnegative(),
  /** Hash of the last record */
  hash: hashSchema,
  /** How many records are there with their body */
  records: z.number().int().nonnegative(),
  /** How many are there only with their digest */
  leftOut: z.number().int().nonnegative(),
  at: z.string(),
  /** {@link foldLine} over all lines before this one */
  lines: hashSchema,
  ...signatureShape,
});
export type ExportFooter = z.output<typeof exportFooterSchema>;

export const exportLineSchema = z.union([
  exportHeaderSchema,
  exportRecordSchema,
  exportCheckpointSchema,
  exportFooterSchema,
]);
export type ExportLine = z.output<typeof exportLineSchema>;

/** What is signed of an export. */
export function footerText(
  footer: Omit<ExportFooter, 'keyId' | 'signature' | 'type'>,
): string {
  const { chain, from, prev, to, hash, records, leftOut, at, lines } = footer;
  return [
    ...[EXPORT_FORMAT, chain, from, prev, to, hash],
    ...[records, leftOut, at, lines],
  ].join('\n');
}

/** One digest over all lines, made line by line. */
export function foldLine(
  digest: string,
  line: string,
  sha256: (text: string) => string,
): string {
  return sha256(`${digest}\n${line}`);
}
