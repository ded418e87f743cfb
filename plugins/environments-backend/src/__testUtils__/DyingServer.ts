import { connect, createServer, Server, Socket } from 'node:net';

/**
 * Stands before a PostgreSQL server whose machine is lost while it is at a statement: whoever has sent that statement hears nothing any
 * more, not even that the connection has ended.
 */
export class DyingServer {
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  #at: string | undefined;
  #deaths = 0;

  private constructor(server: { host: string; port: number }) {
    this.#server = createServer(socket => this.#between(socket, server));
  }

  /** Begins to listen on a port of its own at 127.0.0.1. */
  static async before(server: { host: string; port: number }) {
    const dying = new DyingServer(server);
    await new Promise<void>(resolve =>
      dying.#server.listen(0, '127.0.0.1', resolve),
    );
    return dying;
  }

  get port(): number {
    const address = this.#server.address();
    if (address === null || typeof address === 'string') {
      throw new Error('The server does not listen.');
    }
    return address.port;
  }

  /** How many connections hear nothing any more. */
  get deaths(): number {
    return this.#deaths;
  }

  /** From now on every connection dies that sends a statement which has this in it. */
  dieAt(statement: string): void {
    this.#at = statement;
  }

  /** Who connects from now on is answered; who waits, waits on. */
  comeBack(): void {
    this.#at = undefined;
  }

  close(): void {
    for (const socket of this.#sockets) socket.destroy();
    this.#server.close();
  }

  #between(socket: Socket, server: { host: string; port: number }): void {
    const beyond = connect(server.port, server.host);
    this.#sockets.add(socket).add(beyond);
    let dead = false;
    socket.on('data', data => {
      if (!dead && this.#at && data.includes(this.#at)) {
        dead = true;
        this.#deaths += 1;
      }
      if (!dead) beyond.write(data);
    });
    beyond.on('data', data => {
      if (!dead) socket.write(data);
    });
    for (const one of [socket, beyond]) one.on('error', () => one.destroy());
    socket.on('close', () => beyond.destroy());
    beyond.on('close', () => {
      if (!dead) socket.destroy();
    });
  }
}
