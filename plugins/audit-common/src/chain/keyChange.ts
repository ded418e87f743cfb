import { z } from 'zod';
import { ChainCrypto, namedKey, PublicKey } from './crypto';
import { hashSchema } from './signed';

const signature = z.string().regex(/^[0-9a-f]{128}$/);

/** That one key signs after another, signed. So the public half of an earlier key needs no other place to be known from. */
export const keyChangeSchema = z.object({
  /** Id of the chain */
  chain: hashSchema,
  /** Up to where the earlier key sealed. Behind that, nothing of it counts */
  seq: z.number().int().nonnegative(),
  /** Hash of that place */
  hash: hashSchema,
  at: z.string(),
  /** Public key that signed before */
  retired: hashSchema,
  /** Public key that signs from then on */
  successor: hashSchema,
  /**
   * Up to where it is certain that the earlier key sealed: all, where that key was there to check its seals, else up to its
   * last checkpoint. Missing on changes of before this was noted, when all was
   */
  proven: z.number().int().nonnegative().optional(),
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
  const { chain, seq, hash, at, retired, successor, proven } = change;
  return [
    ...[`highroad-audit-key-change/${proven === undefined ? 1 : 2}`, chain],
    ...[seq, hash, at, retired, successor],
    ...(proven === undefined ? [] : [proven]),
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

/**
 * Says of each key up to where it counts: the one that signs now everywhere, each other one up to where the one after it
 * took over, and no further than that one.
 *
 * @param changes - those that are signed
 * @param current - the public key that signs now
 */
export function limited(
  keys: PublicKey[],
  changes: KeyChange[],
  current: string,
): PublicKey[] {
  const limits = new Map([[current, Infinity]]);
  const isRetired = (key: string) => changes.some(one => one.retired === key);
  const limitOf = (key: string) =>
    limits.get(key) ?? (isRetired(key) ? -1 : Infinity);
  for (let again = true; again; ) {
    again = false;
    for (const { retired, successor, seq } of changes) {
      const limit = Math.min(seq, limitOf(successor));
      if (limit <= (limits.get(retired) ?? -1)) continue;
      limits.set(retired, limit);
      again = true;
    }
  }
  return keys.map(({ id, publicKey }) => {
    const upTo = limits.get(publicKey) ?? Infinity;
    return { id, publicKey, ...(upTo < Infinity && { upTo }) };
  });
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
