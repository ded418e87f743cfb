import { TestDatabases } from '@backstage/backend-test-utils';
import { deploymentOperations } from '@highroad/plugin-deployments-common';
import { eachOnItsDatabase } from '../__testUtils__/eachOnItsDatabase';
import { ANNA, CART, STAGING, world } from '../__testUtils__/world';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });

describe.each(databases.eachSupportedId())('the feed, on %s', databaseId => {
  const { db } = eachOnItsDatabase(databases, databaseId);

  it('goes past what a later version has written, and passes it on as it stands', async () => {
    const { service } = world(db());
    await service.deploy(STAGING, '1.0.0', ANNA, { supersede: false });
    const data = { service: CART, environment: 'staging', score: { of: 9 } };
    const type = 'com.myorg.platform.deployment.scored.1';
    const time = new Date(0).toISOString();
    await db()('outbox').insert([
      { id: 'later-1', type, subject: 'd', time, data: JSON.stringify(data) },
      {
        // Of a type that is known, in a shape that is not.
        ...{ id: 'later-2', subject: 'd', time },
        type: 'com.myorg.platform.deployment.finished.1',
        data: JSON.stringify(data),
      },
    ]);
    await service.deploy(
      ...([{ ...STAGING, environment: 'production' }, '1.0.0'] as const),
      ...([ANNA, { supersede: false }] as const),
    );
    const { items } = deploymentOperations.events.output.parse({
      ...{ items: await service.events(0, 100), next: 4 },
    });
    expect(items.map(({ id, type: told }) => [id, told]).slice(1, 3)).toEqual([
      ['later-1', type],
      ['later-2', 'com.myorg.platform.deployment.finished.1'],
    ]);
    expect(items[1].data).toEqual(data);
    expect(items[0]).toMatchObject({ data: { version: '1.0.0' } });
    expect(items[3]).toMatchObject({ data: { environment: 'production' } });
  });
});
