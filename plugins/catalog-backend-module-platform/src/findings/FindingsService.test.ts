import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { toStatusItem } from '@highroad/plugin-catalog-platform-common';
import { component, group } from '../__testUtils__/startCatalog';
import { CatalogCheck } from './CatalogCheck';
import { FindingsService } from './FindingsService';

const credentials = mockCredentials.user();

function marked(entity: Entity): Entity {
  const finding = {
    rule: 'tier',
    level: 'warning' as const,
    file: 'catalog-info.yaml',
    field: 'metadata.annotations.platform.myorg.com/tier',
    found: 'x',
    message: 'A tier is 1, 2 or 3.',
    fix: 'Write "1".',
  };
  const stored = {
    ...entity,
    metadata: {
      ...entity.metadata,
      annotations: { 'platform.myorg.com/findings': 'warning' },
    },
    status: {
      items: [
        toStatusItem(finding),
        { type: 'other', level: 'info', message: '' },
      ],
    },
  };
  return stored;
}

function service(entities: Entity[], now = () => new Date(0)) {
  const catalog = catalogServiceMock({ entities });
  const check = new CatalogCheck({
    catalog,
    auth: mockServices.auth(),
    now,
  });
  return { catalog, findings: new FindingsService({ catalog, check }) };
}

describe('FindingsService', () => {
  it('lists what was found in files and what is missing in the catalog, by owner', async () => {
    const { findings } = service([
      group('payments-team'),
      component('fine'),
      marked(component('wrong', { dependsOn: ['component:nothing'] })),
      component('lost', { owner: 'nobody' }),
    ]);
    const answer = await findings.list([], credentials);
    expect(
      answer.owners.map(({ owner, ownerExists, entities }) => [
        owner,
        ownerExists,
        ...entities.flatMap(e =>
          e.findings.map(f => `${e.ref} ${f.level} ${f.rule} ${f.found}`),
        ),
      ]),
    ).toEqual([
      [
        'group:default/nobody',
        false,
        'component:default/lost error owner-missing group:default/nobody',
      ],
      [
        'group:default/payments-team',
        true,
        'component:default/wrong warning tier x',
        'component:default/wrong warning reference-missing component:default/nothing',
      ],
    ]);
    expect(answer).toMatchObject({
      total: 2,
      truncated: false,
      checkedAt: '1970-01-01T00:00:00.000Z',
    });
  });

  it('asks for an existing owner only of what is in production', async () => {
    const { findings } = service([
      component('trial', { owner: 'nobody', lifecycle: 'experimental' }),
      component('live', { owner: 'nobody', lifecycle: 'Production' }),
    ]);
    const answer = await findings.list([], credentials);
    expect(
      answer.owners.flatMap(({ entities }) => entities.map(({ ref }) => ref)),
    ).toEqual(['component:default/live']);
  });

  it('lists only what the owners asked for own', async () => {
    const { findings } = service([
      group('payments-team'),
      group('other-team'),
      component('theirs', {
        owner: 'other-team',
        dependsOn: ['component:nothing'],
      }),
      component('ours', { dependsOn: ['component:nothing'] }),
    ]);
    const answer = await findings.list(
      ['group:default/other-team'],
      credentials,
    );
    expect(answer.owners.map(({ owner }) => owner)).toEqual([
      'group:default/other-team',
    ]);
    expect(answer.total).toBe(1);
  });

  it('puts errors before warnings within an owner', async () => {
    const { findings } = service([
      marked(
        component('a-warning', { owner: 'nobody', lifecycle: 'experimental' }),
      ),
      component('z-error', { owner: 'nobody' }),
    ]);
    const answer = await findings.list([], credentials);
    expect(answer.owners[0].entities.map(({ ref }) => ref)).toEqual([
      'component:default/z-error',
      'component:default/a-warning',
    ]);
  });

  it('compares references once for requests that arrive together, and again after a while', async () => {
    let now = 0;
    const { catalog, findings } = service(
      [component('lost', { owner: 'nobody' })],
      () => new Date(now),
    );
    const spy = jest.spyOn(catalog, 'queryEntities');
    const scans = () =>
      spy.mock.calls.filter(
        ([request]) =>
          request &&
          'filter' in request &&
          JSON.stringify(request.filter).includes('resource'),
      ).length;
    await Promise.all([
      findings.list([], credentials),
      findings.list([], credentials),
    ]);
    await findings.list([], credentials);
    expect(scans()).toBe(1);
    now += 2_001;
    await findings.list([], credentials);
    expect(scans()).toBe(2);
  });

  it('looks up the references of one thing at the time it is asked', async () => {
    const { findings } = service([
      component('wrong', { consumesApis: ['orders'] }),
    ]);
    const { findings: found } = await findings.ofEntity(
      'component:default/wrong',
      credentials,
    );
    expect(
      found.map(({ rule, field, found: text }) => [rule, field, text]),
    ).toEqual([
      ['owner-missing', 'spec.owner', 'group:default/payments-team'],
      ['reference-missing', 'spec.consumesApis', 'api:default/orders'],
    ]);
    await expect(
      findings.ofEntity('component:default/none', credentials),
    ).rejects.toThrow('There is no component:default/none');
  });
});
