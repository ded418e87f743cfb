import { connect, createServer, Server } from 'node:net';

/** What a client sends to have a statement done, and that it is done no more for now. */
const QUERY = 'Q';

/**
 * Stands before a PostgreSQL, and answers statements of some kind by an error that says all of them, as servers do to which
 * somebody has added a check of their own; or keeps them, as if who sends them stood still right before that. Without TLS.
 */
export class EchoingPostgres {
  /** Statements that were answered so */
  readonly echoed: string[] = [];
  /** Which are */
  echoes: RegExp | undefined;
  /** Which are kept until they are let go of */
  keeps: RegExp | undefined;
  readonly #kept: Array<() => void> = [];
  readonly #server: Server;
  readonly port: number;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.port = port;
  }

  /** @param target - address of the server behind it */
  static async start(target: URL): Promise<EchoingPostgres> {
    const server = createServer();
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const address = server.address();
    if (!address || typeof address === 'string') throw new Error('no port');
    const postgres = new EchoingPostgres(server, address.port);
    const { hostname, port } = target;
    server.on('connection', near => {
      const far = connect(Number(port), hostname);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ]) {
        one.on('error', () => {});
        one.once('close', () => other.destroy());
      }
      far.on('data', bytes => near.write(bytes));
      near.on('data', bytes => {
        const statement = statementIn(bytes);
        if (statement && postgres.keeps?.test(statement)) {
          postgres.#kept.push(() => far.write(bytes));
          return;
        }
        if (!statement || !postgres.echoes?.test(statement)) {
          far.write(bytes);
          return;
        }
        postgres.echoed.push(statement);
        near.write(errorThatSays(statement));
      });
    });
    return postgres;
  }

  /** How many statements are kept now. */
  get kept(): number {
    return this.#kept.length;
  }

  /** The server is told what was kept, and all that comes later. */
  letGo(): void {
    this.keeps = undefined;
    for (const tell of this.#kept.splice(0)) tell();
  }

  async stop(): Promise<void> {
    await new Promise(done => {
      this.#server.close(done);
    });
  }
}

function statementIn(bytes: Buffer): string | undefined {
  const isQuery = bytes.length > 5 && String.fromCharCode(bytes[0]) === QUERY;
  return isQuery ? bytes.toString('utf8', 5, bytes.length - 1) : undefined;
}

/** An error, and that the transaction has failed: https://www.postgresql.org/docs/current/protocol-message-formats.html */
function errorThatSays(text: string): Buffer {
  const fields = [
    ...['SERROR', 'VERROR', 'CP0001'],
    ...[`Mrefused: ${text}`, `Dstatement: ${text}`, `Wduring ${text}`],
  ];
  return Buffer.concat([
    message('E', Buffer.from(`${fields.join('\0')}\0\0`)),
    message('Z', Buffer.from('E')),
  ]);
}

function message(kind: string, body: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32BE(body.length + 4);
  return Buffer.concat([Buffer.from(kind), length, body]);
}
