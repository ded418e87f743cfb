import { JsonObject } from '@backstage/types';
import { ChainCrypto, PublicKey } from '../chain/crypto';
import { ChainPlace } from '../chain/ChainPlace';
import { KeyChange } from '../chain/keyChange';
import { ChainEnd } from '../chain/link';
import { Checkpoint } from '../chain/signed';
import {
  EXPORT_FORMAT,
  ExportFooter,
  ExportLine,
  foldLine,
  footerText,
} from './lines';

export interface ExportOptions {
  chain: string;
  /** The place before the first record */
  start: ChainEnd;
  at: string;
  filter: JsonObject;
  keys: PublicKey[];
  keyChanges?: KeyChange[];
  /** Signs the footer */
  sign(text: string): { keyId: string; signature: string };
  sha256: ChainCrypto['sha256'];
}

/** One piece of what goes into an export. Checkpoints come behind the record that they speak of. */
export type ExportPiece =
  | { place: Pick<ChainPlace, 'seq' | 'prev' | 'hash' | 'content'> }
  | { checkpoint: Checkpoint };

/**
 * Writes an export, line by line, each with its line break. It verifies alone, with nothing but itself: a signed footer
 * covers all lines, so that none can be taken away, also not from the end.
 */
export async function* writeExport(
  pieces: AsyncIterable<ExportPiece>,
  options: ExportOptions,
): AsyncGenerator<string> {
  const { chain, start, at, filter, keys, sha256 } = options;
  const { keyChanges = [] } = options;
  const from = start.seq + 1;
  let lines = chain;
  let end = start;
  let records = 0;
  let leftOut = 0;
  const write = (line: ExportLine) => {
    const text = JSON.stringify(line);
    lines = foldLine(lines, text, sha256);
    return `${text}\n`;
  };

  yield write({
    ...{ type: 'header', format: EXPORT_FORMAT, chain },
    ...{ from, prev: start.hash, at, filter, keys },
    ...(keyChanges.length > 0 && { keyChanges }),
  });
  for await (const piece of pieces) {
    if ('checkpoint' in piece) {
      yield write({ type: 'checkpoint', ...piece.checkpoint });
      continue;
    }
    const { seq, prev, hash, content } = piece.place;
    if ('body' in content) records++;
    else leftOut++;
    end = { seq, hash };
    yield write({ type: 'record', seq, prev, hash, ...content });
  }
  const footer: Omit<ExportFooter, 'keyId' | 'signature'> = {
    ...{ type: 'footer', chain, from, prev: start.hash },
    ...{ to: end.seq, hash: end.hash, records, leftOut, at, lines },
  };
  yield write({ ...footer, ...options.sign(footerText(footer)) });
}
