import { HttpAuthService } from '@backstage/backend-plugin-api';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { InputError } from '@backstage/errors';
import {
  dependencyQuerySchema,
  entityPathSchema,
  findingsQuerySchema,
  routes,
} from '@highroad/plugin-catalog-platform-common';
import express from 'express';
import Router from 'express-promise-router';
import { z } from 'zod';
import { DependencyService } from './dependencies/DependencyService';
import { FindingsService } from './findings/FindingsService';

/** Reads input, or says in one sentence what is wrong with each part of it. */
function parse<T extends z.ZodTypeAny>(schema: T, input: unknown): z.output<T> {
  const parsed = schema.safeParse(input);
  if (!parsed.success) {
    const problems = parsed.error.issues.map(
      issue => `${issue.path.join('.') || 'input'}: ${issue.message}`,
    );
    throw new InputError(`The request is not valid. ${problems.join('; ')}`);
  }
  return parsed.data;
}

/**
 * Answers under the catalog's own address. The catalog's router comes after
 * this one, so only the paths below are taken, and the rest goes on to it.
 */
export function createRouter(options: {
  httpAuth: HttpAuthService;
  dependencies: DependencyService;
  findings: FindingsService;
}): express.Router {
  const { httpAuth, dependencies, findings } = options;
  const router = Router();
  const credentialsOf = (request: express.Request) =>
    httpAuth.credentials(request, { allow: ['user', 'service'] });

  router.get(routes.dependents, async (request, response) => {
    const credentials = await credentialsOf(request);
    const ref = stringifyEntityRef(parse(entityPathSchema, request.params));
    const query = parse(dependencyQuerySchema, request.query);
    response.json(await dependencies.ask(ref, query, credentials));
  });

  router.get(routes.findings, async (request, response) => {
    const credentials = await credentialsOf(request);
    const { owner } = parse(findingsQuerySchema, request.query);
    response.json(await findings.list(owner, credentials));
  });

  router.get(routes.entityFindings, async (request, response) => {
    const credentials = await credentialsOf(request);
    const ref = stringifyEntityRef(parse(entityPathSchema, request.params));
    response.json({ entity: await findings.ofEntity(ref, credentials) });
  });

  return router;
}
