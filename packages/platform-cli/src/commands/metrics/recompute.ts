import { setTimeout as sleep } from 'node:timers/promises';
import { CommandContext, CommandDefinition } from '../../command';

const PAUSE_MS = 1_000;

export const recomputeMetrics: CommandDefinition = {
  path: ['metrics', 'recompute'],
  summary: 'Have all numbers computed anew from the ledger',
  examples: [
    'platform metrics recompute',
    'platform metrics recompute --no-wait',
  ],
  configure: command => command.option('--no-wait', 'come back at once'),
  async run({ output, portal }: CommandContext, ...args: [{ wait: boolean }]) {
    const [{ wait }] = args;
    const { metrics } = await portal();
    let { recompute } = await metrics.recompute({});
    let told = -1;
    while (wait && recompute.state === 'running') {
      await sleep(PAUSE_MS);
      recompute = (await metrics.sources({})).recompute ?? recompute;
      if (!output.json && recompute.done !== told) {
        told = recompute.done;
        output.note(`${told} of ${recompute.total} services and days`);
      }
    }
    output.answer({ recompute }, () =>
      recompute.state === 'done'
        ? `✔ ${recompute.total} services and days are computed anew.`
        : `… ${recompute.total} services and days are being computed anew. See: platform metrics sources`,
    );
  },
};
