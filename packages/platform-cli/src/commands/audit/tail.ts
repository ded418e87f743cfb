import { toCliError } from '../../errors';
import { CommandContext, CommandDefinition } from '../../command';
import { untilInterrupted } from '../../watching/untilInterrupted';
import { filterOf, FilterOptions, withFilter } from './filter';
import { followRecords } from './followRecords';
import { cutText, recordLine } from './recordTable';

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
    await untilInterrupted(signal =>
      followRecords(audit, filter, {
        signal,
        onStart: () =>
          output.note('Waiting for what is done from now on. Ctrl-C ends it.'),
        onRecord: record => output.item(record, () => recordLine(record)),
        onCut: cut => cutText(cut).forEach(line => output.note(line)),
        onTrouble: (error, waitMs) => {
          const { message, why } = toCliError(error);
          const what = [message, why].filter(Boolean).join(' ');
          const sentence = what.replace(/\.?$/, '.');
          output.note(`${sentence} Asking again in ${waitMs / 1000} s.`);
        },
        onRecovery: () =>
          output.note('The portal answers again; nothing was left out.'),
      }),
    );
  },
};
