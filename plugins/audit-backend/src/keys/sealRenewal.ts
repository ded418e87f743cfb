import { z } from 'zod';
import { LedgerKeys } from './LedgerKeys';
import { nodeCrypto } from './nodeCrypto';

const hex = (digits: number) =>
  z.string().regex(new RegExp(`^[0-9a-f]{${digits}}$`));

/** That all right seals of earlier keys up to a place were replaced by those of the key that says so, signed. */
export const sealRenewalSchema = z.object({
  /** Id of the chain */
  chain: hex(64),
  /** Up to where no seal but that key's counts */
  seq: z.number().int().nonnegative(),
  at: z.string(),
  keyId: hex(16),
  signature: hex(128),
});
export type SealRenewal = z.output<typeof sealRenewalSchema>;

function textOf({ chain, seq, at }: Pick<SealRenewal, 'chain' | 'seq' | 'at'>) {
  return ['highroad-audit-seals-renewed/1', chain, seq, at].join('\n');
}

/** Signs that the current key has renewed all up to a place. */
export function signRenewal(
  keys: LedgerKeys,
  renewal: Pick<SealRenewal, 'chain' | 'seq' | 'at'>,
): SealRenewal {
  return { ...renewal, ...keys.sign(textOf(renewal)) };
}

/** Up to where the current key has renewed all seals; 0 where it has not signed that of this chain. */
export function renewedUpTo(
  keys: LedgerKeys,
  chain: string,
  renewal: SealRenewal | undefined,
): number {
  const { id, publicKey } = keys.current;
  if (!renewal || renewal.chain !== chain || renewal.keyId !== id) return 0;
  const { signature, seq } = renewal;
  return nodeCrypto.verify(publicKey, textOf(renewal), signature) ? seq : 0;
}
