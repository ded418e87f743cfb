import { HttpAuthService } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import {
  NameCheck,
  previewRequestSchema,
} from '@highroad/plugin-create-common';
import express, { Router } from 'express';
import createPromiseRouter from 'express-promise-router';
import { z } from 'zod';
import { GitHosts } from '../git-hosts/GitHosts';
import { Previews } from '../service/Previews';
import { ServiceNames } from '../service/ServiceNames';

const nameCheckQuerySchema = z.object({
  name: z.string().max(200),
  gitHost: z.string().max(200).optional(),
  gitOwner: z.string().max(200).optional(),
  owner: z.string().max(200).optional(),
});

/** What the form and the command line ask before a service is created. Nothing here has an effect. */
export function createRouter(options: {
  httpAuth: HttpAuthService;
  names: ServiceNames;
  gitHosts: GitHosts;
  previews: Previews;
}): Router {
  const { httpAuth, names, gitHosts, previews } = options;
  const router = createPromiseRouter();
  const base = '/platform/v1';
  // Only these paths: the rest belongs to the scaffolder, which reads its own bodies.
  router.use(base, express.json({ limit: '1mb' }));

  router.get(`${base}/git-hosts`, async (req, res) => {
    await httpAuth.credentials(req, { allow: ['user', 'service'] });
    res.json(await gitHosts.list());
  });

  router.get(`${base}/name-check`, async (req, res) => {
    const credentials = await httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
    const query = nameCheckQuerySchema.safeParse(req.query);
    if (!query.success) {
      throw new InputError(
        'The query takes "name", and "gitHost", "gitOwner" and "owner" where they are chosen.',
      );
    }
    const verdict = await names.check(query.data, credentials);
    const answer: NameCheck = {
      name: query.data.name,
      available: verdict.kind === 'free' || verdict.kind === 'unfinished',
      ...('problem' in verdict && { problem: verdict.problem }),
    };
    res.json(answer);
  });

  router.post(`${base}/preview`, async (req, res) => {
    const credentials = await httpAuth.credentials(req, { allow: ['user'] });
    const body = previewRequestSchema.safeParse(req.body);
    if (!body.success) {
      throw new InputError(
        'The body takes "templateRef", such as template:default/service, and "values".',
      );
    }
    res.json(await previews.preview(body.data, credentials));
  });

  return router;
}
