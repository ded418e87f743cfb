import {
  AdoptionDetail,
  AdoptionKey,
  adoptionKeys,
  Detail,
  IncidentDetail,
  Key,
  keys,
  Scope,
} from '@highroad/plugin-metrics-common';
import { Argument, Option } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { shortRef } from '../service/resolveService';
import { lengthOfTime } from './lengthOfTime';
import { ScopeOptions, scopeOf, sliceOf, withScope } from './scope';
import { headline } from './show';
import { upTo } from './upTo';
import { wholeUpTo } from '../wholeUpTo';

/** Numbers of which both sides are listed. */
const SHARES = ['change-failure-rate', 'rework'] as const;
/** Numbers that are taken from lengths of time. */
const LENGTHS = ['lead-time', 'recovery'] as const;
const MOST = 1_000;

interface DetailOptions extends ScopeOptions {
  limit: number;
  counts?: 'yes' | 'no';
  open?: boolean;
  /** Seconds */
  atLeast?: number;
  below?: number;
}

interface Page<T> {
  scope: Scope;
  items: T[];
  next?: string;
}

export const showDetails: CommandDefinition = {
  path: ['metrics', 'details'],
  summary: 'List what a number was taken from, and why each counts',
  examples: [
    'platform metrics details recovery',
    'platform metrics details recovery --open',
    'platform metrics details lead-time --at-least 7d --below 14d',
    'platform metrics details change-failure-rate my-service --days 30',
    'platform metrics details change-failure-rate --counts yes',
    'platform metrics details incidents group:default/my-team',
    'platform metrics details onboarding --group my-team --counts no',
  ],
  configure: command =>
    withScope(
      command.addArgument(
        new Argument(
          '<number>',
          'which; incidents: those behind the time to restore',
        ).choices([...keys, 'incidents', ...adoptionKeys]),
      ),
    )
      .addOption(
        new Option(
          '--counts <which>',
          'of adoption and of shares: only what counts, or only what does not',
        ).choices(['yes', 'no']),
      )
      .option('--open', 'of recovery: failures that are open, of whenever')
      .option(
        '--at-least <length>',
        'of lead-time and recovery: what took so long or longer, such as 6h or 7d',
        lengthOfTime,
      )
      .option('--below <length>', 'and less than so long', lengthOfTime)
      .option('--limit <n>', 'how many, the first', wholeUpTo(MOST), 50),
  async run(
    { output, portal }: CommandContext,
    ...args: [
      Key | 'incidents' | AdoptionKey,
      string | undefined,
      DetailOptions,
    ]
  ) {
    const [number, name, options] = args;
    const connected = await portal();
    const { metrics } = connected;
    const { atLeast, below, counts, env, open } = options;
    const isLength = LENGTHS.some(one => one === number);
    if ((atLeast !== undefined || below !== undefined) && !isLength) {
      throw new CliError(
        `--at-least, --below: ${number} is no length of time.`,
        {
          fix: `Leave them out, or ask for one of ${LENGTHS.join(', ')}.`,
          exitCode: exitCodes.usage,
        },
      );
    }
    if (open && number !== 'recovery') {
      throw new CliError(`--open: not of ${number}, of recovery only.`, {
        fix: 'platform metrics details recovery --open',
        exitCode: exitCodes.usage,
      });
    }
    if (isOfAdoption(number)) {
      if (env) {
        throw new CliError(`--env: ${number} is of production.`, {
          fix: 'Leave --env out.',
          exitCode: exitCodes.usage,
        });
      }
      const slice = await sliceOf(connected, name, options);
      const found = await upTo(options.limit, page =>
        metrics.adoptionDetails({
          ...{ ...slice, ...page, key: number },
          ...(counts && { counts: counts === 'yes' }),
        }),
      );
      output.answer(found, () => words(found, adoptionTable));
      return;
    }
    const isShare = SHARES.some(one => one === number);
    if (counts && !isShare) {
      throw new CliError(`--counts: all that ${number} lists counts.`, {
        fix: `Leave --counts out, or ask for one of ${[
          ...SHARES,
          ...adoptionKeys,
        ].join(', ')}.`,
        exitCode: exitCodes.usage,
      });
    }
    const asked = await scopeOf(connected, name, options);
    if (number === 'incidents') {
      const found = await upTo(options.limit, page =>
        metrics.incidents({ ...asked, ...page }),
      );
      output.answer(found, () => words(found, incidentTable));
      return;
    }
    const found = await upTo(options.limit, page =>
      metrics.details({
        ...{ ...asked, ...page, key: number, open, atLeast, below },
        ...(counts && { counts: counts === 'yes' }),
      }),
    );
    const asTable = (items: Detail[]) => deploymentTable(items, isShare);
    output.answer(found, () => words(found, asTable, { upTo: open }));
  },
};

function words<T>(
  { scope, items, next }: Page<T>,
  asTable: (items: T[]) => string,
  options: { upTo?: boolean } = {},
): string {
  return [
    headline(scope, options),
    '',
    items.length === 0 ? 'There is none.' : asTable(items),
    ...(next
      ? ['', `These are the first ${items.length}; see more with --limit.`]
      : []),
  ].join('\n');
}

// What is said of each is why the list is read, so nothing of it is cut.

function deploymentTable(items: Detail[], isMarked: boolean): string {
  return table(
    [
      ...(isMarked ? [''] : []),
      'FINISHED',
      'SERVICE',
      'VERSION',
      'DEPLOYMENT',
      'WHY',
    ],
    items.map(one => [
      ...(isMarked ? [one.counts ? '✖' : '·'] : []),
      withoutFraction(one.finishedAt),
      shortRef(one.service),
      one.version ?? '',
      one.deployment,
      one.why,
    ]),
    Infinity,
  );
}

function adoptionTable(items: AdoptionDetail[]): string {
  return table(
    ['', 'SERVICE', 'DEPLOYMENT', 'WHY'],
    items.map(one => [
      one.counts ? '✓' : '·',
      shortRef(one.service),
      one.deployment?.version ?? one.deployment?.id ?? '',
      one.why,
    ]),
    Infinity,
  );
}

function isOfAdoption(number: string): number is AdoptionKey {
  return adoptionKeys.some(one => one === number);
}

function incidentTable(items: IncidentDetail[]): string {
  return table(
    ['DETECTED', 'SERVICE', 'INCIDENT', 'WHY'],
    items.map(one => [
      withoutFraction(one.detectedAt),
      shortRef(one.service),
      one.title ?? one.incident,
      one.why,
    ]),
    Infinity,
  );
}
