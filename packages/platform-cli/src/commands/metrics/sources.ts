import { durationText, Source } from '@highroad/plugin-metrics-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';

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
  configure: command => command.alias('status'),
  async run({ output, portal }: CommandContext) {
    const found = await (await portal()).metrics.sources({});
    const { items, gaps, pending, quarantined } = found;
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
        ...gaps.map(
          one =>
            `⚠ ${one.service} in ${one.environment}: ${one.n} × ${one.problem}`,
        ),
        pending > 0 && `… ${pending} services are being brought up to date.`,
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
