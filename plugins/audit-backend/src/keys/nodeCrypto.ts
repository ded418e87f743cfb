import { ChainCrypto } from '@highroad/plugin-audit-common';
import { createHash, createPublicKey, KeyObject, verify } from 'node:crypto';

/** DER of an Ed25519 public key before its 32 bytes (RFC 8410, section 4). */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

const known = new Map<string, KeyObject>();

/** What verifying needs, by Node's own cryptography: about ten times as fast as what runs everywhere. */
export const nodeCrypto: ChainCrypto = {
  sha256: text => createHash('sha256').update(text, 'utf8').digest('hex'),
  verify(publicKey, text, signature) {
    try {
      return verify(
        null,
        Buffer.from(text, 'utf8'),
        keyObject(publicKey),
        Buffer.from(signature, 'hex'),
      );
    } catch {
      return false;
    }
  },
};

function keyObject(publicKey: string): KeyObject {
  const found = known.get(publicKey);
  if (found) return found;
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'hex')]),
    ...{ format: 'der', type: 'spki' },
  });
  // Keys come from files too, and anything may stand there.
  if (known.size < 100) known.set(publicKey, key);
  return key;
}

/** The 32 bytes of an Ed25519 key's public half, in hexadecimal. */
export function rawPublicKey(key: KeyObject): string {
  const half = key.type === 'private' ? createPublicKey(key) : key;
  const der = half.export({ format: 'der', type: 'spki' });
  return der.subarray(SPKI_PREFIX.length).toString('hex');
}
