import { CommandContext, CommandDefinition } from '../../command';
import { shortRef } from '../service/resolveService';

interface Options {
  reason?: string;
}

export const endDeviation: CommandDefinition = {
  path: ['deviation', 'end'],
  summary: 'Have a guardrail hold again',
  examples: [
    'platform deviation end 01932c07-5b1f-7c3e-8a55-0123456789ab',
    'platform deviation end 01932c07-5b1f-7c3e-8a55-0123456789ab --reason "it has a probe now"',
  ],
  configure: command =>
    command
      .argument('<id>', 'as in "platform deviation list"')
      .option('--reason <text>', 'why, for the record'),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [id, { reason }] = args;
    const connected = await portal();
    const answer = await connected.deployments.endDeviation({ id, reason });
    const { guardrail, service, environment } = answer.deviation;
    output.answer(
      answer,
      () =>
        `${guardrail} holds again for ${shortRef(service)} in ${environment}.`,
    );
  },
};
