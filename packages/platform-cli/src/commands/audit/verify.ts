import { ExportVerdict, verifyExport } from '@highroad/plugin-audit-common';
import { createReadStream } from 'node:fs';
import { access } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { CommandContext, CommandDefinition } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { number } from './search';

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
    if (options.file) {
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
    const { from, to } = options;
    const verdict = await audit.verify({ from, to });
    if (verdict.ok || output.json) {
      const mark = verdict.warnings?.length ? '⚠' : '✔';
      output.answer(verdict, () => `${mark} ${verdict.summary}`);
    }
    if (!verdict.ok) throw broken(verdict.summary);
  },
};

async function verifyFile(
  file: string,
  publicKey: string | undefined,
  output: CommandContext['output'],
): Promise<void> {
  await access(file).catch(() => {
    throw new CliError(`${file} cannot be read.`, {
      exitCode: exitCodes.notFound,
    });
  });
  const lines = createInterface({
    input: createReadStream(file),
    crlfDelay: Infinity,
  });
  const verdict = await verifyExport(lines, { publicKey });
  if (verdict.ok || output.json) {
    output.answer(verdict, () => words(file, verdict, Boolean(publicKey)));
  }
  if (!verdict.ok) throw broken(verdict.problem.message, 'file');
}

function words(file: string, verdict: ExportVerdict, pinned: boolean): string {
  const { records, leftOut, checkpoints, keys } = verdict;
  const lines = [
    `✔ ${file} is as ${
      pinned ? 'it was written' : 'the one who signed it wrote it'
    }: ${records} records${
      leftOut ? `, and the digests of ${leftOut} that are not shown` : ''
    }, ${checkpoints} signed checkpoints.`,
  ];
  if (verdict.ok && keys.length > 1) {
    const { keyId, signedBy } = verdict;
    const parts = signedBy.map(
      one => `${one.keyId} (${one.from} to ${one.to})`,
    );
    lines.push(
      `  Signed as a whole with the key ${keyId}${
        parts.length > 0 ? `; its checkpoints with ${parts.join(', ')}` : ''
      }`,
    );
  }
  if (!pinned) {
    lines.push(
      `  Signed with ${keys.map(key => key.publicKey).join(', ')}`,
      '  → Anybody can sign. Compare that with the key that the ledger shows you, or give it with --key.',
    );
  }
  return lines.join('\n');
}

/** In words, what is wrong is said once, with what to do about it. */
function broken(
  why: string,
  where: 'database' | 'file' = 'database',
): CliError {
  return new CliError('The records are not as they were written.', {
    why,
    fix: `Keep the ${where} as it is, and see the runbook.`,
    runbook: 'audit-chain-broken',
  });
}
