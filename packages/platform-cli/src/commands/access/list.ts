import {
  accessOperations,
  callOperation,
  DescribedOperation,
} from '@highroad/plugin-platform-common';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { table } from '../../output/table';

export const listAccess: CommandDefinition = {
  path: ['access', 'list'],
  summary: 'List all that the portal can be asked, and what it takes',
  examples: [
    'platform access list',
    'platform access list --plugin audit',
    'platform access list --json',
  ],
  configure: command =>
    command.option('--plugin <id>', 'only what this plugin serves'),
  async run({ output, portal }: CommandContext, options: { plugin?: string }) {
    const connected = await portal();
    const { items } = await callOperation(
      { fetch: connected.fetch },
      accessOperations.listOperations,
      {},
    );
    const { plugin } = options;
    const shown = items.filter(item => !plugin || item.plugin === plugin);
    if (plugin && shown.length === 0) {
      const plugins = [...new Set(items.map(item => item.plugin))].sort();
      throw new CliError(`There is no plugin "${plugin}" here.`, {
        fix: `Name one of ${plugins.join(', ')}.`,
        exitCode: exitCodes.usage,
      });
    }
    output.answer(shown, () =>
      table(
        ['ROUTE', 'YOU MAY', 'TAKES', 'RECORDED AS', 'ACTION'],
        shown.map(item => [
          `${item.method} ${item.path}`,
          item.summary,
          whatItTakes(item),
          item.event ? `${item.event} (${item.severity})` : '',
          item.action ?? '',
        ]),
        output.width,
      ),
    );
  },
};

function whatItTakes(item: DescribedOperation): string {
  if (item.signedWith) return `a signature by ${item.signedWith}`;
  const filtered = item.filtered ? ', filtered' : '';
  return `${item.permission ?? 'signing in'}${filtered}`;
}
