import { mockServices } from '@backstage/backend-test-utils';
import { Environments } from './EnvironmentSettings';

const read = (...environments: Array<Record<string, string>>) =>
  Environments.fromConfig(
    mockServices.rootConfig({ data: { platform: { environments } } }),
  );
const namespace = '{service}';

describe('the namespaces of environments', () => {
  it('differ by the name of the environment where nothing else is said', () => {
    const environments = read(
      { name: 'staging', cluster: 'main' },
      { name: 'production', cluster: 'main' },
    );
    expect(environments.all().map(one => one.name)).toEqual([
      'staging',
      'production',
    ]);
  });

  it('may be the same in different clusters', () => {
    const environments = read(
      { name: 'staging', cluster: 'main', namespace },
      { name: 'production', cluster: 'other', namespace },
    );
    expect(environments.all()).toHaveLength(2);
  });

  it.each([
    ['no pattern names the environment', namespace, namespace],
    ['one names the other', '{service}-staging', '{service}-{environment}'],
  ])(
    'stop the start where two environments share them in one cluster, as %s',
    (_, one, other) => {
      expect(() =>
        read(
          { name: 'next', cluster: 'other' },
          { name: 'production', cluster: 'main', namespace: one },
          { name: 'staging', cluster: 'main', namespace: other },
        ),
      ).toThrow(
        'platform.environments[2].namespace: each service would have one namespace in the cluster main for this and for platform.environments[1].namespace (production); write {environment} into both, or give one of them another pattern or cluster',
      );
    },
  );
});
