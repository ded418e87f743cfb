import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { KubernetesObject } from '@highroad/plugin-deployments-node';
import { deploymentsPlugin } from '../../plugin';
import { Condition } from './Condition';
import { unjudged } from './unjudged';

const errors: Condition = {
  ...{ name: 'error-rate', query: 'errors', bound: 'max', threshold: 0.05 },
  ...{ window: 60, fewSamples: 'fail' },
};
const rollout = (strategy: object): KubernetesObject => ({
  ...{ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout' },
  ...{ metadata: { name: 'cart' }, spec: { strategy } },
});

describe('a canary that nobody can judge while its traffic is shifted', () => {
  it('is named, with the conditions and the key that is missing', () => {
    expect(unjudged([rollout({ canary: {} })], [errors])).toEqual([
      'Rollout cart: not judged by error-rate before it has all the traffic, since platform.prometheus.urlFromCluster is not set',
    ]);
  });

  it('is none where there are no conditions, or no traffic is shifted', () => {
    expect(unjudged([rollout({ canary: {} })], [])).toEqual([]);
    expect(unjudged([rollout({ blueGreen: {} })], [errors])).toEqual([]);
    const deployment = { ...rollout({ canary: {} }), kind: 'Deployment' };
    expect(unjudged([deployment], [errors])).toEqual([]);
  });

  it.each<[string, object, boolean]>([
    ['wants a token', { token: 'secret' }, true],
    ['wants none', {}, false],
    [
      'wants one, but not of the cluster',
      { token: 'secret', urlFromCluster: 'http://in-the-cluster:9090' },
      false,
    ],
  ])(
    'is warned of at the start where Prometheus %s',
    async (_, settings, isWarned) => {
      const logger = mockServices.logger.mock();
      logger.child.mockReturnValue(logger);
      const { name, query } = errors;
      const backend = await startTestBackend({
        features: [
          deploymentsPlugin,
          logger.factory,
          catalogServiceMock.factory(),
          mockServices.rootConfig.factory({
            data: {
              app: { baseUrl: 'http://localhost:3000' },
              backend: { baseUrl: 'http://localhost:7007' },
              platform: {
                prometheus: { url: 'http://127.0.0.1:1', ...settings },
                clusters: [
                  { name: 'main', url: 'https://127.0.0.1:1', token: 'a' },
                ],
                environments: [
                  {
                    ...{ name: 'staging', cluster: 'main' },
                    conditions: [{ name, query, max: 0.05 }],
                  },
                ],
              },
            },
          }),
        ],
      });
      await backend.stop();
      const warnings = logger.warn.mock.calls.map(([message]) => message);
      expect(
        warnings.filter(message => /^Canaries in staging are/.test(message)),
      ).toHaveLength(isWarned ? 1 : 0);
    },
  );
});
