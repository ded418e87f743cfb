import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { BareRepositories } from './BareRepositories';

/** A Git host of a test: its API, over real bare repositories. */
export abstract class RepositoryServer {
  /** What happens between the check of a name and the creation. */
  beforeCreate: () => Promise<void> = async () => {};
  /** Nothing of a repository but its files is changed while this is set. */
  refuseChanges = false;
  readonly repositories: BareRepositories;
  #address = '';
  #server: Server | undefined;

  constructor(root: string) {
    this.repositories = new BareRepositories(root);
  }

  /** Host and port */
  get host(): string {
    return this.#address;
  }

  /** @returns host and port */
  async start(): Promise<string> {
    this.#server = createServer((req, res) => {
      this.answer(req, res).catch(error => {
        res.writeHead(500).end(String(error));
      });
    });
    await new Promise<void>(done =>
      this.#server?.listen(0, '127.0.0.1', () => done()),
    );
    const { port } = this.#server.address() as AddressInfo;
    this.#address = `127.0.0.1:${port}`;
    return this.#address;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }

  protected abstract answer(
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void>;
}

export function json(res: ServerResponse, status: number, body: object): void {
  res
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(body));
}

export async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}

/** Password or token of a request, where it signs in by name and password. */
export function basicAuth(req: IncomingMessage): string {
  const [kind, value = ''] = (req.headers.authorization ?? '').split(' ');
  return /^basic$/i.test(kind) ? Buffer.from(value, 'base64').toString() : '';
}
