import type { Lack } from '@highroad/sandbox';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { loadSandbox } from './sandboxHere';

export const check: CommandDefinition = {
  path: ['sandbox', 'check'],
  summary: 'Say what this machine lacks to really run pods',
  examples: ['platform sandbox check', 'platform sandbox check --json'],
  configure: command => command,
  async run({ output }: CommandContext) {
    const { whatRealNodeLacks } = loadSandbox();
    const lacks = await whatRealNodeLacks();
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

/** One command that installs all that can be installed; undefined where that is nothing. */
export function installCommand(lacks: Lack[]): string | undefined {
  const packages = [...new Set(lacks.flatMap(lack => lack.packages ?? []))];
  return packages.length > 0
    ? `apt-get install --no-install-recommends ${packages.sort().join(' ')}`
    : undefined;
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
    'A real node lacks',
    ...lacks.map(
      ({ what, packages }) =>
        `  ${what}${packages?.length ? `  (${packages.join(', ')})` : ''}`,
    ),
    ...(command
      ? ['', 'Install what can be installed, as root:', `  ${command}`]
      : []),
    '',
    'With simulated pods it starts as it is: platform sandbox start --node simulated',
  ].join('\n');
}
