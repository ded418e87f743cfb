import { metricsOperations } from '@highroad/plugin-metrics-common';
import { openOperation } from '@highroad/plugin-platform-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { ScopeOptions, scopeOf, withScope } from './scope';

export const exportMetrics: CommandDefinition = {
  path: ['metrics', 'export'],
  summary: 'Print the deployments behind the numbers',
  examples: [
    'platform metrics export > deployments.csv',
    'platform metrics export my-service --format jsonl',
  ],
  configure: command =>
    withScope(command).addOption(
      new Option('--format <name>', 'a table, or lines of JSON')
        .choices(['csv', 'jsonl'])
        .default('csv'),
    ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, ScopeOptions & { format: 'csv' | 'jsonl' }]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const { body } = await openOperation(
      { fetch: connected.fetch },
      options.format === 'csv'
        ? metricsOperations.exportCsv
        : metricsOperations.exportJson,
      await scopeOf(connected, name, options),
    );
    if (!body) throw new CliError('The export came without content.');
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      output.raw(value);
    }
  },
};
