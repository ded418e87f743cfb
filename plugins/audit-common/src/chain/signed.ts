import { z } from 'zod';

/** 64 hexadecimal digits. */
export const hashSchema = z.string().regex(/^[0-9a-f]{64}$/);
/** In one way of writing only, so that no letter of a signed thing can be changed. */
export const signatureShape = {
  keyId: z.string().regex(/^[0-9a-f]{16}$/),
  signature: z.string().regex(/^[0-9a-f]{128}$/),
};

/** What the chain was at some time, signed. */
export const checkpointSchema = z.object({
  /** Id of the chain */
  chain: hashSchema,
  seq: z.number().int().nonnegative(),
  hash: hashSchema,
  at: z.string(),
  ...signatureShape,
});
export type Checkpoint = z.output<typeof checkpointSchema>;

/** Records that were archived and removed, signed: where a chain goes on from. */
export const archiveAnchorSchema = z.object({
  chain: hashSchema,
  from: z.number().int().positive(),
  to: z.number().int().positive(),
  /** Of the last record in it */
  hash: hashSchema,
  at: z.string(),
  /** When the newest record in it was sealed; archives of earlier versions do not say it */
  until: z.string().optional(),
  file: z.string(),
  /** SHA-256 of the file */
  digest: hashSchema,
  ...signatureShape,
});
export type ArchiveAnchor = z.output<typeof archiveAnchorSchema>;

/** What is signed of a checkpoint. The first line keeps a signature from being taken for one of something else. */
export function checkpointText(
  checkpoint: Omit<Checkpoint, 'keyId' | 'signature'>,
): string {
  const { chain, seq, hash, at } = checkpoint;
  return ['highroad-audit-checkpoint/1', chain, seq, hash, at].join('\n');
}

/** What is signed of an archive. The name of the file is not: files are moved. */
export function archiveText(
  anchor: Omit<ArchiveAnchor, 'keyId' | 'signature' | 'file'>,
): string {
  const { chain, from, to, hash, at, until, digest } = anchor;
  const [form, ...times] = until ? [2, at, until] : [1, at];
  return [
    `highroad-audit-archive/${form}`,
    ...[chain, from, to, hash, ...times, digest],
  ].join('\n');
}
