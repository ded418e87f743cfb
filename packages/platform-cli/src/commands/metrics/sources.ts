import { durationText, Source } from '@highroad/plugin-metrics-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { wholeUpTo } from '../wholeUpTo';

const MOST = 5_000;
const STATES: Record<Source['state'], string> = {
  heard: '✔ heard',
  silent: '⚠ silent',
  waiting: '… waiting',
  failing: '✖ failing',
};

export const showSources: CommandDefinition = {
  path: ['metrics', 'sources'],
  summary: 'Say where the numbers come from, and what is missing',
  examples: ['platform metrics sources'],
  configure: command =>
    command
      .alias('status')
      .option(
        '--limit <n>',
        'how many sources, those that are not well first',
        wholeUpTo(MOST),
        200,
      ),
  async run({ output, portal }: CommandContext, ...args: [{ limit: number }]) {
    const [{ limit }] = args;
    const found = await (await portal()).metrics.sources({ limit });
    const { items, itemsInAll, gaps, gapsInAll, aside = [] } = found;
    const { pending, quarantined } = found;
    output.answer(found, () =>
      [
        items.length === 0
          ? 'Nothing is connected.'
          : table(
              ['SOURCE', 'EVENTS', 'NEWEST', 'HEARD', 'STATE'],
              items.map(one => [
                one.source,
                String(one.events),
                one.lastEventAt ?? '—',
                one.lastHeardAt ?? 'never',
                one.example ? 'example' : STATES[one.state],
              ]),
              output.width,
            ),
        ...items.flatMap(({ problem }) => (problem ? [`✖ ${problem}`] : [])),
        ...items.flatMap(silenceWords),
        ...(items.some(one => one.state !== 'heard')
          ? ['Runbook: docs/runbooks/metrics-source-stale.md']
          : []),
        itemsInAll &&
          `${items.length} of ${itemsInAll} sources. See more with --limit.`,
        ...aside.map(
          service =>
            `✖ The numbers of ${service} could not be brought up to date. It is tried again.`,
        ),
        aside.length > 0 && 'Runbook: docs/runbooks/metrics-recompute.md',
        ...gaps.map(
          one =>
            `⚠ ${one.service} in ${one.environment}: ${one.n} × ${one.problem}`,
        ),
        gapsInAll && `⚠ … and ${gapsInAll - gaps.length} more like these.`,
        pending > 0 &&
          `… ${pending} services and days are being brought up to date.`,
        quarantined > 0 &&
          `⚠ ${quarantined} events could not be taken. Runbook: docs/runbooks/metrics-quarantine.md`,
      ]
        .filter(Boolean)
        .join('\n'),
    );
  },
};

function silenceWords(one: Source): string[] {
  const { source, state, silentSince, expectedHours } = one;
  if (state === 'waiting') {
    return [`… ${source} is connected, and nothing came yet.`];
  }
  if (state !== 'silent') return [];
  const expected =
    expectedHours === undefined
      ? ''
      : `, and is expected every ${durationText(expectedHours * 3_600)}`;
  return [
    `⚠ ${source} is silent since ${
      silentSince ? withoutFraction(silentSince) : 'long ago'
    }${expected}.`,
  ];
}
