import { z } from 'zod';
import { ChainCrypto, namedKey, PublicKey } from './crypto';
import { hashSchema } from './signed';

const signature = z.string().regex(/^[0-9a-f]{128}$/);

/** That one key signs after another, signed. So the public half of an earlier key needs no other place to be known from. */
export const keyChangeSchema = z.object({
  /** Id of the chain */
  chain: hashSchema,
  /** Up to where the earlier key had signed when the other one did for the first time */
  seq: z.number().int().nonnegative(),
  /** Hash of that place */
  hash: hashSchema,
  at: z.string(),
  /** Public key that signed before */
  retired: hashSchema,
  /** Public key that signs from then on */
  successor: hashSchema,
  /** By the successor: that this is what was there before */
  signature,
  /** By the retired one, where it was still there to sign: that this is what comes after */
  handover: signature.optional(),
});
export type KeyChange = z.output<typeof keyChangeSchema>;

/** What is signed of a change of keys. */
export function keyChangeText(
  change: Omit<KeyChange, 'signature' | 'handover'>,
): string {
  const { chain, seq, hash, at, retired, successor } = change;
  return [
    ...['highroad-audit-key-change/1', chain, seq, hash, at],
    ...[retired, successor],
  ].join('\n');
}

/**
 * Keys that signed before those that are known, on the word of the later ones.
 *
 * @returns all of them, those that are known first
 */
export function withRetired(
  known: PublicKey[],
  changes: KeyChange[],
  about: { chain: string; crypto: ChainCrypto },
): PublicKey[] {
  return follow(known, changes, about, change => ({
    from: change.successor,
    to: change.retired,
    signed: change.signature,
  }));
}

/**
 * Keys that sign after those that are known, on the word of the earlier ones.
 *
 * @returns all of them, those that are known first
 */
export function withSuccessors(
  known: PublicKey[],
  changes: KeyChange[],
  about: { chain: string; crypto: ChainCrypto },
): PublicKey[] {
  return follow(known, changes, about, change => ({
    from: change.retired,
    to: change.successor,
    signed: change.handover,
  }));
}

/**
 * Whether a change of keys in this chain was signed by its successor, and that is one of those that are known; where it
 * says that the retired one handed over, by that one too.
 */
export function isSignedKeyChange(
  known: PublicKey[],
  change: KeyChange,
  { chain, crypto }: { chain: string; crypto: ChainCrypto },
): boolean {
  const { retired, successor, signature: signed, handover } = change;
  const text = keyChangeText(change);
  return (
    change.chain === chain &&
    known.some(({ publicKey }) => publicKey === successor) &&
    crypto.verify(successor, text, signed) &&
    (handover === undefined || crypto.verify(retired, text, handover))
  );
}

function follow(
  known: PublicKey[],
  changes: KeyChange[],
  { chain, crypto }: { chain: string; crypto: ChainCrypto },
  step: (change: KeyChange) => {
    from: string;
    to: string;
    signed: string | undefined;
  },
): PublicKey[] {
  const all = [...known];
  for (const { publicKey } of all) {
    // What is added is looked at in its turn.
    for (const change of changes) {
      const { from, to, signed } = step(change);
      if (from !== publicKey || change.chain !== chain || !signed) continue;
      if (all.some(key => key.publicKey === to)) continue;
      if (crypto.verify(from, keyChangeText(change), signed)) {
        all.push(namedKey(to, crypto));
      }
    }
  }
  return all;
}
