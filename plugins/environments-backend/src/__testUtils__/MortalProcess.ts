import { ClusterClient } from '@highroad/plugin-platform-node/kubernetes';
import { Death, Moment } from '@highroad/sandbox/testing';
import { connect, createServer, Server, Socket } from 'node:net';

/**
 * The life of one process, told by its calls to the outside: those that change something. From its death on nothing of
 * it reaches anybody.
 */
export class Life {
  readonly #death: Death | undefined;
  readonly #onDeath = new Set<() => void>();
  readonly calls: string[] = [];
  #counts = false;
  dead = false;

  constructor(death?: Death) {
    this.#death = death;
  }

  /** From now on calls count. */
  begin(): void {
    this.#counts = true;
  }

  onDeath(listener: () => void): void {
    this.#onDeath.add(listener);
  }

  /** @returns what is to become of the call */
  next(what: string): Moment | undefined {
    if (!this.#counts) return undefined;
    this.calls.push(what);
    return this.calls.length === this.#death?.at
      ? this.#death.moment
      : undefined;
  }

  die(): void {
    this.dead = true;
    for (const listener of this.#onDeath) listener();
  }

  check(): void {
    if (this.dead) throw new Error('This process has ended.');
  }
}

/** Reads change nothing: to die at one is to die before the next write. */
export class MortalClient extends ClusterClient {
  readonly #life: Life;

  constructor(
    options: ConstructorParameters<typeof ClusterClient>[0] & { life: Life },
  ) {
    super(options);
    this.#life = options.life;
  }

  override async find(...args: Parameters<ClusterClient['find']>) {
    this.#life.check();
    return super.find(...args);
  }

  override async list(...args: Parameters<ClusterClient['list']>) {
    this.#life.check();
    return super.list(...args);
  }

  override async apply(...args: Parameters<ClusterClient['apply']>) {
    const [{ kind, metadata }] = args;
    return this.#write(`apply ${kind} ${metadata.name}`, () =>
      super.apply(...args),
    );
  }

  override async create(...args: Parameters<ClusterClient['create']>) {
    const [{ kind, metadata }] = args;
    return this.#write(`create ${kind} ${metadata.name}`, () =>
      super.create(...args),
    );
  }

  override async patch(...args: Parameters<ClusterClient['patch']>) {
    const [{ kind, name }, , { subresource = '' }] = args;
    return this.#write(`patch ${kind} ${name} ${subresource}`, () =>
      super.patch(...args),
    );
  }

  override async delete(...args: Parameters<ClusterClient['delete']>) {
    const [{ kind, name }] = args;
    return this.#write(`delete ${kind} ${name}`, () => super.delete(...args));
  }

  async #write<T>(what: string, send: () => Promise<T>): Promise<T> {
    this.#life.check();
    if (what.includes(' Lease ')) return send();
    const end = this.#life.next(what);
    if (end === 'before') this.#life.die();
    this.#life.check();
    const answer = await send();
    if (end === 'after') this.#life.die();
    this.#life.check();
    return answer;
  }
}

/** Stands before a database server; what a process sends through it are its calls. */
export class MortalLine {
  readonly #server: Server;
  readonly #sockets = new Set<Socket>();

  private constructor(server: Server) {
    this.#server = server;
  }

  static async open(
    to: { host: string; port: number },
    life: Life,
  ): Promise<MortalLine> {
    const server = createServer();
    const line = new MortalLine(server);
    server.on('connection', near => line.#join(near, connect(to), life));
    life.onDeath(() => line.#cut());
    await new Promise<void>(resolve =>
      server.listen(0, '127.0.0.1', () => resolve()),
    );
    return line;
  }

  get port(): number {
    const address = this.#server.address();
    if (!address || typeof address === 'string') {
      throw new Error('The line is closed.');
    }
    return address.port;
  }

  async close(): Promise<void> {
    this.#cut();
    await new Promise(resolve => this.#server.close(resolve));
  }

  #cut(): void {
    for (const socket of this.#sockets) socket.destroy();
  }

  #join(near: Socket, far: Socket, life: Life): void {
    for (const socket of [near, far]) {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
    if (life.dead) {
      near.destroy();
      return;
    }
    far.pipe(near);
    near.on('data', sent => {
      const end = life.next(`SQL ${wordsOf(sent)}`);
      if (end === 'before') life.die();
      else if (end === 'after') {
        // Sent whole, then nobody is there for the answer.
        near.pause();
        far.unpipe(near);
        far.write(sent);
        far.once('data', () => life.die());
        far.resume();
      } else far.write(sent);
    });
    near.on('end', () => far.end());
  }
}

function wordsOf(sent: Buffer): string {
  return sent
    .toString('latin1')
    .replace(/[^ -~]+/g, ' ')
    .slice(0, 70);
}
