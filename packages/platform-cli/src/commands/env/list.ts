import { EnvironmentPhase, phases } from '@highroad/plugin-environments-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { commandLine } from '../../output/commandLine';
import { wholeUpTo } from '../wholeUpTo';
import { environmentTable } from './words';

interface Options {
  owner?: string;
  service?: string;
  repository?: string;
  state?: EnvironmentPhase;
  limit?: number;
  before?: string;
}

const MOST = 200;

export const listEnvironments: CommandDefinition = {
  path: ['env', 'list'],
  summary: 'List the preview environments, and name the standing ones',
  examples: [
    'platform env list',
    'platform env list --owner shop',
    'platform env list --state degraded',
    'platform env list --service my-service --json',
  ],
  configure: command =>
    command
      .option('--owner <group>', 'only those of this group')
      .option('--service <name>', 'only those that this service is in')
      .option(
        '--repository <address>',
        'only those of pull requests of this repository',
      )
      .addOption(
        new Option('--state <state>', 'only those in this state').choices(
          phases,
        ),
      )
      .option(
        '--limit <n>',
        `how many, up to ${MOST}; all if left out`,
        wholeUpTo(MOST),
      )
      .option('--before <place>', 'go on where the last list stopped'),
  async run({ output, portal }: CommandContext, options: Options) {
    const connected = await portal();
    const answer = await connected.environments.list({
      ...(options.owner && { owner: options.owner }),
      ...(options.service && { service: options.service }),
      ...(options.repository && { repository: [options.repository] }),
      ...(options.state && { phase: [options.state] }),
      ...(options.limit && { limit: options.limit }),
      ...(options.before && { before: options.before }),
    });
    const standing = answer.standing.map(one => one.name);
    output.answer(answer, () =>
      [
        answer.notConnected,
        answer.items.length > 0
          ? environmentTable(answer.items, new Date(), output.width)
          : !answer.notConnected && noneOf(options),
        answer.next && `There are more: ${goOn(options, answer.next)}`,
        standing.length > 0 &&
          `Standing: ${standing.join(', ')}. What runs there: platform status`,
      ]
        .filter(Boolean)
        .join('\n'),
    );
  },
};

function noneOf(options: Options): string {
  const { owner, service, repository, state, before } = options;
  return owner || service || repository || state || before
    ? 'No preview environment is like that. All: platform env list'
    : 'There is no preview environment. Make one: platform env create -f preview.yaml';
}

/** The same list from where it stopped. */
function goOn(
  { owner, service, repository, state, limit: most }: Options,
  before: string,
): string {
  return commandLine(
    'platform env list',
    owner && `--owner ${owner}`,
    service && `--service ${service}`,
    repository && `--repository ${repository}`,
    state && `--state ${state}`,
    most !== undefined && `--limit ${most}`,
    `--before ${before}`,
  );
}
