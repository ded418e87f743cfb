import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { GitHosts } from '@highroad/plugin-platform-node/git-hosts';
import { Knex } from 'knex';
import { ledgerOn } from '../../__testUtils__/ledger';
import { GitHostReader } from '../GitHostReader';
import { RepositoryStore } from '../RepositoryStore';
import { ServiceRepositories } from '../ServiceRepositories';

/** A reader as after a start of the portal: it knows nothing but what is in the database. */
export function readerOn(
  db: Knex,
  options: {
    integrations: Record<string, Array<Record<string, string>>>;
    /** Name of each service, and the address that its file was read from */
    services: Record<string, string>;
    now: () => Date;
    backfillDays?: number;
    tickets?: { label: string; repositories: string[] };
  },
) {
  const { integrations, services, now, backfillDays = 365, tickets } = options;
  const config = mockServices.rootConfig({ data: { integrations } });
  const { intake, ledger, compute, quarantine } = ledgerOn(db, { now });
  const reader = new GitHostReader({
    ...{ intake, ledger, now, backfillDays, tickets },
    store: new RepositoryStore(db),
    repositories: new ServiceRepositories({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({
        entities: Object.entries(services).map(([name, file]) => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            ...{ name, namespace: 'default' },
            annotations: { 'backstage.io/managed-by-location': `url:${file}` },
          },
        })),
      }),
      hosts: GitHosts.fromConfig(config),
      repositories: EntityRepositories.fromConfig(config),
    }),
  });
  return { reader, compute, intake, quarantine };
}

/** What the ledger has of a type, oldest first. */
export async function told(
  db: Knex,
  type: string,
): Promise<Array<Record<string, unknown>>> {
  const rows: string[] = await db('ledger')
    .where({ type })
    .orderBy(['time', 'seq'])
    .pluck('data');
  return rows.map(data => JSON.parse(data));
}
