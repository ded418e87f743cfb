import { isError } from '@backstage/errors';
import { ExportVerdict, verifyExport } from '@highroad/plugin-audit-common';
import { linesOf } from '@highroad/plugin-platform-common';
import { open } from 'node:fs/promises';
import { CommandContext } from '../../command';
import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';

const KEY_DIGITS = 64;

/** Verifies an export, without asking the portal. */
export async function verifyFile(
  file: string,
  key: string | undefined,
  output: CommandContext['output'],
): Promise<void> {
  const publicKey = key === undefined ? undefined : readKey(key);
  const handle = await open(file).catch(error => {
    const isMissing = isError(error) && error.code === 'ENOENT';
    throw new CliError(
      isMissing ? `There is no file ${file}.` : `${file} cannot be read.`,
      {
        why: isMissing || !isError(error) ? undefined : error.message,
        exitCode: exitCodes.notFound,
      },
    );
  });
  try {
    if (!(await handle.stat()).isFile()) {
      throw new CliError(`${file} is no file.`, {
        fix: 'Name the file that the export was written to.',
        exitCode: exitCodes.usage,
      });
    }
    let first: string | undefined;
    const lines = noted(
      linesOf(handle.createReadStream({ autoClose: false })),
      line => {
        first ??= line.slice(0, 100);
      },
    );
    const verdict = await verifyExport(lines, { publicKey });
    if (!verdict.ok) requireExport(file, first);
    if (verdict.ok || output.json) {
      output.answer(verdict, () => words(file, verdict, Boolean(publicKey)));
    }
    if (verdict.ok) return;
    throw verdict.problem.kind === 'not signed' && verdict.wrongKey
      ? notSignedBy(verdict.problem.message)
      : broken(verdict.problem.message, 'file');
  } finally {
    await handle.close();
  }
}

async function* noted(
  lines: AsyncIterable<string>,
  note: (line: string) => void,
): AsyncGenerator<string> {
  for await (const line of lines) {
    note(line);
    yield line;
  }
}

/** The hexadecimal digits of a key, whichever case they are written in. */
function readKey(text: string): string {
  const key = text.trim().toLowerCase();
  if (/^[0-9a-f]+$/.test(key) && key.length === KEY_DIGITS) return key;
  const why = /^[0-9a-f]{16}$/.test(key)
    ? 'That is the id of a key; what verifies is the key itself.'
    : `A public key is ${KEY_DIGITS} hexadecimal digits; that are ${key.length} characters.`;
  throw new CliError('--key is no public key.', {
    why,
    fix: 'Copy it whole from where you trust it: the page Audit shows it, and so does platform audit verify.',
    exitCode: exitCodes.usage,
  });
}

/** @throws CliError for a file that never was an export, so that nobody takes it for one that was changed */
function requireExport(file: string, first: string | undefined): void {
  if (first?.startsWith('{"type":"header"')) return;
  const usage = { exitCode: exitCodes.usage };
  if (first === undefined) {
    throw new CliError(`${file} is empty.`, { ...usage });
  }
  if (first.replace(/^\ufeff/, '').startsWith('seq,id,')) {
    throw new CliError(`${file} is a table, which cannot be verified.`, {
      why: 'CSV has neither the chain nor its signatures.',
      fix: 'Export it with them: platform audit export --output audit.jsonl',
      ...usage,
    });
  }
  throw new CliError(`${file} is no export of an audit ledger.`, {
    why: 'It does not begin with the header of one. If it was one, its first line was changed or taken away.',
    fix: 'Make one: platform audit export --output audit.jsonl',
    ...usage,
  });
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
  if (leftOut > 0 || records === 0) {
    lines.push(
      '  It shows what fitted a filter, and does not prove that nothing else did: for that, verify the chain itself (platform audit verify).',
    );
  }
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
      '  → Anybody can sign. Compare that with the key that the page Audit and platform audit verify show you, or give it with --key.',
    );
  }
  return lines.join('\n');
}

/** As it is, but somebody else signed it, or the wrong key was given. */
function notSignedBy(why: string): CliError {
  return new CliError('The export is not signed with the key that you gave.', {
    why,
    fix: 'Compare the key with what the page Audit and platform audit verify show. If it is right, somebody else made this export.',
  });
}

/** In words, what is wrong is said once, with what to do about it. */
export function broken(
  why: string,
  where: 'database' | 'file' = 'database',
): CliError {
  return new CliError('The records are not as they were written.', {
    why,
    fix: `Keep the ${where} as it is, and see the runbook.`,
    runbook: 'audit-chain-broken',
  });
}
