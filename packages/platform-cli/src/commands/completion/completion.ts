import { Argument, Command } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { completionScript, Shell, SHELLS } from './scripts';

export const completion: CommandDefinition = {
  path: ['completion'],
  summary: 'Print a script that completes commands in your shell',
  examples: [
    'source <(platform completion bash)',
    'platform completion fish > ~/.config/fish/completions/platform.fish',
  ],
  configure: command =>
    command.addArgument(new Argument('<shell>', 'which shell').choices(SHELLS)),
  async run({ output }: CommandContext, ...args: [Shell, object, Command]) {
    const [shell, , command] = args;
    let root = command;
    while (root.parent) root = root.parent;
    output.raw(completionScript(shell, root));
  },
};
