import { ChainPlace } from '../chain/ChainPlace';
import { ChainCrypto } from '../chain/crypto';
import { Witness } from '../chain/witness';
import {
  ExportFooter,
  ExportHeader,
  ExportLine,
  exportLineSchema,
  foldLine,
} from './lines';

/** What cannot be an export, or not a whole one. */
export class UnreadableExport extends Error {
  constructor(
    readonly kind: 'truncated' | 'unreadable' | 'not signed',
    readonly line: number,
    message: string,
    /** It is signed, but not with the key that was given */
    readonly wrongKey = false,
  ) {
    super(message);
  }
}

/** Reads an export from its beginning to its end, one line ahead. */
export class ExportReader {
  readonly #lines: AsyncIterator<string>;
  readonly #crypto: ChainCrypto;
  #ahead: ExportLine | undefined;
  #digest = '';
  /** Checkpoints that were read and not asked yet */
  readonly witnesses: Witness[] = [];
  /** Number of the line that was read last, from 1 on */
  line = 0;
  records = 0;
  leftOut = 0;
  chain = '';
  from = 0;
  prev = '';
  linesBeforeFooter = '';

  constructor(
    lines: AsyncIterable<string> | Iterable<string>,
    crypto: ChainCrypto,
  ) {
    this.#lines = withoutEmptyEnd(lines);
    this.#crypto = crypto;
  }

  async header(): Promise<ExportHeader> {
    const header = await this.#read();
    if (header?.type !== 'header') {
      throw new UnreadableExport(
        'unreadable',
        1,
        'This is no export of an audit ledger: it does not begin with a header.',
      );
    }
    this.chain = header.chain;
    this.from = header.from;
    this.prev = header.prev;
    return header;
  }

  /** The records. Checkpoints behind a record are queued before it is given. */
  async *places(): AsyncGenerator<ChainPlace, undefined> {
    await this.#advance();
    while (this.#ahead?.type === 'record') {
      const record = this.#ahead;
      if ('body' in record) this.records++;
      else this.leftOut++;
      await this.#advance();
      yield {
        seq: record.seq,
        prev: record.prev,
        hash: record.hash,
        content:
          'body' in record ? { body: record.body } : { digest: record.digest },
      };
    }
    return undefined;
  }

  /** The last line. To be asked when there are no more places. */
  async footer(): Promise<ExportFooter> {
    const footer = this.#ahead;
    if (footer?.type !== 'footer') {
      throw new UnreadableExport(
        footer ? 'unreadable' : 'truncated',
        this.line,
        footer
          ? `Line ${this.line} begins an export within an export.`
          : `The export ends after line ${this.line}, without its signed end: it was cut off.`,
      );
    }
    const more = await this.#lines.next();
    if (!more.done) {
      throw new UnreadableExport(
        'unreadable',
        this.line + 1,
        `The export goes on behind its end, at line ${this.line + 1}.`,
      );
    }
    return footer;
  }

  async #advance(): Promise<void> {
    this.#ahead = await this.#read();
    while (this.#ahead?.type === 'checkpoint') {
      const { type: _, ...checkpoint } = this.#ahead;
      this.witnesses.push({
        kind: 'checkpoint',
        checkpoint,
        source: 'the export',
      });
      this.#ahead = await this.#read();
    }
  }

  async #read(): Promise<ExportLine | undefined> {
    const step = await this.#lines.next();
    if (step.done) return undefined;
    this.line++;
    const line = this.#parse(step.value);
    if (line.type === 'header') this.#digest = line.chain;
    if (line.type === 'footer') this.linesBeforeFooter = this.#digest;
    this.#digest = foldLine(this.#digest, step.value, this.#crypto.sha256);
    return line;
  }

  #parse(text: string): ExportLine {
    try {
      const parsed = exportLineSchema.safeParse(JSON.parse(text));
      if (parsed.success) return parsed.data;
    } catch {
      // Not JSON; said below.
    }
    throw new UnreadableExport(
      'unreadable',
      this.line,
      `Line ${this.line} cannot be read: it was changed or cut off.`,
    );
  }
}

/** Text that ends with a line break, split at line breaks, has an empty line at its end that means nothing. */
async function* withoutEmptyEnd(
  lines: AsyncIterable<string> | Iterable<string>,
): AsyncGenerator<string, undefined> {
  let empty = 0;
  for await (const line of lines) {
    if (line === '') {
      empty++;
      continue;
    }
    for (; empty > 0; empty--) yield '';
    yield line;
  }
  return undefined;
}
