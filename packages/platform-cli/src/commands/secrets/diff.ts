import { stringifyEntityRef } from '@backstage/catalog-model';
import { whyNotComparable } from '@highroad/plugin-secrets-common';
import { CommandContext, CommandDefinition } from '../../command';
import { table } from '../../output/table';
import { resolveService } from '../service/resolveService';
import { anyProduction } from './environments';

export const diff: CommandDefinition = {
  path: ['secrets', 'diff'],
  summary: 'Say which secrets differ between two environments, without values',
  examples: ['platform secrets diff my-service --from staging --to production'],
  configure: command =>
    command
      .argument('<service>', 'as in "platform service list"')
      .requiredOption('--from <name>', 'one environment')
      .requiredOption('--to <name>', 'the other'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string, { from: string; to: string }]
  ) {
    const [name, { from, to }] = args;
    const connected = await portal();
    const service = stringifyEntityRef(await resolveService(connected, name));
    const ask = (await anyProduction(connected, from, to))
      ? connected.secrets.diffProduction
      : connected.secrets.diff;
    const answer = await ask({ service, from, to });
    const words = {
      same: '= same',
      differs: '≠ differs',
      'missing-left': `— missing in ${from}`,
      'missing-right': `— missing in ${to}`,
      'not-comparable': '? not comparable',
    };
    output.answer(answer, () =>
      answer.items.length === 0
        ? `${name} has no secrets in ${from} and ${to}.`
        : table(
            ['KEY', 'COMPARED'],
            answer.items.map(({ key, outcome, ...where }) => [
              key,
              outcome === 'not-comparable'
                ? `${words[outcome]}: ${whyNotComparable(where)}`
                : words[outcome],
            ]),
            output.width,
          ),
    );
  },
};
