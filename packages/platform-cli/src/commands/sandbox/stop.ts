import { CommandContext, CommandDefinition } from '../../command';
import { StateOption, withState } from './options';
import { sandboxHere } from './sandboxHere';

const WORDS = {
  stopped: 'Stopped. What the servers keep stays for the next start.',
  'leftovers-ended': 'Ended what a sandbox that was killed had left running.',
  'nothing-ran': 'Nothing was running.',
};

export const stop: CommandDefinition = {
  path: ['sandbox', 'stop'],
  summary: 'Stop all servers, and leave nothing of them behind',
  examples: ['platform sandbox stop'],
  configure: withState,
  async run({ output }: CommandContext, ...[options]: [StateOption]) {
    const client = sandboxHere(options.state);
    const result = await client.stop();
    output.answer({ result }, () => WORDS[result]);
  },
};
