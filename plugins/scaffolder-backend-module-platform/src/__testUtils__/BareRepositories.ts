import { execFile, spawn } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { IncomingMessage, ServerResponse } from 'node:http';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** Real bare repositories, which Git itself serves, for a Git host of a test. */
export class BareRepositories {
  /** Pushes are refused while this is set. */
  refusePushes = false;
  readonly descriptions = new Map<string, string>();
  readonly removed: string[] = [];
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
  }

  /** What git says of a repository. */
  async git(slug: string, ...args: string[]): Promise<string> {
    const { stdout } = await run('git', args, { cwd: this.#directory(slug) });
    return stdout;
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

  async isEmpty(slug: string): Promise<boolean> {
    const commits = await this.git(slug, 'rev-list', '--all', '--max-count=1');
    return commits.trim() === '';
  }

  async remove(slug: string): Promise<void> {
    this.removed.push(slug);
    this.descriptions.delete(slug);
    await rm(this.#directory(slug), { recursive: true });
  }

  /** Git's own server program, spoken to as CGI (RFC 3875). */
  async serve(
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

  #directory(slug: string): string {
    return join(this.#root, `${slug}.git`);
  }
}
