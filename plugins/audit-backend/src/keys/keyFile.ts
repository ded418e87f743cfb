import { isError } from '@backstage/errors';
import { generateKeyPairSync } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A new Ed25519 private key, in PEM. */
export function generateKey(): string {
  return generateKeyPairSync('ed25519', {
    privateKeyEncoding: { format: 'pem', type: 'pkcs8' },
    publicKeyEncoding: { format: 'pem', type: 'spki' },
  }).privateKey;
}

/** Reads the key in a file, which is made the first time and that nobody else may read. */
export function readOrMakeKeyFile(file: string): string {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  try {
    // Another process may be making it at this moment: only one succeeds.
    writeFileSync(file, generateKey(), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if (!isError(error) || error.code !== 'EEXIST') throw error;
  }
  return readFileSync(file, 'utf8');
}
