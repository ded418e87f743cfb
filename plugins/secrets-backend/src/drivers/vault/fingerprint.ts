import { SecretValue } from '@highroad/plugin-platform-common';
import { Encoding } from '@highroad/plugin-secrets-common';
import { createHash, createHmac } from 'node:crypto';
import { SecretPath } from './SecretPath';

/** The bytes that a value stands for. */
export function bytesOf(value: SecretValue, encoding: Encoding): Buffer {
  return Buffer.from(value.reveal(), encoding === 'base64' ? 'base64' : 'utf8');
}

/** What is kept with a version of a key, to compare it by. */
export interface Mark {
  /** The fingerprint, covered: see {@link markOf} */
  kept: string;
  /** Which key it was made with: those of different keys say nothing of each other */
  keyId: string;
}

/**
 * Says whether two values of one key are the same, and nothing of them: HMAC-SHA-256 under a key that only Vault has,
 * of 64 bits. It names service and key, so that equal values of different keys cannot be told.
 */
export function fingerprint(
  hmacKey: Buffer,
  place: { service: string; key: string },
  stored: { value: SecretValue; encoding: Encoding },
): string {
  return createHmac('sha256', hmacKey)
    .update(`${place.service}\0${place.key}\0`)
    .update(bytesOf(stored.value, stored.encoding))
    .digest('hex')
    .slice(0, 16);
}

/**
 * A fingerprint as it is kept with a version: covered by what only who has the key can take off, another for each version in
 * each environment. So whoever reads what is kept of production, and sets the same key elsewhere, cannot try values.
 */
export function markOf(
  hmacKey: Buffer,
  at: SecretPath & { version: number },
  print: string,
): Mark {
  return { kept: covered(hmacKey, at, print), keyId: keyIdOf(hmacKey) };
}

/** @returns the fingerprint that is kept; nothing where it was made with another key */
export function printIn(
  hmacKey: Buffer,
  at: SecretPath & { version: number },
  mark: Mark | undefined,
): string | undefined {
  return mark?.keyId === keyIdOf(hmacKey)
    ? covered(hmacKey, at, mark.kept)
    : undefined;
}

/** Covers what is not, and takes it off what is. */
function covered(
  hmacKey: Buffer,
  { service, environment, key, version }: SecretPath & { version: number },
  print: string,
): string {
  const cover = createHmac('sha256', hmacKey)
    .update(['cover', service, environment, key, version].join('\0'))
    .digest();
  const bytes = Buffer.from(print, 'hex');
  return Buffer.from(bytes.map((byte, at) => byte ^ cover[at])).toString('hex');
}

/** Tells keys of fingerprints apart, and says nothing of them: they are random. */
function keyIdOf(hmacKey: Buffer): string {
  return createHash('sha256')
    .update('highroad fingerprint key\0')
    .update(hmacKey)
    .digest('hex')
    .slice(0, 8);
}
