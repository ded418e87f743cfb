import { CommandContext, CommandDefinition } from '../../command';
import { withoutFraction } from '../../output/withoutFraction';
import { upTo } from './upTo';
import { wholeUpTo } from '../wholeUpTo';

const MOST = 1_000;

export const showQuarantine: CommandDefinition = {
  path: ['metrics', 'quarantine'],
  summary: 'List the events that could not be taken, and why',
  examples: ['platform metrics quarantine'],
  configure: command =>
    command.option('--limit <n>', 'how many, the newest', wholeUpTo(MOST), 50),
  async run({ output, portal }: CommandContext, ...args: [{ limit: number }]) {
    const [{ limit }] = args;
    const { metrics } = await portal();
    const found = await upTo(limit, page => metrics.quarantine(page));
    output.answer(found, () =>
      found.items.length === 0
        ? 'Every event that came could be taken.'
        : [
            ...found.items.map(
              ({ id, source, receivedAt, times = 1, reason }) =>
                `✖ ${id}  ${source}  ${withoutFraction(receivedAt)}${
                  times > 1 ? `, ${times} times` : ''
                }\n  ${reason}`,
            ),
            ...(found.next
              ? [
                  '',
                  `These are the newest ${found.items.length}; see more with --limit.`,
                ]
              : []),
            '',
            'Mended? platform metrics replay   Nothing to do? platform metrics dismiss <id> --reason "…"',
            'Runbook: docs/runbooks/metrics-quarantine.md',
          ].join('\n'),
    );
  },
};

export const replayQuarantine: CommandDefinition = {
  path: ['metrics', 'replay'],
  summary: 'Try events of the quarantine again',
  examples: [
    'platform metrics replay',
    'platform metrics replay 01932c07-5b1f-7c3e-8a55-0123456789ab',
  ],
  configure: command =>
    command.argument(
      '[id...]',
      'as in "platform metrics quarantine"; all if left out',
    ),
  async run({ output, portal }: CommandContext, ...args: [string[]]) {
    const [ids] = args;
    const { metrics } = await portal();
    const done = await metrics.replay(ids.length > 0 ? { ids } : {});
    output.answer(
      done,
      () =>
        `✔ ${done.accepted} were taken, ${done.remaining} remain.${
          done.remaining > 0 ? ' See why: platform metrics quarantine' : ''
        }`,
    );
  },
};

export const dismissQuarantine: CommandDefinition = {
  path: ['metrics', 'dismiss'],
  summary: 'Say of events of the quarantine that nothing is to be done',
  examples: [
    'platform metrics dismiss 01932c07-5b1f-7c3e-8a55-0123456789ab --reason "a test of the pipeline"',
  ],
  configure: command =>
    command
      .argument('<id...>', 'as in "platform metrics quarantine"')
      .requiredOption('--reason <text>', 'why, for the record'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string[], { reason: string }]
  ) {
    const [ids, { reason }] = args;
    const { metrics } = await portal();
    const done = await metrics.dismiss({ ids, reason });
    output.answer(
      done,
      () =>
        `✔ ${done.dismissed} will not be shown again, also where the same comes again. ${done.remaining} remain.`,
    );
  },
};
