import type { Connection, Submittable } from 'pg';

/** Pieces larger than this are cut, in bytes. */
const MOST_BYTES = 256 * 1024;

/**
 * Rows on their way into a table, in PostgreSQL's COPY protocol
 * (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-COPY).
 */
export class CopyIn implements Submittable {
  readonly #text: string;
  readonly #begun: Promise<void>;
  readonly #over: Promise<void>;
  #begin: () => void = () => {};
  #finish: () => void = () => {};
  #fail: (error: Error) => void = () => {};
  #failure: Error | undefined;
  #connection: CopyConnection | undefined;

  /** @param text - `COPY … FROM stdin` */
  constructor(text: string) {
    this.#text = text;
    this.#begun = new Promise<void>(resolve => {
      this.#begin = resolve;
    });
    this.#over = new Promise<void>((resolve, reject) => {
      this.#finish = resolve;
      this.#fail = reject;
    });
    // Whoever ends it is told; until then nobody listens.
    this.#over.catch(() => {});
  }

  submit(connection: Connection): void {
    this.#connection = asCopyConnection(connection);
    this.#connection.query(this.#text);
  }

  /** @throws what the server said, if it has refused the rows meanwhile */
  async write(data: Buffer): Promise<void> {
    await this.#begun;
    for (let at = 0; at < data.length; at += MOST_BYTES) {
      if (this.#failure) throw this.#failure;
      const { stream, sendCopyFromChunk } = this.#open();
      sendCopyFromChunk.call(
        this.#connection,
        data.subarray(at, at + MOST_BYTES),
      );
      if (stream.writableNeedDrain) {
        await new Promise<void>(resolve => {
          stream.once('drain', resolve);
          this.#over.then(resolve, () => resolve());
        });
      }
    }
  }

  /** @throws what the server says of the rows */
  async end(): Promise<void> {
    await this.#begun;
    if (!this.#failure) this.#open().endCopyFrom();
    await this.#over;
  }

  // What the client calls as the server answers:

  handleCopyInResponse(): void {
    this.#begin();
  }

  handleError(error: Error): void {
    this.#failure = error;
    this.#fail(error);
    this.#begin();
  }

  handleCommandComplete(): void {}

  // What only looks like a COPY of rows to here, as a string may hold anything, is answered otherwise. What is thrown in
  // these would reach nobody, and the seed would never end.

  handleCopyData(): void {}

  handleRowDescription(): void {}

  handleDataRow(): void {}

  handleEmptyQuery(): void {}

  handleReadyForQuery(): void {
    this.#finish();
    this.#begin();
  }

  #open(): CopyConnection {
    if (this.#connection) return this.#connection;
    throw new Error('The rows have nowhere to go yet.');
  }
}

/** What the client's connection can besides what its types say. */
interface CopyConnection {
  stream: import('node:net').Socket;
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
}

function asCopyConnection(connection: unknown): CopyConnection {
  if (isCopyConnection(connection)) return connection;
  throw new TypeError('This client for PostgreSQL knows no COPY.');
}

function isCopyConnection(connection: unknown): connection is CopyConnection {
  return (
    typeof connection === 'object' &&
    connection !== null &&
    'sendCopyFromChunk' in connection &&
    'endCopyFrom' in connection &&
    'stream' in connection
  );
}
