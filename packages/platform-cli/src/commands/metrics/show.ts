import {
  BandSet,
  definitions,
  KeySummary,
  keys,
  measureText,
  Scope,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { shortRef } from '../service/resolveService';
import { ScopeOptions, scopeOf, withScope } from './scope';

type By = 'owner' | 'system' | 'service';

export const showMetrics: CommandDefinition = {
  path: ['metrics', 'show'],
  summary: 'Say how delivery is doing, compared with the time before',
  examples: [
    'platform metrics show',
    'platform metrics show my-service --from 2026-01-01 --to 2026-03-31',
    'platform metrics show group:default/my-team --by service',
  ],
  configure: command =>
    withScope(command).addOption(
      new Option('--by <what>', 'a row for each').choices([
        'owner',
        'system',
        'service',
      ]),
    ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, ScopeOptions & { by?: By }]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const asked = await scopeOf(connected, name, options);
    if (options.by) {
      const { by } = options;
      const found = await connected.metrics.teams({ ...asked, by });
      output.answer(found, () => teamWords(found.scope, found.rows, output));
      return;
    }
    const found = await connected.metrics.summary(asked);
    output.answer(found, () =>
      summaryWords(found.scope, found.bands, found.keys, output),
    );
  },
};

/** A row for each key, then what each says. */
export function summaryWords(
  scope: Scope,
  bands: BandSet,
  summaries: KeySummary[],
  output: Pick<Output, 'width'>,
): string {
  const rows = summaries.map(({ key, unit, current, previous, band }) => [
    definitions[key].title,
    measureText(current, unit),
    measureText(previous, unit),
    band ?? '',
    current.state === 'value' ? String(current.n) : '',
  ]);
  return [
    headline(scope),
    '',
    table(
      ['', 'NOW', 'BEFORE', bands.name.toLocaleUpperCase('en-US'), 'N'],
      rows,
      output.width,
    ),
    '',
    ...summaries.map(({ reading }) => reading),
  ].join('\n');
}

function teamWords(scope: Scope, rows: TeamRow[], output: Output): string {
  if (rows.length === 0) return `${headline(scope)}\n\nNothing was deployed.`;
  return [
    headline(scope),
    '',
    table(
      ['', 'A WEEK', 'LEAD TIME', 'FAILURES', 'RECOVERY', 'REWORK'],
      rows.map(({ ref, measures }) => [
        ref ? shortRef(ref).replace(/^group:/, '') : '(nobody known)',
        ...keys.map(key => measureText(measures[key], definitions[key].unit)),
      ]),
      output.width,
    ),
  ].join('\n');
}

function headline(scope: Scope): string {
  const { slice, environments, range, incomplete, example } = scope;
  return [
    `${slice ? shortRef(slice) : 'Everything'} in ${environments.join(', ')}, ${
      range.from
    } to ${range.to}${incomplete ? ' (not over yet)' : ''}`,
    ...(example ? ['⚠ Example history is among what is counted.'] : []),
  ].join('\n');
}
