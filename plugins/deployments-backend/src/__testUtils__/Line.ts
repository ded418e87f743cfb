import { AddressInfo, connect, createServer, Server, Socket } from 'node:net';

/** Stands between who asks and a server, and goes away when told to. */
export class Line {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;

  constructor(to: URL) {
    this.#server = createServer(socket => {
      if (this.#isCut) {
        socket.destroy();
        return;
      }
      const other = connect(Number(to.port), to.hostname);
      for (const [one, two] of [
        [socket, other],
        [other, socket],
      ]) {
        this.#sockets.add(one);
        one.on('close', () => this.#sockets.delete(one));
        one.on('error', () => two.destroy());
        one.pipe(two);
      }
    });
  }

  async open(): Promise<number> {
    await new Promise<void>(done => this.#server.listen(0, '127.0.0.1', done));
    return (this.#server.address() as AddressInfo).port;
  }

  cut(): void {
    this.#isCut = true;
    for (const socket of this.#sockets) socket.destroy();
  }

  mend(): void {
    this.#isCut = false;
  }

  async close(): Promise<void> {
    this.cut();
    await new Promise(done => this.#server.close(done));
  }
}
