import { TestDatabases } from '@backstage/backend-test-utils';
import { Deployment } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { ANNA, migrate } from '../__testUtils__/world';
import { placesQuery } from './places';
import { ReadStore } from './ReadStore';
import { RequestStore } from './RequestStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const SERVICES = ['component:default/cart', 'component:shop/cart', 'stock'];
const ENVIRONMENTS = ['production', 'staging', 'testing'];
/** What was deployed to a place, one after the other: good, failed, or good with nothing to do. */
const HISTORIES = ['', 'g', 'f', 'gf', 'gfg', 'gu', 'ggfu', 'fff', 'gffff'];

/** Every place with another history, in an order that mixes them. */
async function fill(db: Knex): Promise<void> {
  const requests = new RequestStore(db, { newId: () => uuidv7() });
  const places = SERVICES.flatMap(service =>
    ENVIRONMENTS.map(environment => ({ service, environment })),
  );
  for (let turn = 0; turn < 6; turn++) {
    for (const [at, place] of places.entries()) {
      const what = HISTORIES[at][turn];
      if (!what) continue;
      const { id } = await requests.request(
        {
          ...{ ...place, ...ANNA, kind: 'deploy' },
          ...{ version: `${turn}`, image: 'cart' },
        },
        {
          now: new Date(Date.UTC(2026, 0, 1, turn, at)).toISOString(),
          supersede: false,
        },
      );
      await db('deployments')
        .where({ id })
        .update({
          state: what === 'f' ? 'failed' : 'succeeded',
          unchanged: what === 'u',
          slot: null,
        });
    }
  }
}

/** `cart staging 3 succeeded`, in an order of their own. */
const told = (all: Deployment[]) =>
  all
    .map(({ service, environment, version, state }) =>
      [service, environment, version, state].join(' '),
    )
    .sort();

describe.each(databases.eachSupportedId())(
  'the last of each place, on %s',
  databaseId => {
    let db: Knex;
    let reader: ReadStore;
    beforeAll(async () => {
      db = await databases.init(databaseId);
      await migrate(db);
      await fill(db);
      reader = new ReadStore(db);
    });
    afterAll(() => db.destroy());

    it('are the last good one, and the last where that is another', async () => {
      const all = [];
      for (const service of SERVICES) {
        for (const environment of ENVIRONMENTS) {
          const place = { service, environment };
          const good = await reader.lastGood(place);
          const [newest] = await reader.list({
            ...{ services: [service], environment, limit: 1 },
          });
          all.push(
            ...new Map(
              [good, newest].flatMap(one => (one ? [[one.id, one]] : [])),
            ).values(),
          );
        }
      }
      expect(all).toHaveLength(12);
      expect(told(await reader.status({}))).toEqual(told(all));
      for (const services of [SERVICES, SERVICES.slice(0, 1), []]) {
        const some = all.filter(one => services.includes(one.service));
        expect(told(await reader.status({ services }))).toEqual(told(some));
        // Of more than can be named, all are looked for.
        const many = Array.from({ length: 600 }, (_, at) => `other-${at}`);
        expect(
          told(await reader.status({ services: [...services, ...many] })),
        ).toEqual(told(some));
      }
      const environment = 'staging';
      const there = all.filter(one => one.environment === environment);
      expect(told(await reader.status({ environment }))).toEqual(told(there));
      expect(
        told(await reader.status({ environment, services: SERVICES })),
      ).toEqual(told(there));
      expect((await reader.services()).sort()).toEqual([...SERVICES].sort());
    });

    it('are found without going through the history', async () => {
      if (databaseId !== 'SQLITE_3') return;
      const plan: Array<{ detail: string }> = await db.raw(
        `explain query plan ${placesQuery(db).toQuery()}`,
      );
      const steps = plan.map(({ detail }) => detail);
      expect(steps.filter(step => /deployments_place/.test(step))).not.toEqual(
        [],
      );
      expect(
        steps.filter(step => /^SCAN (d|deployments)\b/.test(step)),
      ).toEqual([]);
    });

    it('are none where nothing was ever deployed', async () => {
      await db('deployments').del();
      expect(await reader.status({})).toEqual([]);
      expect(await reader.services()).toEqual([]);
    });
  },
);
