import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

/**
 * Installs Debian packages on this machine, with what apt prints on standard error.
 *
 * @throws CliError where that is not possible, or fails
 */
export async function installPackages(packages: string[]): Promise<void> {
  if (!existsSync('/usr/bin/apt-get')) {
    throw new CliError('This machine has no apt-get to install with.', {
      why: `What is missing is in Debian's packages ${packages.join(', ')}.`,
      fix: 'Install their like with the package manager you have.',
      runbook: 'sandbox-real-node-lacks',
    });
  }
  if (process.getuid?.() !== 0) {
    throw new CliError('Only root may install packages.', {
      fix: `As root: apt-get install --no-install-recommends ${packages.join(
        ' ',
      )}`,
      runbook: 'sandbox-real-node-lacks',
      exitCode: exitCodes.refused,
    });
  }
  const install = () =>
    aptGet(['install', '-y', '--no-install-recommends', ...packages]);
  if ((await install()) === 0) return;
  // The lists may be missing, or older than the archive.
  await aptGet(['update']);
  const code = await install();
  if (code !== 0) {
    throw new CliError('The packages could not be installed.', {
      why: `apt-get ended with code ${code}; what it said stands above.`,
      runbook: 'sandbox-real-node-lacks',
    });
  }
}

function aptGet(args: string[]): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn('apt-get', ['-q', ...args], {
      // Standard output is for the command's answer.
      stdio: ['ignore', process.stderr, process.stderr],
      env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    });
    child.once('error', reject);
    child.once('close', code => resolve(code ?? 1));
  });
}
