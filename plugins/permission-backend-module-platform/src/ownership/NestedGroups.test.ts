import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { NestedGroups } from './NestedGroups';

const group = (name: string, ...parents: string[]): Entity => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Group',
  metadata: { name, namespace: 'default' },
  relations: parents.map(parent => ({
    type: 'childOf',
    targetRef: `group:default/${parent}`,
  })),
});
const anna = (...groups: string[]) => ({
  credentials: mockCredentials.user('user:default/anna'),
  info: {
    userEntityRef: 'user:default/anna',
    ownershipEntityRefs: groups.map(name => `group:default/${name}`),
  },
});

describe('NestedGroups', () => {
  const setUp = (entities: Entity[]) => {
    const catalog = catalogServiceMock({ entities });
    const reads = jest.spyOn(catalog, 'getEntitiesByRefs');
    let now = 0;
    const groups = new NestedGroups({
      auth: mockServices.auth(),
      catalog,
      logger: mockServices.logger.mock(),
      now: () => now,
    });
    return {
      groups,
      reads,
      pass: (ms: number) => {
        now += ms;
      },
    };
  };

  it('adds the groups around one’s own, and none beside them', async () => {
    const { groups } = setUp([
      group('payments', 'commerce'),
      group('storefront', 'commerce'),
      group('commerce', 'engineering'),
      group('engineering'),
    ]);
    expect((await groups.of(anna('payments'))).sort()).toEqual([
      'group:default/commerce',
      'group:default/engineering',
      'group:default/payments',
      'user:default/anna',
    ]);
  });

  it('ends in groups that contain each other', async () => {
    const { groups } = setUp([group('a', 'b'), group('b', 'a')]);
    expect(await groups.of(anna('a'))).toHaveLength(3);
  });

  it('sees a person’s groups as the catalog knows them now, not only as of the sign-in', async () => {
    const { groups } = setUp([
      {
        ...group('new-team'),
        kind: 'User',
        metadata: { name: 'anna', namespace: 'default' },
        relations: [{ type: 'memberOf', targetRef: 'group:default/new-team' }],
      },
      group('new-team'),
    ]);
    expect(await groups.of(anna())).toContain('group:default/new-team');
  });

  it('forgets groups that a person has left, whatever the sign-in still says', async () => {
    const { groups } = setUp([
      {
        ...group('anna'),
        kind: 'User',
        relations: [{ type: 'memberOf', targetRef: 'group:default/payments' }],
      },
      group('payments'),
      group('platform-team'),
    ]);
    expect((await groups.of(anna('payments', 'platform-team'))).sort()).toEqual(
      ['group:default/payments', 'user:default/anna'],
    );
  });

  it('asks the catalog once for what was asked lately, and again after a while', async () => {
    const { groups, reads, pass } = setUp([group('a', 'b'), group('b')]);
    await groups.of(anna('a'));
    const first = reads.mock.calls.length;
    await groups.of(anna('a'));
    expect(reads).toHaveBeenCalledTimes(first);
    pass(60_000);
    await groups.of(anna('a'));
    expect(reads.mock.calls.length).toBeGreaterThan(first);
  });

  it('gives less, not more, while the catalog does not answer', async () => {
    const { groups, reads } = setUp([group('a', 'b'), group('b')]);
    reads.mockRejectedValueOnce(new Error('down'));
    expect(await groups.of(anna('a'))).toEqual([
      'user:default/anna',
      'group:default/a',
    ]);
    expect(await groups.of(anna('a'))).toContain('group:default/b');
  });
});
