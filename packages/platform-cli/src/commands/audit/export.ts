import { isError } from '@backstage/errors';
import { auditOperations } from '@highroad/plugin-audit-common';
import { openOperation } from '@highroad/plugin-platform-common';
import { Option } from 'commander';
import { createWriteStream } from 'node:fs';
import { rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { filterOf, FilterOptions, withFilter } from './filter';

interface Options extends FilterOptions {
  format: 'jsonl' | 'csv';
  output?: string;
}

export const exportRecords: CommandDefinition = {
  path: ['audit', 'export'],
  summary: 'Take records away, in a file that can be verified alone',
  examples: [
    'platform audit export --output audit.jsonl',
    'platform audit export payment-service --since 30d --output payment.jsonl',
    'platform audit export --format csv > audit.csv',
  ],
  configure: command =>
    withFilter(command)
      .addOption(
        new Option(
          '--format <name>',
          'lines of JSON with the chain, or a table',
        )
          .choices(['jsonl', 'csv'])
          .default('jsonl'),
      )
      .option('-o, --output <file>', 'a new file; else it is printed'),
  async run(
    { output, portal }: CommandContext,
    ...args: [string | undefined, Options]
  ) {
    const [service, options] = args;
    const { output: file, format } = options;
    if (file) await refuseExisting(file);
    if (file) await requireFolder(dirname(file));
    const connected = await portal();
    const response = await openOperation(
      { fetch: connected.fetch },
      format === 'csv' ? auditOperations.exportCsv : auditOperations.export,
      filterOf(service, options),
    );
    if (!response.body) throw new CliError('The export came without content.');
    const body = pieces(response.body);
    if (!file) {
      for await (const text of body) output.raw(text);
      return;
    }
    // Under another name until it is whole, so that half an export is never taken for one.
    const partial = `${file}.partial`;
    try {
      await pipeline(
        Readable.from(body),
        createWriteStream(partial, { mode: 0o600 }),
      );
      await rename(partial, file);
    } catch (error) {
      await rm(partial, { force: true });
      throw error;
    }
    const { size } = await stat(file);
    output.answer({ file, size }, () =>
      format === 'csv'
        ? `Written: ${file}`
        : `Written: ${file}\nVerify it: platform audit verify --file ${file}`,
    );
  },
};

/** Before anything is asked of the portal. */
async function requireFolder(folder: string): Promise<void> {
  const found = await stat(folder).catch(() => undefined);
  if (found?.isDirectory()) return;
  throw new CliError(`There is no folder ${folder}.`, {
    fix: 'Make it, or name another file with --output.',
    exitCode: exitCodes.usage,
  });
}

/**
 * The text of a body, as it comes.
 *
 * @throws CliError where it is cut off: the portal ends an export in the middle at a record that is not what was sealed
 */
export async function* pieces(
  body: ReadableStream<Uint8Array>,
): AsyncGenerator<string> {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { done, value } = await reader.read().catch(error => {
      throw new CliError('The export broke off before its end.', {
        why: `The portal sends no record that is not what was sealed; or the connection was cut: ${
          isError(error) ? error.message : error
        }.`,
        fix: 'Look what it is: platform audit verify',
        runbook: 'audit-chain-broken',
      });
    });
    if (done) return;
    yield value;
  }
}

async function refuseExisting(file: string): Promise<void> {
  const exists = await stat(file).then(
    () => true,
    () => false,
  );
  if (!exists) return;
  throw new CliError(`${file} is there already.`, {
    fix: 'Choose another name, or remove it.',
    exitCode: exitCodes.conflict,
  });
}
