import { Argument } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';

export const exampleHistory: CommandDefinition = {
  path: ['metrics', 'example'],
  summary: 'Show the example delivery history, or take it out',
  examples: ['platform metrics example remove'],
  configure: command =>
    command.addArgument(
      new Argument('<what>', 'show it, or remove it').choices([
        'show',
        'remove',
      ]),
    ),
  async run({ output, portal }: CommandContext, ...args: ['show' | 'remove']) {
    const [what] = args;
    const { metrics } = await portal();
    if (what === 'show') {
      const done = await metrics.loadExample({});
      output.answer(
        done,
        () =>
          `✔ ${done.accepted} events of the example history are counted now, and marked as example.`,
      );
      return;
    }
    const done = await metrics.removeExample({});
    output.answer(
      done,
      () =>
        `✔ ${done.removed} events of the example history are taken out. Numbers follow within seconds.`,
    );
  },
};
