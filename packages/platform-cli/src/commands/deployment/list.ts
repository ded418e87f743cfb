import { stringifyEntityRef } from '@backstage/catalog-model';
import {
  activeStates,
  DeploymentState,
  states,
} from '@highroad/plugin-deployments-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { commandLine } from '../../output/commandLine';
import { resolveService } from '../service/resolveService';
import { wholeUpTo } from '../wholeUpTo';
import { deploymentTable } from './words';

interface Options {
  env?: string;
  state?: DeploymentState;
  active?: boolean;
  limit: number;
  before?: string;
}

const MOST = 200;
const USUAL = 20;

export const listDeployments: CommandDefinition = {
  path: ['deployment', 'list'],
  summary: 'List what was brought where, and how that ended',
  examples: [
    'platform deployment list my-service --env production',
    'platform deployment list --active',
    'platform deployment list --state failed --json',
  ],
  configure: command =>
    command
      .argument('[service]', 'as in "platform service list"; all if left out')
      .option('--env <name>', 'only there')
      .addOption(
        new Option('--state <state>', 'only those in this state').choices(
          states,
        ),
      )
      .addOption(
        new Option('--active', 'only those that go on').conflicts('state'),
      )
      .option('--limit <n>', `how many, up to ${MOST}`, wholeUpTo(MOST), USUAL)
      .option('--before <id>', 'go on where the last list stopped'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const { state, active } = options;
    const answer = await connected.deployments.list({
      service: name
        ? stringifyEntityRef(await resolveService(connected, name))
        : undefined,
      environment: options.env,
      state: active ? [...activeStates] : state && [state],
      limit: options.limit,
      before: options.before,
    });
    output.answer(answer, () =>
      answer.items.length === 0
        ? 'There is none.'
        : [
            deploymentTable(answer.items, Date.now()),
            'See one with its steps: platform deployment show <id>',
            answer.next &&
              `There are more: ${goOn(name, options, answer.next)}`,
          ]
            .filter(Boolean)
            .join('\n'),
    );
  },
};

/** The same list from where it stopped. */
function goOn(
  name: string | undefined,
  { env, state, active, limit: most }: Options,
  before: string,
): string {
  return commandLine(
    'platform deployment list',
    name,
    env && `--env ${env}`,
    state && `--state ${state}`,
    active && '--active',
    most !== USUAL && `--limit ${most}`,
    `--before ${before}`,
  );
}
