import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { number } from './search';
import { broken, verifyFile } from './verifyFile';

interface Options {
  from?: number;
  to?: number;
  file?: string;
  key?: string;
}

export const verify: CommandDefinition = {
  path: ['audit', 'verify'],
  summary: 'Say whether records are as they were written; name the first not',
  examples: [
    'platform audit verify',
    'platform audit verify --from 1000 --to 2000',
    'platform audit verify --file audit.jsonl --key 3b6a27bc…',
  ],
  configure: command =>
    command
      .option('--from <number>', 'from this record on', number)
      .option('--to <number>', 'up to this record', number)
      .option('--file <file>', 'an export, without asking the portal')
      .option('--key <hex>', 'the public key that must have signed the export'),
  async run({ output, portal }: CommandContext, options: Options) {
    const { from, to } = options;
    if (options.file) {
      if (from !== undefined || to !== undefined) {
        throw new CliError('--from and --to do not go with --file.', {
          why: 'An export is signed as a whole, and verified as a whole.',
          fix: 'Leave them out; or export only those: platform audit export --since 2026-01-01 --until 2026-02-01',
          exitCode: exitCodes.usage,
        });
      }
      await verifyFile(options.file, options.key, output);
      return;
    }
    if (options.key) {
      throw new CliError('--key goes with --file.', {
        why: 'The portal verifies its own chain with its own key.',
        exitCode: exitCodes.usage,
      });
    }
    const { audit } = await portal();
    const verdict = await audit.verify({ from, to });
    if (verdict.ok || output.json) {
      const mark = verdict.warnings?.length ? '⚠' : '✔';
      const { summary, publicKey } = verdict;
      output.answer(verdict, () =>
        [
          `${mark} ${summary}`,
          ...(publicKey ? [`  Exports are signed with ${publicKey}`] : []),
        ].join('\n'),
      );
    }
    if (!verdict.ok) throw broken(verdict.summary);
  },
};
