import { SecretValue } from '@highroad/plugin-platform-common';
import { Encoding } from '@highroad/plugin-secrets-common';
import { createHmac } from 'node:crypto';

/** The bytes that a value stands for. */
export function bytesOf(value: SecretValue, encoding: Encoding): Buffer {
  return Buffer.from(value.reveal(), encoding === 'base64' ? 'base64' : 'utf8');
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
