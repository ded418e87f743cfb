import { CommandContext, CommandDefinition } from '../../command';
import { filterOf, FilterOptions, withFilter } from './filter';
import { recordLine } from './recordTable';

export const tail: CommandDefinition = {
  path: ['audit', 'tail'],
  summary: 'Print what is being done, as it is done, until interrupted',
  examples: [
    'platform audit tail',
    'platform audit tail payment-service --env production',
    'platform audit tail --outcome failed --json',
  ],
  configure: command => withFilter(command),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, FilterOptions]
  ) {
    const [service, options] = args;
    const filter = filterOf(service, options);
    const { audit } = await portal();
    const abort = new AbortController();
    const { signal } = abort;
    process.once('SIGINT', () => abort.abort());

    let { next } = await audit.tail(filter, { signal });
    output.note('Waiting for what is done from now on. Ctrl-C ends it.');
    while (!signal.aborted) {
      try {
        const answer = await audit.tail({ ...filter, after: next }, { signal });
        next = answer.next;
        for (const record of answer.items) {
          // One line a record, for programs that read them one by one.
          output.raw(
            output.json
              ? `${JSON.stringify(record)}\n`
              : `${recordLine(record)}\n`,
          );
        }
      } catch (error) {
        if (signal.aborted) return;
        throw error;
      }
    }
  },
};
