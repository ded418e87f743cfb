import { mockServices } from '@backstage/backend-test-utils';
import { Environments, hostsOf } from './EnvironmentSettings';

const read = (...environments: Array<Record<string, string | string[]>>) =>
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

describe('the hosts of a service', () => {
  const place = { name: 'staging', cluster: 'main' };

  it('go by its name and the environment where that is said, and may be any otherwise', () => {
    const hosts = ['{service}.{environment}.example.com', '{service}.test'];
    const [staging] = read({ ...place, hosts }).all();
    expect(hostsOf(staging, 'cart')).toEqual([
      ...['cart.staging.example.com', 'cart.test'],
    ]);
    expect(hostsOf(read(place).all()[0], 'cart')).toBeUndefined();
  });

  it.each([
    ['all.example.com', 'it must hold {service}'],
    ['https://{service}.example.com', 'write a host such as'],
  ])('stop the start where one is %s', (host, why) => {
    expect(() => read({ ...place, hosts: [host] })).toThrow(
      `platform.environments[0].hosts[0]: ${why}`,
    );
  });
});
