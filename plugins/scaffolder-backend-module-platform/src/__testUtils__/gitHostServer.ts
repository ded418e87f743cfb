import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** What a request to the server was, for a test to look at. */
export interface SeenRequest {
  method: string;
  path: string;
  authorization: string | undefined;
}

type Answer = { status: number; body?: unknown };

/**
 * A Git host's API that answers from a function, with the status and the body that the real one is documented to
 * give. Requests without the token are refused as the real one refuses them.
 */
export class GitHostServer {
  readonly seen: SeenRequest[] = [];
  answer: (request: SeenRequest) => Answer | 'hang' = () => ({ status: 404 });
  #server: Server | undefined;

  constructor(readonly authorization: string) {}

  async start(): Promise<string> {
    this.#server = createServer((req, res) => {
      const request = describe(req);
      this.seen.push(request);
      if (request.authorization !== this.authorization) {
        res.writeHead(401).end('{"message":"Bad credentials"}');
        return;
      }
      const answer = this.answer(request);
      if (answer === 'hang') {
        req.socket.destroy();
        return;
      }
      const { status, body } = answer;
      res
        .writeHead(status, { 'Content-Type': 'application/json' })
        .end(typeof body === 'string' ? body : JSON.stringify(body ?? {}));
    });
    await new Promise<void>(done =>
      this.#server?.listen(0, '127.0.0.1', () => done()),
    );
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    await new Promise(done => this.#server?.close(done));
  }
}

function describe(req: IncomingMessage): SeenRequest {
  return {
    method: req.method ?? '',
    path: req.url ?? '',
    authorization: req.headers.authorization,
  };
}
