import {
  BackendFeature,
  createBackendModule,
} from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import {
  mockCredentials,
  startTestBackend,
} from '@backstage/backend-test-utils';
import catalogPlugin from '@backstage/plugin-catalog-backend';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import request from 'supertest';
import catalogModulePlatform from '..';

const LOCATION = 'url:https://github.com/acme/shop/blob/main/catalog-info.yaml';

/** A component as it would stand in a file. */
export function component(
  name: string,
  spec: Record<string, string | string[]> = {},
  metadata: Record<string, unknown> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, ...metadata },
    spec: {
      type: 'service',
      lifecycle: 'production',
      owner: 'payments-team',
      ...spec,
    },
  };
}

export function group(name: string): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Group',
    metadata: { name },
    spec: { type: 'team', children: [] },
  };
}

function withLocation(entity: Entity): Entity {
  const annotations: Record<string, string> = {
    'backstage.io/managed-by-location': LOCATION,
    'backstage.io/managed-by-origin-location': LOCATION,
    ...entity.metadata.annotations,
  };
  return { ...entity, metadata: { ...entity.metadata, annotations } };
}

function provide(entities: Entity[], faults: string[]): BackendFeature {
  return createBackendModule({
    pluginId: 'catalog',
    moduleId: 'test-entities',
    register(env) {
      env.registerInit({
        deps: { processing: catalogProcessingExtensionPoint },
        async init({ processing }) {
          processing.setOnProcessingErrorHandler(({ errors }) => {
            faults.push(...errors.map(error => `${error}`));
          });
          processing.addEntityProvider({
            getProviderName: () => 'test-entities',
            async connect(connection) {
              await connection.applyMutation({
                type: 'full',
                entities: entities.map(entity => ({
                  entity: withLocation(entity),
                })),
              });
            },
          });
        },
      });
    },
  });
}

/** Waits for a condition, looking every 50 ms for at most 30 s. */
export async function eventually<T>(
  look: () => Promise<T | undefined>,
  what: () => string,
): Promise<T> {
  const end = Date.now() + 30_000;
  while (Date.now() < end) {
    const seen = await look();
    if (seen !== undefined) {
      return seen;
    }
    await new Promise(resolve => setTimeout(resolve, 50));
  }
  throw new Error(`Waited 30 s in vain for ${what()}`);
}

/**
 * Starts a real catalog with this module in it, and waits until it has
 * processed the given entities.
 */
export async function startCatalog(options: {
  entities?: Entity[];
  features?: BackendFeature[];
  expectedRefs?: string[];
}) {
  const entities = options.entities ?? [];
  const faults: string[] = [];
  const backend = await startTestBackend({
    features: [
      catalogPlugin,
      catalogModulePlatform,
      provide(entities, faults),
      ...(options.features ?? []),
    ],
  });
  const { server } = backend;
  const asService = mockCredentials.service.header({
    onBehalfOf: mockCredentials.service('plugin:test'),
    targetPluginId: 'catalog',
  });
  const expected = options.expectedRefs ?? entities.map(stringifyEntityRef);
  const read = async (ref: string): Promise<Entity | undefined> => {
    const response = await request(server)
      .post('/api/catalog/entities/by-refs')
      .set('Authorization', asService)
      .send({ entityRefs: [ref] });
    return response.body.items?.[0] ?? undefined;
  };
  await eventually(
    async () => {
      const response = await request(server)
        .post('/api/catalog/entities/by-refs')
        .set('Authorization', asService)
        .send({ entityRefs: expected });
      const items: unknown[] = response.body.items ?? [];
      return items.length > 0 && items.every(Boolean) ? true : undefined;
    },
    () => `the catalog to process its entities. ${faults.join('\n')}`,
  );
  const get = (path: string, header = mockCredentials.user.header()) =>
    request(server).get(`/api/catalog${path}`).set('Authorization', header);
  return { server, stop: () => backend.stop(), read, get, asService };
}
