import {
  AdoptionKey,
  adoptionKeys,
  metricsOperations,
} from '@highroad/plugin-metrics-common';
import { openOperation } from '@highroad/plugin-platform-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { ScopeOptions, scopeOf, sliceOf, withScope } from './scope';

export const exportMetrics: CommandDefinition = {
  path: ['metrics', 'export'],
  summary: 'Print what the numbers were taken from',
  examples: [
    'platform metrics export > deployments.csv',
    'platform metrics export my-service --format jsonl',
    'platform metrics export --number onboarding --group my-team',
  ],
  configure: command =>
    withScope(command)
      .addOption(
        new Option('--format <name>', 'a table, or lines of JSON')
          .choices(['csv', 'jsonl'])
          .default('csv'),
      )
      .addOption(
        new Option(
          '--number <name>',
          'what a number of adoption was taken from, instead of all deployments',
        )
          .choices(adoptionKeys)
          .conflicts('env'),
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [
      string | undefined,
      ScopeOptions & { format: 'csv' | 'jsonl'; number?: AdoptionKey },
    ]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const { format, number: key } = options;
    const at = { fetch: connected.fetch };
    const isCsv = format === 'csv';
    const { exportCsv, exportJson, exportAdoptionCsv, exportAdoptionJson } =
      metricsOperations;
    const { body } = key
      ? await openOperation(
          at,
          isCsv ? exportAdoptionCsv : exportAdoptionJson,
          {
            ...(await sliceOf(connected, name, options)),
            key,
          },
        )
      : await openOperation(
          at,
          isCsv ? exportCsv : exportJson,
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
