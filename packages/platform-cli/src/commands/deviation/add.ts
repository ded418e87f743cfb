import { stringifyEntityRef } from '@backstage/catalog-model';
import { guardrailIds } from '@highroad/plugin-deployments-common';
import { nearestNames } from '@highroad/plugin-platform-common';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { resolveService, shortRef } from '../service/resolveService';

interface Options {
  env: string;
  guardrail: string;
  reason: string;
  until: string;
}

export const addDeviation: CommandDefinition = {
  path: ['deviation', 'add'],
  summary: 'Lift a guardrail for a service in an environment, until a day',
  examples: [
    'platform deviation add my-service --env staging --guardrail readiness-probe --reason "it serves nobody" --until 2027-01-31',
  ],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .requiredOption('--env <name>', 'where')
      .requiredOption('--guardrail <id>', `one of ${guardrailIds.join(', ')}`)
      .requiredOption('--reason <text>', 'why it cannot be as the rule says')
      .requiredOption('--until <day>', 'last day, such as 2027-01-31'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const guardrail = guardrailIds.find(id => id === options.guardrail);
    if (!guardrail) throw unknownGuardrail(options.guardrail);
    const connected = await portal();
    const entity = await resolveService(connected, name);
    const answer = await connected.deployments.addDeviation({
      service: stringifyEntityRef(entity),
      environment: options.env,
      guardrail,
      reason: options.reason,
      until: options.until,
    });
    const { deviation } = answer;
    output.answer(answer, () =>
      [
        `${guardrail} is lifted for ${shortRef(deviation.service)} in ${
          deviation.environment
        } until ${deviation.expiresAt}.`,
        `Take it back: platform deviation end ${deviation.id}`,
      ].join('\n'),
    );
  },
};

function unknownGuardrail(asked: string): CliError {
  const near = nearestNames(asked, [...guardrailIds]);
  return new CliError(`There is no guardrail "${asked}".`, {
    why: near.length > 0 ? `Did you mean ${near.join(' or ')}?` : undefined,
    fix: `Name one of ${guardrailIds.join(', ')}.`,
    exitCode: exitCodes.usage,
  });
}
