import { createServer, request, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

type Mode =
  | { kind: 'passes' }
  /** Each answer takes so many milliseconds longer */
  | { kind: 'slow'; ms: number }
  /** Each request is answered so, and does not reach the registry */
  | { kind: 'refuses'; status: number; headers?: Record<string, string> };

/** Stands in front of a real registry, and has bad days when told to. */
export class RegistryFront {
  /** When each request came, in milliseconds */
  readonly calls: number[] = [];
  mode: Mode = { kind: 'passes' };
  readonly #registry: URL;
  #server: Server | undefined;
  #port = 0;

  constructor(address: string) {
    this.#registry = new URL(address);
  }

  /** Listens, at the same port each time. */
  async open(): Promise<string> {
    const server = createServer(async (incoming, outgoing) => {
      this.calls.push(Date.now());
      const { mode } = this;
      if (mode.kind === 'refuses') {
        outgoing.writeHead(mode.status, mode.headers).end();
        return;
      }
      if (mode.kind === 'slow') await sleep(mode.ms);
      const { hostname, port, host } = this.#registry;
      const onward = request(
        {
          ...{ hostname, port, path: incoming.url, method: incoming.method },
          headers: { ...incoming.headers, host },
        },
        answer => {
          outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
          answer.pipe(outgoing);
        },
      );
      onward.on('error', () => outgoing.destroy());
      incoming.pipe(onward);
    });
    this.#server = server;
    await new Promise<void>(done =>
      server.listen(this.#port, '127.0.0.1', done),
    );
    this.#port = (server.address() as AddressInfo).port;
    return `http://127.0.0.1:${this.#port}`;
  }

  /** Nobody listens there any more: connections are refused. */
  async close(): Promise<void> {
    const server = this.#server;
    if (!server) return;
    this.#server = undefined;
    server.closeAllConnections();
    await new Promise(done => server.close(done));
  }
}
