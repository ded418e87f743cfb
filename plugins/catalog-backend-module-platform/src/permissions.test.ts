import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  catalogConditions,
  createCatalogConditionalDecision,
} from '@backstage/plugin-catalog-backend/alpha';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  PolicyDecision,
} from '@backstage/plugin-permission-common';
import { component, group, startCatalog } from './__testUtils__/startCatalog';

/** People do not see what is labelled as secret; the backend itself sees everything. */
function policy() {
  const auth = mockServices.auth();
  const allow: PolicyDecision = { result: AuthorizeResult.ALLOW };
  const unlessSecret = createCatalogConditionalDecision(
    catalogEntityReadPermission,
    { not: catalogConditions.hasLabel({ label: 'secret' }) },
  );
  return mockServices.permissions.mock({
    authorizeConditional: async (requests, options) => {
      const byService =
        options &&
        'credentials' in options &&
        auth.isPrincipal(options.credentials, 'service');
      return requests.map(() => (byService ? allow : unlessSecret));
    },
  });
}

describe('what people may not see', () => {
  let catalog: Awaited<ReturnType<typeof startCatalog>>;

  beforeAll(async () => {
    const secret = { labels: { secret: 'yes' } };
    catalog = await startCatalog({
      features: [policy().factory],
      entities: [
        group('payments-team'),
        {
          ...group('hidden-team'),
          metadata: { name: 'hidden-team', ...secret },
        },
        component('base'),
        component('open', {
          dependsOn: ['component:base'],
          owner: 'hidden-team',
        }),
        component(
          'merger',
          { dependsOn: ['component:base', 'component:gone'] },
          secret,
        ),
        component('beyond', { dependsOn: ['component:merger'] }),
        component(
          'takeover',
          { owner: 'nobody' },
          {
            ...secret,
            annotations: { 'platform.myorg.com/tier': 'x' },
          },
        ),
        component(
          'orphan',
          { owner: 'nobody' },
          { annotations: { 'platform.myorg.com/tier': 'x' } },
        ),
      ],
    });
  });

  afterAll(async () => {
    await catalog?.stop();
  });

  const base = '/platform/v1/dependents/component/default/base';

  it('is neither among the dependents nor on a path, while the backend itself sees it', async () => {
    const all = await catalog.get(base, catalog.asService);
    expect(all.body.items.map((item: { ref: string }) => item.ref)).toEqual([
      'component:default/merger',
      'component:default/open',
      'component:default/beyond',
    ]);

    const seen = await catalog.get(base);
    expect(seen.body.items.map((item: { ref: string }) => item.ref)).toEqual([
      'component:default/open',
    ]);
    expect(JSON.stringify(seen.body)).not.toMatch(/merger|beyond/);
  });

  it('answers as if it did not exist when asked about', async () => {
    const hidden = await catalog.get(
      '/platform/v1/dependents/component/default/merger',
    );
    const missing = await catalog.get(
      '/platform/v1/dependents/component/default/mergex',
    );
    expect(hidden.status).toBe(404);
    expect(hidden.body.error.message.replace('merger', 'mergex')).toBe(
      missing.body.error.message,
    );
  });

  it('is called "not in the catalog, or not visible" where a visible file names it', async () => {
    const { body } = await catalog.get(
      '/platform/v1/dependents/component/default/beyond?direction=dependencies',
    );
    expect(body.items).toEqual([]);
    expect(body.unresolved).toEqual([
      {
        ref: 'component:default/merger',
        from: 'component:default/beyond',
        field: 'spec.dependsOn',
      },
    ]);
  });

  it('has no findings that people can read, and is not reported as missing', async () => {
    const all = await catalog.get('/platform/v1/findings', catalog.asService);
    expect(JSON.stringify(all.body)).toContain('component:default/takeover');
    expect(JSON.stringify(all.body)).toContain('component:default/gone');

    const { body } = await catalog.get(
      '/platform/v1/findings',
      mockCredentials.user.header(),
    );
    expect(JSON.stringify(body)).not.toMatch(
      /takeover|merger|hidden-team|gone/,
    );
    expect(body.owners).toMatchObject([
      {
        owner: 'group:default/nobody',
        ownerExists: false,
        entities: [{ ref: 'component:default/orphan' }],
      },
    ]);
    expect(
      (await catalog.get('/platform/v1/findings/component/default/takeover'))
        .status,
    ).toBe(404);

    const open = await catalog.get(
      '/platform/v1/findings/component/default/open',
    );
    expect(open.body.entity.findings).toEqual([]);
  });
});
