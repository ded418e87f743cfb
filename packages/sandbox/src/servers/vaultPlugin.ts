import { createHash } from 'node:crypto';
import { copyFile, mkdir, readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { PreparedProgram } from './Server';

/** Vault's plugin for Kubernetes, as its catalog of plugins takes it. */
export interface VaultPlugin {
  /** Name of the file in Vault's folder of plugins */
  command: string;
  /** Of the file, in hex */
  sha256: string;
}

/** The program of `upstream/` that makes the plugin. */
export const KUBERNETES_PLUGIN = 'vault-auth-kubernetes';

const COMMAND = 'vault-plugin-auth-kubernetes';

/**
 * Puts the plugin where Vault may run it: in one folder only, and those files alone whose hash it was told.
 *
 * @param folder - Vault's `plugin_directory`
 */
export async function placeVaultPlugin(
  program: Pick<PreparedProgram, 'binary'>,
  folder: string,
): Promise<VaultPlugin> {
  const content = await readFile(program.binary(COMMAND));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // In one step: a Vault that runs the earlier one is not to find half of a file.
  const whole = join(folder, COMMAND);
  await copyFile(program.binary(COMMAND), `${whole}.new`);
  await rename(`${whole}.new`, whole);
  return {
    command: COMMAND,
    sha256: createHash('sha256').update(content).digest('hex'),
  };
}
