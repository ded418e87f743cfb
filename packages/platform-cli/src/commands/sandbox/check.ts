import type { Lack } from '@highroad/sandbox';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { StateOption, withState } from './options';
import { loadSandbox, sandboxHere } from './sandboxHere';

interface Options extends StateOption {
  install?: boolean;
  yes?: boolean;
}

export const check: CommandDefinition = {
  path: ['sandbox', 'check'],
  summary: 'Say what this machine lacks to really run pods',
  examples: ['platform sandbox check', 'platform sandbox check --install'],
  configure: command =>
    withState(command)
      .option('--install', 'install what can be installed, after asking')
      .option('--yes', 'do not ask'),
  async run({ output }: CommandContext, ...[options]: [Options]) {
    const { installRealNode, whatRealNodeLacks } = loadSandbox();
    // What a sandbox has itself does not stand in its way.
    const { state } = sandboxHere(options.state).paths;
    let lacks = await whatRealNodeLacks({ state });
    const packages = packagesFor(lacks);
    if (options.install && packages.length > 0) {
      await confirmed(packages, options, output);
      lacks = await installRealNode(text => output.note(text), state);
    }
    output.answer({ realNode: lacks.length === 0, lacks }, () =>
      inWords(lacks),
    );
    if (lacks.length > 0) {
      throw new CliError('A real node cannot be had here as it is.', {
        why: 'Pods are simulated meanwhile; everything else is the same.',
        runbook: 'sandbox-real-node-lacks',
      });
    }
  },
};

/** Debian packages that bring all of it that a package can bring. */
function packagesFor(lacks: Lack[]): string[] {
  return [...new Set(lacks.flatMap(lack => lack.packages ?? []))].sort();
}

/** One command that installs all that can be installed; undefined where that is nothing. */
export function installCommand(lacks: Lack[]): string | undefined {
  const packages = packagesFor(lacks);
  return packages.length > 0
    ? `apt-get install --no-install-recommends ${packages.join(' ')}`
    : undefined;
}

/** A CI is asked nothing: its machine is thrown away. */
async function confirmed(
  packages: string[],
  options: Options,
  output: CommandContext['output'],
): Promise<void> {
  const what = `To be installed on this machine: ${packages.join(' ')}`;
  if (options.yes || process.env.CI === 'true') {
    output.note(what);
    return;
  }
  if (!output.asks) {
    throw new CliError('An installation has to be confirmed.', {
      why: what,
      fix: 'Confirm it: platform sandbox check --install --yes',
      exitCode: exitCodes.usage,
    });
  }
  output.note(what);
  const { confirm } = await import('@inquirer/prompts');
  const sure = await confirm(
    { message: 'Install them?', default: true },
    { output: process.stderr },
  );
  if (!sure) {
    throw new CliError('Nothing was installed.', {
      fix: 'Take simulated pods: platform sandbox start --node simulated',
      exitCode: exitCodes.interrupted,
    });
  }
}

function inWords(lacks: Lack[]): string {
  if (lacks.length === 0) {
    return [
      'This machine can have a real node: pods run here.',
      'Start it: platform sandbox start --node real',
    ].join('\n');
  }
  const command = installCommand(lacks);
  return [
    'What a real node lacks here',
    ...lacks.map(
      ({ what, packages }) =>
        `  ${what}${packages?.length ? `  (${packages.join(', ')})` : ''}`,
    ),
    ...(command
      ? [
          '',
          'Install what can be installed: platform sandbox check --install, or as root',
          `  ${command}`,
        ]
      : []),
    '',
    'With simulated pods it starts as it is: platform sandbox start --node simulated',
  ].join('\n');
}
