import { TestDatabases } from '@backstage/backend-test-utils';
import { migrate } from '../__testUtils__/world';
import { CheckedReferenceStore } from './CheckedReferenceStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const cart = { service: 'component:default/cart', environment: 'staging' };
const reference = (key: string) => ({
  ...{ object: 'Deployment cart', secret: 'cart', key, optional: false },
});

it.each(databases.eachSupportedId())(
  'keeps the last look at each service in each environment, of a dry run and of a deployment, on %s',
  async databaseId => {
    const db = await databases.init(databaseId);
    await migrate(db);
    const store = new CheckedReferenceStore(db);
    const look = (version: string, key: string) => ({
      ...{ ...cart, version, at: '2026-11-30T06:00:00.000Z' },
      references: [reference(key)],
    });
    await store.keep(look('1.0', 'OLD'));
    await store.keep({ ...look('1.0', 'OLD'), environment: 'production' });
    await store.keep({ ...look('1.0', 'OLD'), service: 'component:default/x' });
    await store.keep(look('1.1', 'NEW'));
    await store.keep({ ...look('1.1', 'NEW'), deployment: 'd1' });
    await store.keep({ ...look('1.2', 'LAST'), deployment: 'd2' });
    expect(await store.of(cart.service)).toEqual([
      { ...look('1.0', 'OLD'), environment: 'production' },
      { ...look('1.2', 'LAST'), deployment: 'd2' },
      look('1.1', 'NEW'),
    ]);

    // Of all services, a page at a time; none of these deployments has manifests.
    const first = await store.page({ after: '', limit: 1 });
    expect(first.services).toEqual([cart.service]);
    expect(first.looks).toEqual(
      (await store.of(cart.service)).map(one => ({ ...one, deployed: false })),
    );
    const [service] = first.services;
    const rest = await store.page({ after: service, limit: 5 });
    expect(rest.services).toEqual(['component:default/x']);
    expect(rest.looks).toHaveLength(1);
    expect(await store.page({ after: 'z', limit: 5 })).toEqual({
      ...{ services: [], looks: [] },
    });
  },
);
