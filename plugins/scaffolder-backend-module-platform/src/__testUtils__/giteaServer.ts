import { IncomingMessage, ServerResponse } from 'node:http';
import { basicAuth, json, read, RepositoryServer } from './RepositoryServer';

/**
 * The part of Gitea that creating a repository needs: its API, with the token checked.
 *
 * @see https://docs.gitea.com/api/ for the shapes
 */
export class GiteaServer extends RepositoryServer {
  readonly #token: string;

  constructor(root: string, token: string) {
    super(root);
    this.#token = token;
  }

  protected async answer(
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const { pathname } = new URL(req.url ?? '/', 'http://localhost');
    if (/\/src\/branch\/main$/.test(pathname)) {
      // The page of a branch, which is looked at without a token to see whether it is there yet.
      res.writeHead(200).end('a page');
      return;
    }
    if (basicAuth(req) !== `bot:${this.#token}`) {
      res.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
      return;
    }
    if (/\.git\//.test(pathname)) {
      await this.repositories.serve(req, res, pathname);
      return;
    }
    const created = /^\/api\/v1\/orgs\/([^/]+)\/repos$/.exec(pathname);
    const raw = /^\/api\/v1\/repos\/([^/]+\/[^/]+)\/raw\/(.+)$/.exec(pathname);
    const branch = /^\/api\/v1\/repos\/([^/]+\/[^/]+)\/branches\/main$/.exec(
      pathname,
    );
    const repository = /^\/api\/v1\/repos\/([^/]+\/[^/]+)$/.exec(pathname);
    const git = (slug: string, ...args: string[]) =>
      this.repositories.git(slug, ...args);
    if (req.method === 'POST' && created) {
      await this.#create(req, res, created[1]);
    } else if (raw) {
      const content = await git(raw[1], 'show', `main:${raw[2]}`);
      res.writeHead(200).end(content);
    } else if (branch) {
      const id = await git(branch[1], 'rev-parse', 'main');
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
    if (this.repositories.descriptions.has(slug)) {
      json(res, 409, { message: 'The repository already exists.' });
      return;
    }
    await this.repositories.make(slug, String(body.description));
    json(res, 201, { name: body.name });
  }

  async #repository(req: IncomingMessage, res: ServerResponse, slug: string) {
    const { descriptions } = this.repositories;
    if (!descriptions.has(slug)) {
      json(res, 404, { message: 'Not found' });
    } else if (req.method === 'PATCH' && this.refuseChanges) {
      json(res, 500, { message: 'Busy' });
    } else if (req.method === 'DELETE') {
      await this.repositories.remove(slug);
      res.writeHead(204).end();
    } else if (req.method === 'PATCH') {
      const { description } = JSON.parse(await read(req));
      descriptions.set(slug, description);
      json(res, 200, { description });
    } else {
      json(res, 200, {
        empty: await this.repositories.isEmpty(slug),
        description: descriptions.get(slug),
      });
    }
  }
}
