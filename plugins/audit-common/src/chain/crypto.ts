import { ed25519 } from '@noble/curves/ed25519';
import { sha256 as sha256Bytes } from '@noble/hashes/sha2';
import { bytesToHex, hexToBytes, utf8ToBytes } from '@noble/hashes/utils';

/** All that verifying needs. A server gives its own, which is faster; a browser takes {@link portableCrypto}. */
export interface ChainCrypto {
  /** SHA-256 of the UTF-8 bytes of a text, as 64 hexadecimal digits */
  sha256(text: string): string;
  /** Whether an Ed25519 signature over a text is that of a key; `false` for anything malformed. Both in hexadecimal. */
  verify(publicKey: string, text: string, signature: string): boolean;
}

/** Runs wherever JavaScript does. */
export const portableCrypto: ChainCrypto = {
  sha256: text => bytesToHex(sha256Bytes(utf8ToBytes(text))),
  verify(publicKey, text, signature) {
    try {
      return ed25519.verify(
        hexToBytes(signature),
        utf8ToBytes(text),
        hexToBytes(publicKey),
      );
    } catch {
      return false;
    }
  },
};

/** A key that signatures are verified with. */
export interface PublicKey {
  /** The first 16 hexadecimal digits of the SHA-256 of the key's hexadecimal digits */
  id: string;
  /** The 32 bytes of an Ed25519 public key (RFC 8032), in hexadecimal */
  publicKey: string;
  /** The last place that its signature counts for, where another key signs after it */
  upTo?: number;
}

/** Gives a public key its id. */
export function namedKey(publicKey: string, crypto: ChainCrypto): PublicKey {
  return { id: crypto.sha256(publicKey).slice(0, 16), publicKey };
}

/**
 * Whether one of the keys, the one of that id, has signed a text.
 *
 * @param seq - the place that the text speaks of, where it speaks of one: a key that was retired before it no longer counts
 */
export function isSignedBy(
  keys: PublicKey[],
  signed: { keyId: string; signature: string },
  text: string,
  crypto: ChainCrypto,
  seq?: number,
): boolean {
  const key = keys.find(({ id }) => id === signed.keyId);
  if (!key || (seq ?? 0) > (key.upTo ?? Infinity)) return false;
  return crypto.verify(key.publicKey, text, signed.signature);
}
