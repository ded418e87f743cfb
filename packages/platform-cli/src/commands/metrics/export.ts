import {
  AdoptionKey,
  adoptionKeys,
  Bucket,
  buckets,
  Exported,
  exported,
  exportOperationOf,
  metricsOperations,
} from '@highroad/plugin-metrics-common';
import { openOperation } from '@highroad/plugin-platform-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { ScopeOptions, scopeOf, sliceOf, withScope } from './scope';

export const exportMetrics: CommandDefinition = {
  path: ['metrics', 'export'],
  summary: 'Print the numbers, or what they were taken from',
  examples: [
    'platform metrics export > deployments.csv',
    'platform metrics export my-service --format jsonl',
    'platform metrics export --what changes --days 30',
    'platform metrics export --what numbers --bucket month --days 365',
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
          '--what <name>',
          'deployments, changes with their lead times, incidents, or the numbers over time',
        )
          .choices(exported)
          .default('deployments'),
      )
      .addOption(
        new Option('--bucket <name>', 'of numbers: over which time each is')
          .choices(buckets)
          .default('week'),
      )
      .addOption(
        new Option(
          '--number <name>',
          'instead: what a number of adoption was taken from',
        )
          .choices(adoptionKeys)
          .conflicts(['env', 'what', 'bucket']),
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [
      string | undefined,
      ScopeOptions & {
        format: 'csv' | 'jsonl';
        what: Exported;
        bucket: Bucket;
        number?: AdoptionKey;
      },
    ]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const { format, what, bucket, number: key } = options;
    const at = { fetch: connected.fetch };
    const { exportAdoptionCsv, exportAdoptionJson } = metricsOperations;
    const open = async () => {
      if (key) {
        return openOperation(
          at,
          format === 'csv' ? exportAdoptionCsv : exportAdoptionJson,
          { ...(await sliceOf(connected, name, options)), key },
        );
      }
      const scope = await scopeOf(connected, name, options);
      return what === 'numbers'
        ? openOperation(at, exportOperationOf[what][format], {
            ...{ ...scope, bucket },
          })
        : openOperation(at, exportOperationOf[what][format], scope);
    };
    const { body } = await open();
    if (!body) throw new CliError('The export came without content.');
    const reader = body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      output.raw(value);
    }
  },
};
