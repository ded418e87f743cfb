import { TestDatabases, mockServices } from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { Knex } from 'knex';
import { ledgerOn, migrate } from '../__testUtils__/ledger';
import { OwnershipWatcher } from './OwnershipWatcher';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const MINUTE = 60_000;

function services(count: number, template?: string): Entity[] {
  return Array.from({ length: count }, (_, at) => ({
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      ...{ name: `${template ? 'made' : 'found'}-${at}`, namespace: 'default' },
      annotations: template
        ? { 'backstage.io/source-template': template }
        : undefined,
    },
    spec: { type: 'service' },
  }));
}

describe('which services are said to be created', () => {
  let db: Knex;
  let minute = 0;
  beforeEach(async () => {
    db = await databases.init('SQLITE_3');
    await migrate(db);
    minute = 0;
  });
  afterEach(() => db.destroy());

  const look = async (entities: Entity[]) => {
    minute += 1;
    await new OwnershipWatcher({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({ entities }),
      ...{ db, intake: ledgerOn(db).intake },
      now: () => new Date(Date.parse('2026-06-30T12:00:00Z') + minute * MINUTE),
    }).look();
    return db('ledger')
      .where({ type: 'com.myorg.platform.service.created.1' })
      .orderBy('service')
      .pluck('service');
  };

  it('are none while a catalog reads its files', async () => {
    expect(await look([])).toEqual([]);
    expect(await look(services(3))).toEqual([]);
    expect(await look(services(7))).toEqual([]);
    expect(await look(services(300))).toEqual([]);
  });

  it('are none that come many at once, however late, a template made them or not', async () => {
    await look(services(3));
    minute = 100;
    const many = [...services(9), ...services(9, 'template:default/service')];
    expect(await look(many)).toEqual([]);
  });

  it('are those that come one by one, and at once those that a template made', async () => {
    await look(services(3));
    const made = services(1, 'template:default/service');
    expect(await look([...services(3), ...made])).toEqual([
      'component:default/made-0',
    ]);
    minute = 100;
    expect(await look([...services(4), ...made])).toEqual([
      'component:default/found-3',
      'component:default/made-0',
    ]);
    expect(await look([...services(4), ...made])).toHaveLength(2);
  });
});
