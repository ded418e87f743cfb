import {
  BandSet,
  besidesText,
  definitions,
  Key,
  KeySummary,
  keys,
  Measure,
  measureText,
  partlyText,
  Scope,
  spreadText,
  TeamColumn,
  teamColumns,
  TeamRow,
} from '@highroad/plugin-metrics-common';
import { Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { Output } from '../../output/Output';
import { table } from '../../output/table';
import { shortRef } from '../service/resolveService';
import { ScopeOptions, scopeOf, withScope } from './scope';
import { wholeUpTo } from '../wholeUpTo';

type By = 'owner' | 'system' | 'service';
interface ShowOptions extends ScopeOptions {
  by?: By;
  sort: TeamColumn;
  desc?: boolean;
  limit: number;
}
const MOST_ROWS = 500;

export const showMetrics: CommandDefinition = {
  path: ['metrics', 'show'],
  summary: 'Say how delivery is doing, compared with the time before',
  examples: [
    'platform metrics show',
    'platform metrics show my-service --from 2026-01-01 --to 2026-03-31',
    'platform metrics show group:default/my-team --by service',
    'platform metrics show --by service --sort lead-time --desc --limit 10',
  ],
  configure: command =>
    withScope(command)
      .addOption(
        new Option('--by <what>', 'a row for each').choices([
          'owner',
          'system',
          'service',
        ]),
      )
      .addOption(
        new Option('--sort <column>', 'with --by: what rows are sorted by')
          .choices(teamColumns)
          .default('name'),
      )
      .option('--desc', 'with --by: the highest first')
      .option(
        '--limit <n>',
        'with --by: how many rows',
        wholeUpTo(MOST_ROWS),
        50,
      ),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, ShowOptions]
  ) {
    const [name, options] = args;
    const connected = await portal();
    const asked = await scopeOf(connected, name, options);
    if (options.by) {
      const { by, sort, desc, limit } = options;
      const found = await connected.metrics.teams({
        ...{ ...asked, by, sort, limit },
        order: desc ? 'desc' : 'asc',
      });
      output.answer(found, () => teamWords(found, output));
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
  const rows = summaries.map(({ key, current, previous, band }) => [
    definitions[key].title,
    wordsOf(key, current),
    wordsOf(key, previous),
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
    ...summaries.flatMap(({ key, unit, reading, current }) => [
      reading,
      ...[spreadText(current, unit)].filter(Boolean).map(text => `  ${text}`),
      // Those of the others are their parts and wholes.
      ...(key === 'recovery' && current.state !== 'no-data'
        ? [`  ${besidesText(current.beside)}`]
        : []),
    ]),
  ].join('\n');
}

function wordsOf(key: Key, measure: Measure): string {
  const text = measureText(measure, definitions[key].unit);
  return key === 'frequency' && measure.state === 'value'
    ? `${text} a week`
    : text;
}

function teamWords(
  { scope, rows, total }: { scope: Scope; rows: TeamRow[]; total: number },
  output: Output,
): string {
  if (rows.length === 0) {
    return `${headline(scope)}\n\n${
      scope.untold
        ? 'No data: nobody tells of deployments there yet.'
        : 'Nothing was deployed.'
    }`;
  }
  return [
    headline(scope),
    '',
    table(
      ['', 'A WEEK', 'LEAD TIME', 'FAILURES', 'RECOVERY', 'REWORK'],
      rows.map(({ ref, measures, partly, example }) => [
        `${ref ? shortRef(ref).replace(/^group:/, '') : '(nobody known)'}${
          partly ? ' (partly known)' : ''
        }${example ? ' (example)' : ''}`,
        ...keys.map(key => measureText(measures[key], definitions[key].unit)),
      ]),
      output.width,
    ),
    ...(total > rows.length
      ? ['', `${rows.length} of ${total}. See more with --limit.`]
      : []),
  ].join('\n');
}

/**
 * What numbers are of, and what is to be known of them before they are read.
 *
 * @param options.upTo - of whenever up to the last day, not only of the range
 */
export function headline(scope: Scope, { upTo = false } = {}): string {
  const { slice, environments, range, incomplete, example } = scope;
  const { knownFrom, partly } = scope;
  return [
    `${slice ? shortRef(slice) : 'Everything'} in ${environments.join(', ')}, ${
      upTo ? 'up' : range.from
    } to ${range.to}${incomplete ? ' (not over yet)' : ''}`,
    ...(knownFrom
      ? [`Deployments are known from ${knownFrom} on, and counted from there.`]
      : []),
    ...(partly ? [`⚠ ${partlyText(partly)}`] : []),
    ...(example ? ['⚠ Example history is among what is counted.'] : []),
  ].join('\n');
}
