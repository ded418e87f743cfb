import { connect, createServer, Server, Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Stands between the platform and Vault or a cluster, and is as bad a network as it is told to be. Of bytes, not of HTTP: Node's own
 * server does not know Vault's method LIST.
 */
export class ServerProxy {
  /** How long each request is held before it goes on, in milliseconds */
  delayMs = 0;
  /** Requests that reach the server, and whose answers do not come back */
  loses: ((asked: string) => boolean) | undefined;
  /** Requests that do not reach the server, and are answered by an error that says all of them, as a bad server's may */
  echoes: ((asked: string) => boolean) | undefined;
  /** What was asked, such as `GET /v1/sys/health`, in order */
  readonly asked: string[] = [];
  /** What was answered by an error */
  readonly echoed: string[] = [];
  #down = false;
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  readonly address: string;

  private constructor(server: Server, port: number) {
    this.#server = server;
    this.address = `http://127.0.0.1:${port}`;
  }

  /** @param target - address with a port */
  static async start(target: string): Promise<ServerProxy> {
    const server = createServer();
    await new Promise<void>(done => server.listen(0, '127.0.0.1', done));
    const address = server.address();
    if (!address || typeof address === 'string') throw new Error('no port');
    const proxy = new ServerProxy(server, address.port);
    const { hostname, port } = new URL(target);
    server.on('connection', near => {
      if (proxy.#down) {
        near.destroy();
        return;
      }
      const far = connect(Number(port), hostname);
      proxy.#join(near, far);
    });
    return proxy;
  }

  #join(near: Socket, far: Socket): void {
    let lost = false;
    let echoing: Buffer | undefined;
    let sent = Promise.resolve();
    for (const [one, other] of [
      [near, far],
      [far, near],
    ]) {
      this.#sockets.add(one);
      one.on('error', () => {});
      one.once('close', () => {
        this.#sockets.delete(one);
        other.destroy();
      });
    }
    near.on('data', bytes => {
      const [, asked] = /^([A-Z]+ \S+) HTTP\//.exec(bytes.toString()) ?? [];
      if (asked) {
        this.asked.push(asked);
        lost = Boolean(this.loses?.(asked));
        echoing = this.echoes?.(asked) ? Buffer.alloc(0) : undefined;
      }
      if (echoing) {
        echoing = Buffer.concat([echoing, bytes]);
        const request = wholeRequest(echoing);
        if (!request) return;
        echoing = undefined;
        this.echoed.push(request);
        near.write(errorThatSays(request));
        return;
      }
      sent = sent.then(async () => {
        if (this.delayMs > 0) await sleep(this.delayMs);
        far.write(bytes);
      });
    });
    far.on('data', bytes => {
      if (lost) near.destroy();
      else near.write(bytes);
    });
  }

  /** How often something was asked. */
  count(pattern: RegExp): number {
    return this.asked.filter(one => pattern.test(one)).length;
  }

  get port(): string {
    return new URL(this.address).port;
  }

  /** Ends all connections, and takes no more. */
  goDown(): void {
    this.#down = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  comeUp(): void {
    this.#down = false;
  }

  async stop(): Promise<void> {
    this.goDown();
    await new Promise(done => this.#server.close(done));
  }
}

/** @returns body and head of a request; nothing while there is more to come */
function wholeRequest(bytes: Buffer): string | undefined {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return undefined;
  const head = bytes.subarray(0, end).toString();
  const body = bytes.subarray(end + 4);
  const [, length = '0'] = /^content-length: *(\d+)/im.exec(head) ?? [];
  // What is cut off of an error is its end.
  return body.length < Number(length) ? undefined : `${body} ${head}`;
}

function errorThatSays(text: string): string {
  const body = JSON.stringify({ errors: [`cannot do ${text}`] });
  return [
    'HTTP/1.1 500 Internal Server Error',
    'Content-Type: application/json',
    `Content-Length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
