import { SecretValue } from '@highroad/plugin-platform-common';
import { createHash, createHmac, pbkdf2, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';

const derive = promisify(pbkdf2);
/** The server's own default, and the least that RFC 7677 allows. */
const ITERATIONS = 4096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;

/**
 * What PostgreSQL keeps of a password (RFC 5803, SCRAM-SHA-256), so that the password itself is in no statement, and in no
 * log of statements.
 *
 * @param password - printable ASCII, which needs no preparation
 */
export async function scramVerifier(
  password: SecretValue,
  salt = randomBytes(SALT_BYTES),
): Promise<string> {
  const salted = await derive(
    ...([password.reveal(), salt, ITERATIONS, KEY_BYTES, 'sha256'] as const),
  );
  const keyed = (text: string) =>
    createHmac('sha256', salted).update(text).digest();
  const storedKey = createHash('sha256').update(keyed('Client Key')).digest();
  const serverKey = keyed('Server Key');
  const base64 = (bytes: Buffer) => bytes.toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${base64(salt)}$${base64(
    storedKey,
  )}:${base64(serverKey)}`;
}
