import { CommandContext, CommandDefinition } from '../../command';
import { leftoversText } from './words';

export const listLeftovers: CommandDefinition = {
  path: ['env', 'leftovers'],
  summary:
    'List what is left of environments that are gone, which nothing takes away',
  examples: ['platform env leftovers', 'platform env leftovers --json'],
  configure: command => command,
  async run({ output, portal }: CommandContext) {
    const connected = await portal();
    const answer = await connected.environments.orphans({});
    output.answer(answer, () =>
      leftoversText(answer, new Date(), output.width),
    );
  },
};
