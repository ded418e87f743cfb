import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { component, group, startCatalog } from './__testUtils__/startCatalog';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())(
  'the catalog of the platform on %s',
  databaseId => {
    it('answers what depends on what, and what is wrong', async () => {
      const knex = await databases.init(databaseId);
      const catalog = await startCatalog({
        entities: [
          group('payments-team'),
          component('db-proxy'),
          component('payments', { dependsOn: ['component:db-proxy'] }),
          component(
            'shop',
            { dependsOn: ['component:payments'] },
            { annotations: { 'github.com/project-slug': 'not a slug' } },
          ),
        ],
        features: [mockServices.database.factory({ knex })],
      });
      try {
        const dependents = await catalog.get(
          '/platform/v1/dependents/component/default/db-proxy',
        );
        expect(
          dependents.body.items.map(
            ({ ref, depth }: { ref: string; depth: number }) => [ref, depth],
          ),
        ).toEqual([
          ['component:default/payments', 1],
          ['component:default/shop', 2],
        ]);

        const findings = await catalog.get('/platform/v1/findings');
        expect(findings.body.owners).toEqual([
          expect.objectContaining({
            owner: 'group:default/payments-team',
            entities: [
              expect.objectContaining({ ref: 'component:default/shop' }),
            ],
          }),
        ]);
      } finally {
        await catalog.stop();
      }
    }, 60_000);
  },
);
