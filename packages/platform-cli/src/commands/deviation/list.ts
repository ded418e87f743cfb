import { stringifyEntityRef } from '@backstage/catalog-model';
import { Deviation } from '@highroad/plugin-deployments-common';
import { CommandContext, CommandDefinition } from '../../command';
import { commandLine } from '../../output/commandLine';
import { table } from '../../output/table';
import { resolveService, shortRef } from '../service/resolveService';

interface Options {
  env?: string;
  all?: boolean;
  before?: string;
}

export const listDeviations: CommandDefinition = {
  path: ['deviation', 'list'],
  summary: 'Say which guardrails are lifted, by whom, why and until when',
  examples: [
    'platform deviation list',
    'platform deviation list my-service --all',
    'platform deviation list --env production --json',
  ],
  configure: command =>
    command
      .argument('[service]', 'as in "platform service list"; all if left out')
      .option('--env <name>', 'only there')
      .option('--all', 'those that were ended too')
      .option('--before <id>', 'go on where the last list stopped'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const answer = await connected.deployments.deviations({
      service: name
        ? stringifyEntityRef(await resolveService(connected, name))
        : undefined,
      environment: options.env,
      state: options.all ? undefined : ['active', 'expired'],
      before: options.before,
    });
    output.answer(answer, () =>
      answer.items.length === 0
        ? 'No guardrail is lifted.'
        : [
            table(
              [
                'SERVICE',
                'ENVIRONMENT',
                'GUARDRAIL',
                'UNTIL',
                'BY',
                'REASON',
                'ID',
              ],
              answer.items.map(rowOf),
              // An id is for the next command, so nothing of it is cut.
              Infinity,
            ),
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
  { env, all }: Options,
  before: string,
): string {
  return commandLine(
    ...['platform deviation list', name],
    env && `--env ${env}`,
    all && '--all',
    `--before ${before}`,
  );
}

function rowOf(deviation: Deviation): string[] {
  const { service, environment, guardrail, createdBy, reason, id } = deviation;
  return [
    shortRef(service),
    environment,
    guardrail,
    untilText(deviation),
    createdBy.replace(/^user:default\//, ''),
    reason.replace(/\s+/g, ' '),
    id,
  ];
}

/** `2027-01-31`, with a word where it lifts nothing any more. */
function untilText({ state, expiresAt, endedAt }: Deviation): string {
  const day = (endedAt ?? expiresAt).slice(0, 10);
  return state === 'active' ? day : `${day}, ${state}`;
}
