import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { StateOption, withState } from './options';
import { sandboxHere } from './sandboxHere';

export const reset: CommandDefinition = {
  path: ['sandbox', 'reset'],
  summary: 'Stop the servers and throw away all they keep',
  examples: ['platform sandbox reset', 'platform sandbox reset --yes'],
  configure: command => withState(command).option('--yes', 'do not ask'),
  async run(
    { output }: CommandContext,
    ...[options]: [StateOption & { yes?: boolean }]
  ) {
    const client = sandboxHere(options.state);
    const { state } = client.paths;
    const effect = `This destroys the data of all servers in ${state}: repositories, databases, secrets, images, and what runs in the cluster.`;
    if (!options.yes) {
      if (!output.asks) {
        throw new CliError('A reset has to be confirmed.', {
          why: effect,
          fix: 'Confirm it: platform sandbox reset --yes',
          exitCode: exitCodes.usage,
        });
      }
      const { confirm } = await import('@inquirer/prompts');
      output.note(effect);
      const sure = await confirm(
        { message: 'Destroy it?', default: false },
        { output: process.stderr },
      );
      if (!sure) {
        throw new CliError('Nothing was destroyed.', {
          exitCode: exitCodes.interrupted,
        });
      }
    }
    await client.reset();
    output.answer({ reset: state }, () =>
      [
        'The sandbox is as if it had never run. The prepared programs stay.',
        'Start it: platform sandbox start',
      ].join('\n'),
    );
  },
};
