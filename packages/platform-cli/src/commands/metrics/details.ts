import {
  Detail,
  IncidentDetail,
  Key,
  keys,
  Scope,
} from '@highroad/plugin-metrics-common';
import { Argument } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { shortRef } from '../service/resolveService';
import { ScopeOptions, scopeOf, withScope } from './scope';
import { headline } from './show';
import { wholeUpTo } from './wholeUpTo';

/** What the API gives at once. */
const PAGE = 200;
const MOST = 1_000;

interface Page<T> {
  scope: Scope;
  items: T[];
  next?: string;
}

export const showDetails: CommandDefinition = {
  path: ['metrics', 'details'],
  summary: 'List the deployments or incidents behind a number',
  examples: [
    'platform metrics details recovery',
    'platform metrics details change-failure-rate my-service --days 30',
    'platform metrics details incidents group:default/my-team',
  ],
  configure: command =>
    withScope(
      command.addArgument(
        new Argument(
          '<number>',
          'which; incidents: those behind the time to restore',
        ).choices([...keys, 'incidents']),
      ),
    ).option('--limit <n>', 'how many, the newest', wholeUpTo(MOST), 50),
  async run(
    { output, portal }: CommandContext,
    ...args: [
      Key | 'incidents',
      string | undefined,
      ScopeOptions & { limit: number },
    ]
  ) {
    const [number, name, options] = args;
    const connected = await portal();
    const { metrics } = connected;
    const asked = await scopeOf(connected, name, options);
    if (number === 'incidents') {
      const found = await upTo(options.limit, page =>
        metrics.incidents({ ...asked, ...page }),
      );
      output.answer(found, () => words(found, incidentTable));
      return;
    }
    const found = await upTo(options.limit, page =>
      metrics.details({ ...asked, ...page, key: number }),
    );
    output.answer(found, () => words(found, deploymentTable));
  },
};

/** The first ones of a list that comes a page at a time. */
async function upTo<T>(
  limit: number,
  read: (page: { limit: number; before?: string }) => Promise<Page<T>>,
): Promise<Page<T>> {
  const found = await read({ limit: Math.min(limit, PAGE) });
  while (found.next && found.items.length < limit) {
    const page = await read({
      limit: Math.min(limit - found.items.length, PAGE),
      before: found.next,
    });
    found.items.push(...page.items);
    found.next = page.next;
  }
  return found;
}

function words<T>(
  { scope, items, next }: Page<T>,
  asTable: (items: T[]) => string,
): string {
  return [
    headline(scope),
    '',
    items.length === 0 ? 'There is none.' : asTable(items),
    ...(next
      ? ['', `These are the newest ${items.length}; see more with --limit.`]
      : []),
  ].join('\n');
}

// What is said of each is why the list is read, so nothing of it is cut.

function deploymentTable(items: Detail[]): string {
  return table(
    ['FINISHED', 'SERVICE', 'VERSION', 'DEPLOYMENT', 'WHY'],
    items.map(one => [
      withoutFraction(one.finishedAt),
      shortRef(one.service),
      one.version ?? '',
      one.deployment,
      one.why,
    ]),
    Infinity,
  );
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
