import { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError, NotFoundError } from '@backstage/errors';
import {
  parseRepositoryId,
  RepositoryId,
} from '@highroad/plugin-local-repositories-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import express, { Request, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { z } from 'zod';

const atSchema = z.object({
  ref: z.string().default('HEAD'),
  path: z.string().default(''),
});

/** Read only: a repository is written by its creation, and by `git push` to its folder. */
export function createRouter(options: {
  repositories: LocalRepositories | undefined;
  httpAuth: HttpAuthService;
}): Router {
  const { httpAuth } = options;
  const router = createPromiseRouter();
  router.use(express.json());

  // Signed in is enough: like the catalog, what is not secret can be read by everyone in the company.
  router.use(async (req, _res, next) => {
    await httpAuth.credentials(req, { allow: ['user', 'service'] });
    next();
  });

  const repositories = () => {
    if (!options.repositories) {
      throw new NotFoundError(
        'No repositories are kept on this machine: platform.localRepositories.directory is not set.',
      );
    }
    return options.repositories;
  };

  router.get('/repositories', async (_req, res) => {
    res.json({ items: (await options.repositories?.list()) ?? [] });
  });

  router.get('/repositories/:owner/:name', async (req, res) => {
    res.json(await repositories().get(idOf(req)));
  });

  router.get('/repositories/:owner/:name/tree', async (req, res) => {
    const { ref, path } = atOf(req);
    const entries = await repositories().tree(idOf(req), ref, path);
    res.json({ ref, path, entries });
  });

  router.get('/repositories/:owner/:name/file', async (req, res) => {
    const { ref, path } = atOf(req);
    res.json(await repositories().show(idOf(req), ref, path));
  });

  router.get('/repositories/:owner/:name/commits', async (req, res) => {
    res.json({
      items: await repositories().commits(idOf(req), atOf(req).ref),
    });
  });

  return router;
}

function idOf(req: Request): RepositoryId {
  return parseRepositoryId(String(req.params.owner), String(req.params.name));
}

function atOf(req: Request): z.infer<typeof atSchema> {
  const parsed = atSchema.safeParse(req.query);
  if (!parsed.success) {
    throw new InputError('The query takes "ref" and "path", each once.');
  }
  return parsed.data;
}
