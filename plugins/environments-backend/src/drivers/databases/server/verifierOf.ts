import { SecretValue } from '@highroad/plugin-platform-common';
import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';

const ROUNDS = 4096;

/**
 * What PostgreSQL keeps of a password (SCRAM-SHA-256, RFC 5803). Given in its place, so that the password itself never
 * stands in a statement, which servers may log.
 */
export function verifierOf(
  password: SecretValue,
  salt: Buffer = randomBytes(16),
): string {
  const salted = pbkdf2Sync(password.reveal(), salt, ROUNDS, 32, 'sha256');
  const keyed = (text: string) =>
    createHmac('sha256', salted).update(text).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest();
  return `SCRAM-SHA-256$${ROUNDS}:${salt.toString('base64')}$${stored.toString(
    'base64',
  )}:${keyed('Server Key').toString('base64')}`;
}
