import { createBackendModule } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  deploymentsEngineExtensionPoint,
  Engine,
} from '@highroad/plugin-deployments-node';
import { FakeCluster } from '../../__testUtils__/world';
import { deploymentsPlugin } from '../../plugin';

const fleet = (name: string, engine: Engine) =>
  createBackendModule({
    pluginId: 'deployments',
    moduleId: 'fleet',
    register(env) {
      env.registerInit({
        deps: { engines: deploymentsEngineExtensionPoint },
        async init({ engines }) {
          engines.addEngine(name, engine);
        },
      });
    },
  });

describe('engines', () => {
  const start = (engine: string, name = 'fleet', cluster = 'main') =>
    startTestBackend({
      features: [
        deploymentsPlugin,
        fleet(name, new FakeCluster().engine),
        catalogServiceMock.factory(),
        mockServices.rootConfig.factory({
          data: {
            app: { baseUrl: 'http://localhost:3000' },
            backend: { baseUrl: 'http://localhost:7007' },
            platform: {
              clusters: [
                { name: 'main', url: 'https://127.0.0.1:1', token: 'secret' },
              ],
              environments: [
                { name: 'staging', cluster },
                // What an engine of its own takes for a cluster, only that knows.
                { name: 'edge', cluster: 'far away', engine },
              ],
            },
          },
        }),
      ],
    });

  it('are added by modules, and chosen by environments', async () => {
    const backend = await start('fleet');
    await expect(backend.stop()).resolves.toBeUndefined();
  });

  it('stop the start where one is not there, with the path of the key', async () => {
    await expect(start('fleeet')).rejects.toThrow(
      /platform\.environments\[1\]\.engine: there is no engine "fleeet"; did you mean "fleet"\?/,
    );
  });

  it('stop the start where the cluster of an environment is not there', async () => {
    await expect(start('fleet', 'fleet', 'mian')).rejects.toThrow(
      /platform\.environments\[0\]\.cluster: there is no cluster "mian"; did you mean "main"\?/,
    );
  });

  it('stop the start where there are two of a name', async () => {
    await expect(start('direct', 'direct')).rejects.toThrow(
      /There are two engines called "direct"/,
    );
  });
});
