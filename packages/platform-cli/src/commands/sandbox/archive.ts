import { existsSync } from 'node:fs';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { memoryText } from '@highroad/plugin-sandbox-common';
import { loadSandbox } from './sandboxHere';

export const pack: CommandDefinition = {
  path: ['sandbox', 'pack'],
  summary: 'Pack the prepared programs into one archive',
  examples: ['platform sandbox pack highroad-sandbox.tar.gz'],
  configure: command => command.argument('<file>', 'the archive to write'),
  async run({ output }: CommandContext, ...[file]: [string]) {
    const { cacheFolder, packCache } = loadSandbox();
    if (!output.json) output.note('Packing; this takes a minute or two');
    const packed = await packCache(cacheFolder(), file);
    output.answer({ file, ...packed }, () =>
      [
        `${file}: ${packed.entries} programs and images, ${memoryText(
          packed.bytes,
        )}`,
        `On a machine of the same kind: platform sandbox restore ${file}`,
      ].join('\n'),
    );
  },
};

export const restore: CommandDefinition = {
  path: ['sandbox', 'restore'],
  summary: 'Take the prepared programs out of an archive',
  examples: ['platform sandbox restore highroad-sandbox.tar.gz'],
  configure: command =>
    command.argument('<file>', 'an archive that "platform sandbox pack" wrote'),
  async run({ output }: CommandContext, ...[file]: [string]) {
    if (!existsSync(file)) {
      throw new CliError(`There is no archive ${file}.`, {
        fix: 'Make one where everything is prepared: platform sandbox pack <file>',
        exitCode: exitCodes.notFound,
      });
    }
    const { cacheFolder, restoreCache } = loadSandbox();
    if (!output.json) output.note('Restoring, and checking each checksum');
    const { restored, present } = await restoreCache(cacheFolder(), file);
    output.answer({ restored, present }, () =>
      [
        `${restored.length} restored, ${present.length} were there already`,
        'Start the sandbox: platform sandbox start',
      ].join('\n'),
    );
  },
};
