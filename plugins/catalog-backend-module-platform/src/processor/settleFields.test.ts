import { Entity } from '@backstage/catalog-model';
import { settleFields } from './settleFields';

const FILE = 'https://github.com/acme/shop/blob/main/catalog-info.yaml';
const good = { type: 'service', lifecycle: 'production', owner: 'shop-team' };

/** Files hold anything; this is what the catalog hands on for them. */
function settle(spec: object, metadata: object = {}, kind = 'Component') {
  const entity: Entity = JSON.parse(
    JSON.stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind,
      metadata: { name: 'shop', ...metadata },
      spec,
    }),
  );
  return settleFields(entity, FILE);
}

describe('fields that people get wrong', () => {
  it('are left as they are where they are right', () => {
    const { entity, findings } = settle(
      { ...good, dependsOn: ['component:a'], providesApis: ['shop'] },
      { tags: ['billing', 'c++'] },
    );
    expect(findings).toEqual([]);
    expect(entity.spec).toMatchObject(good);
  });

  it('lose a tag that is none, and keep the others', () => {
    const { entity, findings } = settle(good, {
      tags: ['billing', 'Big Money', 7],
    });
    expect(entity.metadata.tags).toEqual(['billing']);
    expect(findings).toMatchObject([
      {
        ...{ rule: 'tag-invalid', file: FILE, field: 'metadata.tags[1]' },
        found: 'Big Money',
      },
      { field: 'metadata.tags[2]', found: '7' },
    ]);
  });

  it('lose tags that are no list', () => {
    const { entity, findings } = settle(good, { tags: 'billing' });
    expect(entity.metadata.tags).toBeUndefined();
    expect(findings).toMatchObject([{ rule: 'tags-not-a-list' }]);
  });

  it('take a reference for a list of one, and leave out what is none', () => {
    const { entity, findings } = settle({
      ...good,
      dependsOn: 'component:user-service',
      consumesApis: ['users', { a: 1 }],
      dependencyOf: ['no-kind'],
    });
    expect(entity.spec).toMatchObject({
      ...{ dependsOn: ['component:user-service'], consumesApis: ['users'] },
      dependencyOf: [],
    });
    expect(findings.map(one => [one.rule, one.field])).toEqual([
      ['references-not-a-list', 'spec.dependsOn'],
      ['reference-invalid', 'spec.dependencyOf[0]'],
      ['reference-invalid', 'spec.consumesApis[1]'],
    ]);
  });

  it('say that nobody owns what names no owner, which is an error in production', () => {
    const { entity, findings } = settle({ ...good, owner: undefined });
    expect(entity.spec?.owner).toBe('unknown');
    expect(findings).toMatchObject([
      { rule: 'owner-not-said', level: 'error', found: '(nothing)' },
    ]);
    expect(settle({ ...good, owner: 'unknown' }).findings).toHaveLength(1);
    expect(settle({ type: 'x', lifecycle: 'y', owner: ['a'] })).toMatchObject({
      findings: [{ rule: 'owner-not-said', level: 'warning' }],
    });
  });

  it('demand of each kind what the catalog does', () => {
    expect(settle({}, {}, 'Resource').findings).toHaveLength(2);
    expect(settle({}, {}, 'System').findings).toHaveLength(1);
    expect(settle({}, {}, 'User').findings).toEqual([]);
  });
});
