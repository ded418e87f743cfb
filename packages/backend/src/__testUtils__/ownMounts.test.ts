import { createBackend } from '@backstage/backend-defaults';
import { rootHttpRouterServiceFactory } from '@backstage/backend-defaults/rootHttpRouter';
import {
  coreServices,
  createBackendModule,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { mockServices } from '@backstage/backend-test-utils';
import { RequestHandler, Router } from 'express';
import { mountByHand } from './mountByHand';
import { OwnMounts } from './ownMounts';

const answer: RequestHandler = (_, response) => {
  response.json({});
};

/** A plugin that stands for one of Backstage's: all that is not ours in the eyes of the test. */
const catalog = createBackendPlugin({
  pluginId: 'catalog',
  register: env =>
    env.registerInit({
      deps: { router: coreServices.httpRouter },
      async init({ router }) {
        router.use(Router().get('/entities', answer));
      },
    }),
});

const moduleWith = (handler: RequestHandler) =>
  createBackendModule({
    pluginId: 'catalog',
    moduleId: 'ours',
    register: env =>
      env.registerInit({
        deps: {
          root: coreServices.rootHttpRouter,
          router: coreServices.httpRouter,
        },
        async init({ root, router }) {
          mountByHand(root, router, handler);
        },
      }),
  });

async function routesWith(handler: RequestHandler): Promise<string[]> {
  const mounts = new OwnMounts(file => file.endsWith('/mountByHand.ts'));
  const backend = createBackend();
  for (const feature of [
    ...[catalog, moduleWith(handler), mounts.ofPlugins()],
    mounts.ofRoot(rootHttpRouterServiceFactory()),
    mockServices.rootLogger.factory({ level: 'none' }),
    mockServices.rootConfig.factory({
      data: {
        backend: {
          baseUrl: 'http://127.0.0.1',
          listen: { host: '127.0.0.1', port: 0 },
          database: { client: 'better-sqlite3', connection: ':memory:' },
          auth: { keys: [{ secret: 'a-secret-of-the-test' }] },
        },
      },
    }),
  ]) {
    backend.add(feature);
  }
  await backend.start();
  await backend.stop();
  return mounts.routes();
}

const FILE = 'packages/backend/src/__testUtils__/mountByHand.ts';

describe('what code of ours mounts', () => {
  it('is told from what the plugin itself mounts, at whatever path', async () => {
    const router = Router();
    router.use('/more', Router().post('/deeds/:id', answer));
    router.get('/entities', answer);
    expect(await routesWith(router)).toEqual([
      'POST /api/catalog/more/deeds/:id',
      'GET /api/catalog/entities',
      'POST /beside/more/deeds/:id',
      'GET /beside/entities',
    ]);
  });

  it('is noticed also where it is no router, or hides a handler in one', async () => {
    expect(await routesWith(answer)).toEqual([
      `ANY /api/catalog (${FILE})`,
      `ANY /beside (${FILE})`,
    ]);
    const router = Router();
    router.use('/hidden', answer);
    expect(await routesWith(router)).toEqual([
      `ANY /api/catalog/hidden (${FILE})`,
      `ANY /beside/hidden (${FILE})`,
    ]);
  });

  it('is noticed also under a path that is no fixed one', async () => {
    const more = Router().get('/deeds', answer);
    const router = Router();
    router.use('/:any', more);
    router.use(/^\/o?/, more);
    router.use(['/one', '/two'], more);
    const routes = await routesWith(router);
    expect(routes).toHaveLength(6);
    for (const route of routes) {
      expect(route).toMatch(/^GET \/(api\/catalog|beside)\/\(.+\)\/deeds$/);
    }
  });
});
