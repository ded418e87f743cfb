import { TypeBoxValidatorCompiler } from '@fastify/type-provider-typebox';
import type { FastifyInstance } from 'fastify';
import { itemRoutes } from './items/routes.ts';
import type { ItemStore } from './items/store.ts';
import { createHttpApp, type HttpParts } from './runtime/http.ts';

/** The HTTP side of the service, not yet listening. */
export async function createApp(parts: HttpParts, items: ItemStore): Promise<FastifyInstance> {
  const app = createHttpApp(parts);
  app.setValidatorCompiler(TypeBoxValidatorCompiler);
  await app.register(itemRoutes, { store: items });
  return app;
}
