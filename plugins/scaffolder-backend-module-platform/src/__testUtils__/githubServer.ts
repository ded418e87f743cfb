import { IncomingMessage, ServerResponse } from 'node:http';
import { basicAuth, json, read, RepositoryServer } from './RepositoryServer';

/**
 * The part of GitHub Enterprise that creating a repository needs: its API, with the token checked.
 *
 * @see https://docs.github.com/en/rest/repos/repos for the shapes
 */
export class GithubServer extends RepositoryServer {
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
    if (/\.git\//.test(pathname)) {
      if (basicAuth(req) !== `x-access-token:${this.#token}`) {
        res.writeHead(401, { 'WWW-Authenticate': 'Basic' }).end();
        return;
      }
      await this.repositories.serve(req, res, pathname);
      return;
    }
    const [kind, token] = (req.headers.authorization ?? '').split(' ');
    if (!/^(bearer|token)$/i.test(kind) || token !== this.#token) {
      json(res, 401, { message: 'Bad credentials' });
      return;
    }
    const path = pathname.replace(/^\/api\/v3/, '');
    const created = /^\/orgs\/([^/]+)\/repos$/.exec(path);
    const commits = /^\/repos\/([^/]+\/[^/]+)\/commits$/.exec(path);
    const contents = /^\/repos\/([^/]+\/[^/]+)\/contents\/(.+)$/.exec(path);
    const repository = /^\/repos\/([^/]+\/[^/]+)$/.exec(path);
    if (req.method === 'POST' && created) {
      await this.#create(req, res, created[1]);
    } else if (commits) {
      if (await this.repositories.isEmpty(commits[1])) {
        json(res, 409, { message: 'Git Repository is empty.' });
      } else json(res, 200, [{}]);
    } else if (contents) {
      const content = await this.repositories.git(
        ...([contents[1], 'show', `main:${contents[2]}`] as const),
      );
      res.writeHead(200).end(content);
    } else if (repository) {
      await this.#repository(req, res, repository[1]);
    } else if (/^\/users\/[^/]+$/.test(path)) {
      json(res, 200, { login: 'acme', type: 'Organization' });
    } else {
      json(res, 404, { message: 'Not Found' });
    }
  }

  async #create(req: IncomingMessage, res: ServerResponse, owner: string) {
    const { name, description } = JSON.parse(await read(req));
    const slug = `${owner}/${name}`;
    await this.beforeCreate();
    if (this.repositories.descriptions.has(slug)) {
      json(res, 422, {
        message: 'Repository creation failed.',
        errors: [{ message: 'name already exists on this account' }],
      });
      return;
    }
    await this.repositories.make(slug, String(description));
    json(res, 201, this.#shown(slug));
  }

  async #repository(req: IncomingMessage, res: ServerResponse, slug: string) {
    const { descriptions } = this.repositories;
    if (!descriptions.has(slug)) {
      json(res, 404, { message: 'Not Found' });
    } else if (req.method === 'PATCH' && this.refuseChanges) {
      json(res, 500, { message: 'Server Error' });
    } else if (req.method === 'DELETE') {
      await this.repositories.remove(slug);
      res.writeHead(204).end();
    } else {
      if (req.method === 'PATCH') {
        const { description } = JSON.parse(await read(req));
        descriptions.set(slug, description);
      }
      json(res, 200, this.#shown(slug));
    }
  }

  #shown(slug: string) {
    return {
      full_name: slug,
      description: this.repositories.descriptions.get(slug),
      clone_url: `http://${this.host}/${slug}.git`,
      html_url: `http://${this.host}/${slug}`,
    };
  }
}
