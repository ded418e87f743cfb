import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';

export const showSources: CommandDefinition = {
  path: ['metrics', 'sources'],
  summary: 'Say where the numbers come from, and what is missing',
  examples: ['platform metrics sources'],
  configure: command => command,
  async run({ output, portal }: CommandContext) {
    const found = await (await portal()).metrics.sources({});
    const { items, gaps, pending, quarantined } = found;
    output.answer(found, () =>
      [
        items.length === 0
          ? 'Nothing is connected.'
          : table(
              ['SOURCE', 'EVENTS', 'NEWEST', 'HEARD', ''],
              items.map(one => [
                one.source,
                String(one.events),
                one.lastEventAt ?? '—',
                one.lastHeardAt ?? 'never',
                one.example ? 'example' : '',
              ]),
              output.width,
            ),
        ...items.flatMap(({ problem }) => (problem ? [`✖ ${problem}`] : [])),
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
