import {
  Delivery,
  Operation,
  pathParameters,
  permissionsFor,
} from '@highroad/plugin-platform-common';
import { JsonObject } from '@backstage/types';
import { z } from 'zod';
import { ignoreOverride, zodToJsonSchema } from 'zod-to-json-schema';

/** The OpenAPI 3.0 document of what a plugin declares. */
export function openApiDocument(
  plugin: string,
  operations: Operation[],
  deliveries: Delivery[],
): JsonObject {
  const paths: Record<string, JsonObject> = {};
  for (const operation of operations) {
    const { method, path } = operation.http;
    const key = templated(path);
    paths[key] = {
      ...paths[key],
      [method.toLowerCase()]: described(operation),
    };
  }
  for (const delivery of deliveries) {
    const key = templated(delivery.path);
    paths[key] = { ...paths[key], post: describedDelivery(delivery) };
  }
  return {
    openapi: '3.0.3',
    info: { title: `Highroad: ${plugin}`, version: '1' },
    servers: [{ url: `/api/${plugin}` }],
    paths,
    components: {
      securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
    },
    security: [{ token: [] }],
  };
}

/** A path as OpenAPI writes it. */
function templated(path: string): string {
  return path.replace(/:([A-Za-z]\w*)/g, '{$1}');
}

function describedDelivery(delivery: Delivery): JsonObject {
  const { plugin, name, summary, path, signedWith, event } = delivery;
  return {
    operationId: name,
    summary: sentence(summary),
    description: `Without a sign-in, and signed with a secret of ${signedWith}.`,
    parameters: pathParameters(path).map(parameter => ({
      ...{ name: parameter, in: 'path', required: true },
      schema: { type: 'string' },
    })),
    requestBody: { content: { 'application/json': { schema: {} } } },
    responses: {
      '200': { description: 'Nothing to do' },
      '202': { description: 'Taken' },
      '400': { description: 'Signed, and not valid' },
      '401': { description: 'The signature does not fit' },
    },
    security: [],
    'x-highroad-signed-with': signedWith,
    'x-highroad-audit-event': `${plugin}.${event}`,
  };
}

function described(operation: Operation): JsonObject {
  const { http, input, output, access, audit } = operation;
  const needed = permissionsFor(operation)
    .map(({ name }) => name)
    .join(' and ');
  const inPath = pathParameters(http.path);
  const rest = Object.keys(input.shape).filter(name => !inPath.includes(name));
  const inQuery = http.method === 'GET' || http.method === 'DELETE';
  const parameter = (name: string, place: 'path' | 'query'): JsonObject => ({
    name,
    in: place,
    required: place === 'path' || !input.shape[name].isOptional(),
    schema: schemaOf(input.shape[name]),
  });
  const success = http.streams
    ? { [http.streams]: { schema: { type: 'string' } } }
    : { 'application/json': { schema: schemaOf(output) } };
  return {
    operationId: operation.name,
    summary: sentence(operation.summary),
    parameters: [
      ...inPath.map(name => parameter(name, 'path')),
      ...(inQuery ? rest.map(name => parameter(name, 'query')) : []),
    ],
    ...(!inQuery && {
      requestBody: {
        content: {
          'application/json': {
            schema: schemaOf(input.pick(keysOf(rest))),
          },
        },
      },
    }),
    responses: {
      '200': { description: 'Done', content: success },
      '400': { description: 'Something in the request is not valid' },
      '401': { description: 'Not signed in' },
      ...(access !== 'signed-in' && {
        '403': { description: `Not allowed: ${needed}` },
      }),
      ...(audit !== 'no-effect' && {
        '503': { description: 'Not done, since it could not be recorded' },
      }),
    },
    'x-highroad-permission': access === 'signed-in' ? 'signed-in' : needed,
    'x-highroad-audit-event':
      audit === 'no-effect' ? '' : `${operation.plugin}.${audit.event}`,
  };
}

function keysOf(names: string[]): Record<string, true> {
  return Object.fromEntries(names.map(name => [name, true as const]));
}

function schemaOf(schema: z.ZodTypeAny): JsonObject {
  const { $schema, ...rest } = zodToJsonSchema(schema, {
    target: 'openApi3',
    $refStrategy: 'none',
    // What holds itself, such as any JSON, is anything.
    override: definition =>
      'typeName' in definition &&
      definition.typeName === z.ZodFirstPartyTypeKind.ZodLazy
        ? {}
        : ignoreOverride,
  }) as JsonObject;
  return rest;
}

function sentence(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}
