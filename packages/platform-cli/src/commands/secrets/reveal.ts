import { CommandContext, CommandDefinition } from '../../command';
import { anyProduction } from './environments';
import { resolveSecret } from './name';
import { wholeNumber } from './wholeNumber';

interface Options {
  env: string;
  reason: string;
  version?: number;
}

export const reveal: CommandDefinition = {
  path: ['secrets', 'reveal'],
  summary: 'Print the value of one secret; it is recorded that you saw it',
  examples: [
    'platform secrets reveal my-service/DATABASE_URL --env staging --reason "the login fails"',
  ],
  configure: command =>
    command
      .argument('<secret>', 'service and key: my-service/DATABASE_URL')
      .requiredOption('--env <name>', 'where')
      .requiredOption('--reason <text>', 'why, for the record')
      .option('--version <number>', 'an earlier one', wholeNumber),
  async run({ output, portal }: CommandContext, ...args: [string, Options]) {
    const [name, options] = args;
    const connected = await portal();
    const production = await anyProduction(connected, options.env);
    const ask = production
      ? connected.secrets.revealProduction
      : connected.secrets.reveal;
    const answer = await ask({
      ...(await resolveSecret(connected, name)),
      environment: options.env,
      reason: options.reason,
      version: options.version,
    });
    if (output.json) output.answer(answer, () => '');
    else output.raw(`${answer.value}\n`);
  },
};
