import { generatedIn, isOfEngine, policyPrefix } from './policyNames';
import { policiesOf } from './ServicePolicies';

const namesOf = (service: string, mount: string) => [
  ...policiesOf(
    {
      service: `component:default/${service}`,
      environments: [{ name: 'staging', production: false }],
    },
    mount,
  ).keys(),
];

describe('names of generated policies', () => {
  it('are those of one engine, also where its name has dots or slashes as names of services have, or capitals', () => {
    const engines = [
      'kv',
      'kv.team',
      'kv/team',
      'kv.team.cart',
      'kv/team/cart',
      'KV',
      'Kv',
      'kV/Team',
      'kV/.Team',
      'kv/-team',
      'kv.-team',
      'kv._.team',
      'kv/_/team',
    ];
    const services = ['cart', 'team.cart', 'team', 'a.b'];
    const all = engines.flatMap(mount =>
      services.flatMap(service =>
        namesOf(service, mount).map(name => ({ mount, name })),
      ),
    );
    expect(new Set(all.map(({ name }) => name)).size).toBe(all.length);
    // Vault makes them small; what it lists would not be found again otherwise.
    for (const { name } of all) {
      expect(name).toBe(name.toLowerCase());
      expect(name).not.toContain('..');
    }
    for (const { mount, name } of all) {
      expect(engines.filter(engine => isOfEngine(name, engine))).toEqual([
        mount,
      ]);
    }
  });

  it('are plain where the name of the engine is', () => {
    expect(policyPrefix('secret')).toBe('highroad-service-secret.');
    expect(namesOf('cart', 'secret')).toEqual([
      'highroad-service-secret.cart.staging.workload',
      'highroad-service-secret.cart.owners',
    ]);
    expect(policyPrefix('teams/kv.2')).toBe('highroad-service-teams.--kv.-_2.');
    expect(isOfEngine('highroad-service-secret.', 'secret')).toBe(false);
    expect(isOfEngine('default', 'secret')).toBe(false);
  });

  it('are told from those of others, and from what may be an engine’s by an earlier name', () => {
    const names = [
      'default',
      'highroad-service-kv.-_team.cart.owners',
      'highroad-service-kv.team.cart.owners',
      'highroad-service-kv.--team.cart.owners',
    ];
    const suspects = ['highroad-service-kv.team.cart.owners'];
    expect(generatedIn(names, 'kv.team')).toEqual({
      ours: ['highroad-service-kv.-_team.cart.owners'],
      suspects,
    });
    expect(generatedIn(names, 'kv/team')).toEqual({
      ours: ['highroad-service-kv.--team.cart.owners'],
      suspects,
    });
    expect(generatedIn(names, 'kv')).toEqual({
      ours: [suspects[0]],
      suspects: [],
    });
    expect(generatedIn([], 'kv')).toEqual({ ours: [], suspects: [] });
  });
});
