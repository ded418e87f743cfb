import { InvalidArgumentError } from 'commander';
import { CommandContext, CommandDefinition } from '../../command';
import { wholeUpTo } from '../wholeUpTo';
import { filterOf, FilterOptions, withFilter } from './filter';
import { cutText, recordTable } from './recordTable';

interface Options extends FilterOptions {
  limit: number;
  before?: number;
}

export const search: CommandDefinition = {
  path: ['audit', 'search'],
  summary: 'Say who did what, newest first',
  examples: [
    'platform audit search payment-service --env production --since 7d',
    'platform audit search --by jonas.lind --outcome refused',
    'platform audit search --event audit.export --json',
    'platform audit search payment-service --key DATABASE_URL --env production',
  ],
  configure: command =>
    withFilter(command)
      .option('--limit <n>', 'how many, 1 to 200', wholeUpTo(200), 50)
      .option('--before <number>', 'only records before this one', number),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [service, options] = args;
    const connected = await portal();
    const answer = await connected.audit.search({
      ...filterOf(service, options),
      limit: options.limit,
      before: options.before,
    });
    output.answer(answer, () => {
      const { cut } = answer;
      const missing = cut ? [...cutText(cut), ''] : [];
      if (answer.items.length === 0) {
        return [
          ...missing,
          'Nothing that you may see fits.\nAll of it: platform audit search',
        ].join('\n');
      }
      const lines = [...missing, recordTable(answer.items, output)];
      const suspects = answer.items.filter(({ suspect }) => suspect);
      if (suspects.length > 0) {
        lines.push(
          '',
          ...suspects.map(({ suspect }) => `⚠ ${suspect?.message}`),
          'Do not rely on what these say. The first that is wrong: platform audit verify',
        );
      }
      if (answer.next !== undefined) {
        lines.push('', `There are older ones: --before ${answer.next}`);
      }
      return lines.join('\n');
    });
  },
};

export function number(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1) {
    throw new InvalidArgumentError('Use a number from 1 on.');
  }
  return value;
}
