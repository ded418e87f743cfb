import type { FastifyPluginCallbackTypebox } from '@fastify/type-provider-typebox';
import Type from 'typebox';
import { v7 as uuid } from 'uuid';

import { sendProblem } from '../runtime/problem.ts';
import { itemSchema, newItemSchema } from './item.ts';
import type { ItemStore } from './store.ts';

const idSchema = Type.String({ format: 'uuid' });
const params = Type.Object({ id: idSchema });
const NO_SUCH_ITEM = 'There is no item with this id.';

/** The routes of api/openapi.yaml. */
export const itemRoutes: FastifyPluginCallbackTypebox<{ store: ItemStore }> = (
  app,
  { store },
  done,
) => {
  const querystring = Type.Object({
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 100 })),
    after: Type.Optional(idSchema),
  });
  const page = Type.Object({ items: Type.Array(itemSchema), next: Type.Optional(idSchema) });

  app.get('/v1/items', { schema: { querystring, response: { 200: page } } }, async (request) => {
    const { limit = 50, after } = request.query;
    // One more than asked for tells whether there is a next page.
    const found = await store.list({ limit: limit + 1, after });
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return found.length > limit && last ? { items, next: last.id } : { items };
  });

  app.post(
    '/v1/items',
    { schema: { body: newItemSchema, response: { 201: itemSchema } } },
    async (request, reply) => {
      const item = {
        id: uuid(),
        name: request.body.name,
        createdAt: new Date().toISOString(),
      };
      await store.add(item);
      return reply.code(201).header('location', `/v1/items/${item.id}`).send(item);
    },
  );

  app.get(
    '/v1/items/:id',
    { schema: { params, response: { 200: itemSchema } } },
    async (request, reply) => {
      const item = await store.get(request.params.id);
      return item ?? sendProblem(reply, 404, NO_SUCH_ITEM);
    },
  );

  app.delete('/v1/items/:id', { schema: { params } }, async (request, reply) => {
    const deleted = await store.delete(request.params.id);
    return deleted ? reply.code(204).send() : sendProblem(reply, 404, NO_SUCH_ITEM);
  });

  done();
};
