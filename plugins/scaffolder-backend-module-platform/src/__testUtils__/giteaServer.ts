import { execFile, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import {
  createServer,
  IncomingMessage,
  Server,
  ServerResponse,
} from 'node:http';
import { AddressInfo } from 'node:net';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/**
 * The part of Gitea that creating a repository needs: its API, with the token checked, over real bare repositories
 * that Git itself serves.
 *
 * @see https://docs.gitea.com/api/ for the shapes
 */
export class GiteaServer {
  /** Pushes are refused while this is set. */
  refusePushes = false;
  /** What happens between the check of a name and the creation. */
  beforeCreate: () => Promise<void> = async () => {};
  readonly deleted: string[] = [];
  readonly descriptions = new Map<string, string>();
  readonly #root: string;
  readonly #token: string;
  #server: Server | undefined;

  constructor(root: string, token: string) {
    this.#root = root;
    this.#token = token;
  }

  /** @returns host and port */
  async start(): Promise<string> {
    this.#server = createServer((req, res) => {
      this.#answer(req, res).catch(error => {
        res.writeHead(500).end(String(error));
      });
    });
    await new Promise<void>(done =>
      this.#server?.listen(0, '127.0.0.1', () => done()),
    );
    const { port } = this.#server.address() as AddressInfo;
    return `127.0.0.1:${port}`;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }

  /** What git says of a repository. */
  async git(slug: string, ...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, { cwd: this.#directory(slug) });
    return stdout;
  }

  #directory(slug: string): string {
    return join(this.#root, `${slug}.git`);
  }

  async #answer(req: IncomingMessage, res: ServerResponse): Promise<void> {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    if (/\/src\/branch\/main$/.test(pathname)) {
      // The page of a branch, which is looked at without a token to see whether it is there yet.
      res.writeHead(200).end('a page');
      return;
    }
    if (!this.#authorised(req)) {
      res.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
      return;
    }
    if (/\.git\//.test(pathname)) {
      await this.#serveGit(req, res, pathname);
      return;
    }
    const created = /^\/api\/v1\/orgs\/([^/]+)\/repos$/.exec(pathname);
    const raw = /^\/api\/v1\/repos\/([^/]+\/[^/]+)\/raw\/(.+)$/.exec(pathname);
    const branch = /^\/api\/v1\/repos\/([^/]+\/[^/]+)\/branches\/main$/.exec(
      pathname,
    );
    const repository = /^\/api\/v1\/repos\/([^/]+\/[^/]+)$/.exec(pathname);
    if (req.method === 'POST' && created) {
      await this.#create(req, res, created[1]);
    } else if (raw) {
      const content = await this.git(raw[1], 'show', `main:${raw[2]}`);
      res.writeHead(200).end(content);
    } else if (branch) {
      const id = await this.git(branch[1], 'rev-parse', 'main');
      json(res, 200, { commit: { id: id.trim() } });
    } else if (repository) {
      await this.#repository(req, res, repository[1]);
    } else if (/^\/api\/v1\/orgs\/[^/]+$/.test(pathname)) {
      json(res, 200, { username: 'acme' });
    } else {
      json(res, 404, { message: 'Not found' });
    }
  }

  async #create(req: IncomingMessage, res: ServerResponse, owner: string) {
    const body: { name?: unknown; description?: unknown } = JSON.parse(
      await read(req),
    );
    if (typeof body.name !== 'string') {
      json(res, 422, { message: 'name is required' });
      return;
    }
    const slug = `${owner}/${body.name}`;
    await this.beforeCreate();
    if (this.descriptions.has(slug)) {
      json(res, 409, { message: 'The repository already exists.' });
      return;
    }
    await this.make(slug, String(body.description));
    json(res, 201, { name: body.name });
  }

  /** Makes an empty repository, as anybody could. */
  async make(slug: string, description: string): Promise<void> {
    this.descriptions.set(slug, description);
    const directory = this.#directory(slug);
    await mkdir(dirname(directory), { recursive: true });
    await run('git', ['init', '--quiet', '--bare', '-b', 'main', directory]);
    await run('git', ['config', 'http.receivepack', 'true'], {
      cwd: directory,
    });
  }

  async #repository(req: IncomingMessage, res: ServerResponse, slug: string) {
    const exists = await this.git(slug, 'rev-parse', '--git-dir').catch(
      () => undefined,
    );
    if (!exists) {
      json(res, 404, { message: 'Not found' });
    } else if (req.method === 'DELETE') {
      this.deleted.push(slug);
      this.descriptions.delete(slug);
      await rm(this.#directory(slug), { recursive: true });
      res.writeHead(204).end();
    } else if (req.method === 'PATCH') {
      const { description } = JSON.parse(await read(req));
      this.descriptions.set(slug, description);
      json(res, 200, { description });
    } else {
      const commits = await this.git(
        slug,
        'rev-list',
        '--all',
        '--max-count=1',
      );
      json(res, 200, {
        empty: commits.trim() === '',
        description: this.descriptions.get(slug),
      });
    }
  }

  /** Git's own server program, spoken to as CGI (RFC 3875). */
  async #serveGit(
    req: IncomingMessage,
    res: ServerResponse,
    pathname: string,
  ): Promise<void> {
    if (this.refusePushes && (req.url ?? '').includes('receive-pack')) {
      res.writeHead(403).end('quota exceeded');
      return;
    }
    const child = spawn('git', ['http-backend'], {
      env: {
        PATH: process.env.PATH,
        GIT_PROJECT_ROOT: this.#root,
        GIT_HTTP_EXPORT_ALL: '1',
        REMOTE_USER: 'bot',
        REQUEST_METHOD: req.method,
        PATH_INFO: pathname,
        QUERY_STRING: (req.url ?? '').split('?')[1] ?? '',
        CONTENT_TYPE: req.headers['content-type'] ?? '',
      },
    });
    req.pipe(child.stdin);
    const chunks: Buffer[] = [];
    for await (const chunk of child.stdout) chunks.push(chunk);
    const answer = Buffer.concat(chunks);
    const end = answer.indexOf('\r\n\r\n');
    const headers = answer.subarray(0, end).toString().split('\r\n');
    for (const header of headers) {
      const [name, value] = header.split(': ');
      if (name === 'Status') res.statusCode = Number.parseInt(value, 10);
      else res.setHeader(name, value);
    }
    res.end(answer.subarray(end + 4));
  }

  #authorised(req: IncomingMessage): boolean {
    const [kind, value = ''] = (req.headers.authorization ?? '').split(' ');
    const said = Buffer.from(value, 'base64').toString();
    return /^basic$/i.test(kind) && said === `bot:${this.#token}`;
  }
}

function json(res: ServerResponse, status: number, body: object): void {
  res
    .writeHead(status, { 'Content-Type': 'application/json' })
    .end(JSON.stringify(body));
}

async function read(req: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of req) chunks.push(chunk);
  return Buffer.concat(chunks).toString('utf8');
}
