import { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import { Request, Response, Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { SandboxService } from './service/SandboxService';

const whole = z.coerce.number().int().min(0);
const statusQuerySchema = z.object({ after: whole.optional() });
const logQuerySchema = z.object({
  after: whole.optional(),
  lines: whole.min(1).max(2000).default(200),
});

const LOG_QUERY = '"lines", from 1 to 2000, and "after", a size in bytes';
const buildQuerySchema = z.object({ after: z.string().max(100).optional() });

/** Read only. Signed in is enough: what is answered holds no credentials. */
export function createRouter(options: {
  sandbox: SandboxService;
  httpAuth: HttpAuthService;
}): Router {
  const { sandbox, httpAuth } = options;
  const router = createPromiseRouter();

  router.use(async (req, _res, next) => {
    await httpAuth.credentials(req, { allow: ['user', 'service'] });
    next();
  });

  router.get('/v1/status', async (req, res) => {
    const { after } = parse(statusQuerySchema, req, '"after", a revision');
    res.json(await sandbox.status({ after, signal: until(res) }));
  });

  router.get('/v1/logs/:server', async (req, res) => {
    const query = parse(logQuerySchema, req, LOG_QUERY);
    const { server } = req.params;
    res.json(await sandbox.log(server, { ...query, signal: until(res) }));
  });

  router.get('/v1/builds', async (req, res) => {
    const { after } = parse(buildQuerySchema, req, '"after", a mark');
    res.json(await sandbox.builds.list({ after, signal: until(res) }));
  });

  router.get('/v1/builds/:id', async (req, res) => {
    const { after } = parse(buildQuerySchema, req, '"after", a mark');
    const { id } = req.params;
    res.json(await sandbox.builds.get(id, { after, signal: until(res) }));
  });

  router.get('/v1/builds/:id/log', async (req, res) => {
    const query = parse(logQuerySchema, req, LOG_QUERY);
    const { id } = req.params;
    res.json(await sandbox.buildLog(id, { ...query, signal: until(res) }));
  });

  return router;
}

function parse<T extends z.ZodTypeAny>(
  schema: T,
  req: Request,
  takes: string,
): z.infer<T> {
  const parsed = schema.safeParse(req.query);
  if (!parsed.success) throw new InputError(`The query takes ${takes}.`);
  return parsed.data;
}

/** Ends when the asker has gone, so that nothing is waited for in vain. */
function until(res: Response): AbortSignal {
  const abort = new AbortController();
  res.once('close', () => abort.abort());
  return abort.signal;
}
