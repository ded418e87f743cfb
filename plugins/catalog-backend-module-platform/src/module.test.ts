import {
  createMockDirectory,
  mockCredentials,
  mockServices,
} from '@backstage/backend-test-utils';
import {
  findingsAnswerSchema,
  findingsOf,
} from '@highroad/plugin-catalog-platform-common';
import request from 'supertest';
import path from 'node:path';
import { stringify } from 'yaml';
import {
  component,
  eventually,
  group,
  startCatalog,
} from './__testUtils__/startCatalog';

describe('the catalog with the platform module', () => {
  const mock = createMockDirectory();
  let catalog: Awaited<ReturnType<typeof startCatalog>>;

  afterEach(async () => {
    await catalog?.stop();
  });

  it('takes what is right of a file whose fields are amiss, with a finding for each', async () => {
    const amiss = { dependsOn: 'component:good', owner: '' };
    catalog = await startCatalog({
      entities: [
        group('payments-team'),
        component('good'),
        component('bad', amiss, { tags: ['billing', 'Big Money'] }),
      ],
    });
    const bad = await catalog.read('component:default/bad');
    expect(findingsOf(bad).map(({ rule }) => rule)).toEqual([
      ...['tag-invalid', 'references-not-a-list', 'owner-not-said'],
    ]);
    expect(bad?.metadata.tags).toEqual(['billing']);
    expect(bad?.relations).toContainEqual({
      ...{ type: 'dependsOn', targetRef: 'component:default/good' },
    });
  });

  it('keeps findings on a stored entity, marks it, and does not hold back its neighbours', async () => {
    const port: unknown = 8080;
    catalog = await startCatalog({
      entities: [
        group('payments-team'),
        component(
          'good',
          {},
          { annotations: { 'github.com/project-slug': 'acme/good' } },
        ),
        component(
          'bad',
          {},
          {
            annotations: {
              'github.com/project-slug': 'https://github.com/acme/bad.git',
              'pagerduty.com/service-id': ['not', 'text'],
              'platform.myorg.com/port': port,
              'platform.myorg.com/teir': '1',
              'platform.myorg.com/not a name': 'x',
            },
          },
        ),
      ],
    });

    const bad = await catalog.read('component:default/bad');
    const found = findingsOf(bad).map(({ rule, field, fix, file }) => ({
      rule,
      field,
      fix,
      file,
    }));
    const file = 'https://github.com/acme/shop/blob/main/catalog-info.yaml';
    expect(found).toEqual([
      {
        rule: 'annotation-not-text',
        field: 'metadata.annotations.pagerduty.com/service-id',
        fix: expect.any(String),
        file,
      },
      {
        rule: 'unquoted-annotation',
        field: 'metadata.annotations.platform.myorg.com/port',
        fix: 'Put the value in quotes.',
        file,
      },
      {
        rule: 'annotation-name',
        field: 'metadata.annotations.platform.myorg.com/not a name',
        fix: expect.any(String),
        file,
      },
      {
        rule: 'github-project-slug',
        field: 'metadata.annotations.github.com/project-slug',
        fix: 'Write "acme/bad".',
        file,
      },
      {
        rule: 'unknown-annotation',
        field: 'metadata.annotations.platform.myorg.com/teir',
        fix: 'Did you mean platform.myorg.com/tier?',
        file,
      },
    ]);
    expect(bad?.metadata.annotations?.['platform.myorg.com/port']).toBe('8080');

    const marked = await catalog.get(
      '/entities?filter=metadata.annotations.platform.myorg.com/findings=warning',
    );
    expect(
      marked.body.map((e: { metadata: { name: string } }) => e.metadata.name),
    ).toEqual(['bad']);

    const good = await catalog.read('component:default/good');
    expect(findingsOf(good)).toEqual([]);
    expect(good?.metadata.links).toEqual([
      {
        url: 'https://github.com/acme/good',
        title: 'Repository',
        icon: 'code',
        type: 'repository',
      },
      {
        url: 'https://github.com/acme/good/actions',
        title: 'CI runs',
        icon: 'ci',
        type: 'ci',
      },
    ]);
  });

  it('answers its own routes and leaves every other path to the catalog', async () => {
    catalog = await startCatalog({
      entities: [
        group('payments-team'),
        component('a'),
        component('b', { dependsOn: ['component:a'] }),
      ],
    });

    const dependents = await catalog.get(
      '/platform/v1/dependents/component/default/a',
    );
    expect(dependents.status).toBe(200);
    expect(dependents.body.items).toMatchObject([
      {
        ref: 'component:default/b',
        depth: 1,
        owner: 'group:default/payments-team',
      },
    ]);

    const upperCase = await catalog.get(
      '/platform/v1/dependents/Component/default/A?direction=dependencies',
    );
    expect(upperCase.body.root.ref).toBe('component:default/a');

    const inShort = await catalog.get('/platform/v1/dependents?ref=a');
    expect(inShort.body).toMatchObject({
      summary: '1 thing breaks if a breaks.',
      items: [{ path: ['component:default/a', 'component:default/b'] }],
    });

    expect(
      (await catalog.get('/entities/by-name/component/default/a')).status,
    ).toBe(200);
    expect((await catalog.get('/platform/v1/nothing')).status).toBe(404);
    expect(
      (await catalog.get('/platform/v1/dependents/component/default/missing'))
        .status,
    ).toBe(404);
  });

  it('refuses requests without credentials, and input that it cannot use', async () => {
    catalog = await startCatalog({ entities: [group('payments-team')] });
    const route = '/platform/v1/dependents/group/default/payments-team';

    expect(
      (await catalog.get(route, mockCredentials.none.header())).status,
    ).toBe(401);
    expect(
      (
        await request(catalog.server)
          .get('/api/catalog/platform/v1/findings')
          .set('Authorization', mockCredentials.user.invalidHeader())
      ).status,
    ).toBe(401);
    expect((await catalog.get(route)).status).toBe(200);

    for (const query of [
      'depth=0',
      'depth=11',
      'depth=many',
      'direction=sideways',
      'lifecycle=',
    ]) {
      const refused = await catalog.get(`${route}?${query}`);
      expect([query, refused.status]).toEqual([query, 400]);
      expect(refused.body.error.message).toContain(query.split('=')[0]);
    }
  });

  it('says of what a broken file held that it can no longer be read', async () => {
    const file = mock.resolve('catalog-info.yaml');
    const good = stringify({
      apiVersion: 'backstage.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'cart' },
      spec: { type: 'service', lifecycle: 'experimental', owner: 'shop-team' },
    });
    mock.setContent({ 'catalog-info.yaml': good });
    catalog = await startCatalog({
      features: [
        mockServices.rootConfig.factory({
          data: {
            catalog: {
              locations: [{ type: 'file', target: file }],
            },
          },
        }),
      ],
      expectedRefs: ['component:default/cart'],
    });
    const found = async () => {
      const answer = await catalog.get('/platform/v1/findings').expect(200);
      const { owners } = findingsAnswerSchema.parse(answer.body);
      return owners.flatMap(({ owner, entities }) =>
        entities.flatMap(({ kind, title, findings }) =>
          findings
            .filter(({ rule }) => rule === 'file-unreadable')
            .map(one => ({ owner, kind, title, ...one })),
        ),
      );
    };
    expect(await found()).toEqual([]);

    mock.addContent({ 'catalog-info.yaml': `${good}  - what: is this\n` });
    await request(catalog.server)
      .post('/api/catalog/refresh')
      .set('Authorization', catalog.asService)
      .send({ entityRef: 'component:default/cart' })
      .expect(200);
    await eventually(
      async () => ((await found()).length === 1 ? true : undefined),
      () => 'the file that was broken',
    );
    expect(await found()).toMatchObject([
      {
        owner: 'group:default/shop-team',
        ...{ kind: 'Component', title: 'cart', level: 'error', file },
        found: expect.stringMatching(/YAML/),
      },
    ]);
    const one = await catalog.get(
      '/platform/v1/findings/component/default/cart',
    );
    expect(one.body.entity.findings).toMatchObject([
      { rule: 'file-unreadable' },
    ]);
  });

  it('finds faults in the example organisation only where it has them on purpose', async () => {
    const examples = path.resolve(
      __dirname,
      '../../../examples/organization.yaml',
    );
    catalog = await startCatalog({
      features: [
        mockServices.rootConfig.factory({
          data: {
            catalog: {
              locations: [
                {
                  type: 'file',
                  target: examples,
                  rules: [
                    {
                      allow: [
                        'Location',
                        'Component',
                        'API',
                        'Resource',
                        'System',
                        'Domain',
                        'Group',
                        'User',
                      ],
                    },
                  ],
                },
              ],
            },
          },
        }),
      ],
      expectedRefs: [
        'component:default/payment-service',
        'component:default/shipping-service',
        'component:default/warehouse-sync',
        'component:default/schema-registry',
        'resource:default/event-bus',
        'user:development/guest',
        'api:default/orders-api',
        'api:default/users-api',
        'group:default/platform-team',
      ],
    });

    // References to files that are still being read look missing until then.
    const answer = await eventually(
      async () => {
        const { body } = await catalog.get('/platform/v1/findings');
        const parsed = findingsAnswerSchema.parse(body);
        return parsed.total === 2 ? parsed : undefined;
      },
      () => 'exactly two things to have findings',
    );
    expect(
      answer.owners.map(({ owner, ownerExists, entities }) => ({
        owner,
        ownerExists,
        found: entities.flatMap(entity =>
          entity.findings.map(({ rule }) => `${entity.ref} ${rule}`),
        ),
      })),
    ).toEqual([
      {
        owner: 'group:default/warehouse-team',
        ownerExists: false,
        found: [
          'component:default/warehouse-sync owner-missing',
          'component:default/warehouse-sync reference-missing',
        ],
      },
      {
        owner: 'group:default/fulfilment-team',
        ownerExists: true,
        found: [
          'component:default/shipping-service unquoted-annotation',
          'component:default/shipping-service github-project-slug',
          'component:default/shipping-service pagerduty-service-id',
          'component:default/shipping-service datadog-dashboard-url',
          'component:default/shipping-service unknown-annotation',
        ],
      },
    ]);

    const payment = await catalog.read('component:default/payment-service');
    expect(payment?.metadata.links?.map(link => link.type)).toEqual([
      'dashboard',
      'on-call',
      'runbook',
      'repository',
      'ci',
    ]);
    const broken = await catalog.get(
      '/platform/v1/dependents/component/default/user-service?lifecycle=production',
    );
    expect(
      broken.body.items.map((item: { ref: string }) => item.ref),
    ).toContain('component:default/storefront-web');
  });
});
