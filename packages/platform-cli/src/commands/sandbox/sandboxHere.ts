import type { SandboxClient } from '@highroad/sandbox';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

type SandboxModule = typeof import('@highroad/sandbox');

// An import() would be Node's own, which does not see the names that a transformed source exports.
const requireHere = createRequire(__filename);

/**
 * The sandbox's own code, loaded when it is needed: other commands stay quick, and work where it is not installed.
 *
 * @throws CliError outside of a checkout
 */
export function loadSandbox(): SandboxModule {
  try {
    return requireHere('@highroad/sandbox');
  } catch (error) {
    if (isNotInstalled(error)) {
      throw new CliError('This "platform" cannot run a sandbox.', {
        why: 'The sandbox belongs to a checkout of Highroad, and this command was installed by itself.',
        fix: 'Use it in a checkout: npx platform sandbox start',
        exitCode: exitCodes.usage,
      });
    }
    throw error;
  }
}

/**
 * The sandbox that is meant: the folder that was named, else the one of the checkout that the person is in.
 *
 * @throws CliError where there is no checkout and no folder was named
 */
export function sandboxHere(
  state: string | undefined,
  cwd = process.cwd(),
): SandboxClient {
  const folder = state ? resolve(cwd, state) : findFolder(cwd);
  const { SandboxClient: Client, SandboxPaths } = loadSandbox();
  return new Client(new SandboxPaths(folder));
}

function findFolder(from: string): string {
  const isHome =
    existsSync(join(from, '.highroad')) ||
    existsSync(join(from, 'packages/sandbox/package.json'));
  if (isHome) return join(from, '.highroad', 'sandbox');
  const parent = dirname(from);
  if (parent !== from) return findFolder(parent);
  throw new CliError('There is no sandbox here.', {
    why: 'Neither this folder nor one above it is a checkout of Highroad.',
    fix: 'Run it in the checkout, or name the folder of a sandbox: --state <folder>',
    exitCode: exitCodes.usage,
  });
}

function isNotInstalled(error: unknown): boolean {
  return (
    error instanceof Error &&
    'code' in error &&
    (error.code === 'MODULE_NOT_FOUND' ||
      error.code === 'ERR_MODULE_NOT_FOUND') &&
    error.message.includes("'@highroad/sandbox'")
  );
}
