import { z } from 'zod';
import { readText } from '../machine/files';

/** What Vault gave on its first start: who may do everything, and the key that opens it. */
export const vaultRootSchema = z.object({
  rootToken: z.string(),
  unsealKey: z.string(),
});

/**
 * @param file - as `vault.rootFile` of the connection
 * @throws Error when the file is gone: the vault's content cannot be read without it
 */
export async function readVaultRoot(
  file: string,
): Promise<z.infer<typeof vaultRootSchema>> {
  const text = await readText(file);
  if (!text) {
    throw new Error(
      `${file} is missing, and with it the key that unseals this vault. Start anew: platform sandbox reset`,
    );
  }
  return vaultRootSchema.parse(JSON.parse(text));
}

/**
 * Asks Vault.
 *
 * @param path - below /v1
 * @returns the answer; undefined where it has no body
 * @throws Error with Vault's words for any status but 2xx
 */
export async function vaultRequest(
  address: string,
  method: string,
  path: string,
  body?: object,
  token?: string,
): Promise<unknown> {
  const response = await fetch(`${address}/v1/${path}`, {
    method,
    body: body && JSON.stringify(body),
    headers: token ? { 'X-Vault-Token': token } : {},
    signal: AbortSignal.timeout(15_000),
  });
  const text = await response.text();
  if (!response.ok)
    throw new Error(
      `Vault, ${method} ${path}: ${response.status} ${text.slice(0, 300)}`,
    );
  return text ? JSON.parse(text) : undefined;
}
