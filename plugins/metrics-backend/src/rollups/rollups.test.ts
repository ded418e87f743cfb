import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import {
  allFacts,
  CART,
  committed,
  deployed,
  event,
  incident,
  ledgerOn,
  migrate,
  owned,
  sha,
  STOCK,
} from '../__testUtils__/ledger';
import { DirtyDays } from '../database/DirtyDays';
import { By, NumberStore } from '../queries/NumberStore';
import { Filter } from '../queries/Scopes';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const SPRING = { from: '2026-03-01', to: '2026-05-31' };
const PRODUCTION = { environments: ['production'] };
const A = 'group:default/a';
const B = 'group:default/b';
const SALES = 'system:default/sales';
const OWNED = 'com.myorg.platform.service.owned.1';
const at = (day: number, hour: number) =>
  new Date(Date.UTC(2026, 3, day, hour)).toISOString();

/** Two services, of which one changes hands; each deployment brings a commit, every third fails. */
const history = [CART, STOCK].flatMap((service, which) => [
  owned(A, at(1, 0), service),
  ...(which === 1
    ? [event(OWNED, at(10, 0), { service, owner: B, system: SALES })]
    : []),
  ...Array.from({ length: 20 }, (_, day) => [
    committed(
      `${which}c${day}`,
      at(day, (day * 7) % 23),
      [`${which}c${day - 1}`].filter(() => day > 0),
      { service },
    ),
    deployed(`${which}d${day}`, at(day + 1, which), {
      ...{ service, commit: sha(`${which}c${day}`), version: `${day}` },
      outcome: day % 3 === 2 ? 'failed' : 'succeeded',
    }),
  ]).flat(),
  incident(`${which}i`, 'detected', at(5, 12), { service }),
  incident(`${which}i`, 'resolved', at(6, 12), { service }),
]);

describe.each(databases.eachSupportedId())('rollups, on %s', databaseId => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterEach(() => db.destroy());

  const given = async () => {
    const ledger = ledgerOn(db);
    await ledger.intake.take(history, { source: '/test' });
    await ledger.compute();
    return ledger;
  };

  it.each<[string, Partial<Filter>, By | undefined]>([
    ['of all', {}, undefined],
    ['of all, by owner', {}, 'owner'],
    ['of two owners', { owners: [A, B] }, undefined],
    ['of one owner', { owners: [B] }, undefined],
    ['of one owner, by service', { owners: [A] }, 'service'],
    ['of a system', { system: SALES }, undefined],
    ['of all, by system', {}, 'system'],
    ['of a system, by owner', { system: SALES }, 'owner'],
    ['of a service', { service: STOCK }, undefined],
  ])('say what the facts %s say', async (_, part, by) => {
    await given();
    const days = await new NumberStore(db).days(
      { ...PRODUCTION, ...part },
      SPRING,
      { by },
    );
    const found = Object.fromEntries(
      [...days].map(([ref, of]) => [
        ref,
        {
          delivered: of.reduce((sum, one) => sum + one.delivered, 0),
          failed: of.reduce((sum, one) => sum + one.failed, 0),
          open: of.reduce((sum, one) => sum + one.open, 0),
          leads: of.flatMap(one => one.leads).sort((a, b) => a - b),
          recoveries: of.flatMap(one => one.recoveries).sort((a, b) => a - b),
          restores: of.flatMap(one => one.restores),
        },
      ]),
    );
    expect(found).toEqual(await fromFacts(part, by));
    expect(JSON.stringify(found)).toMatch(/"leads":\[\d+,/);
  });

  /** The same, from what each deployment, change and incident says. */
  async function fromFacts(
    { owners, system, service }: Partial<Filter>,
    by?: By,
  ) {
    const rows = async (table: string) => {
      const query = db(table).where({ environment: 'production' });
      if (owners) query.whereIn('owner', owners);
      if (system) query.where({ system });
      if (service) query.where({ service });
      const all: Array<Record<string, unknown>> = await query;
      return all;
    };
    const [deployments, changes, incidents] = await Promise.all(
      ['deployment_facts', 'change_facts', 'incident_facts'].map(rows),
    );
    const refs = new Set(deployments.map(one => (by ? String(one[by]) : '')));
    return Object.fromEntries(
      [...refs].map(ref => {
        const within = (all: Array<Record<string, unknown>>) =>
          all.filter(one => !by || one[by] === ref);
        const seconds = (all: Array<Record<string, unknown>>, name: string) =>
          within(all)
            .flatMap(one => (one[name] === null ? [] : [Number(one[name])]))
            .sort((a, b) => a - b);
        const failed = within(deployments).filter(one => one.failure);
        return [
          ref,
          {
            delivered: within(deployments).filter(one => one.delivered).length,
            failed: failed.length,
            open: failed.filter(one => one.recovery_seconds === null).length,
            leads: seconds(
              changes.filter(one => !one.excluded),
              'seconds',
            ),
            recoveries: seconds(failed, 'recovery_seconds'),
            restores: seconds(incidents, 'restore_seconds'),
          },
        ];
      }),
    );
  }

  it('are read again where they changed, by who read them before', async () => {
    const { intake, compute } = await given();
    const store = new NumberStore(db);
    const delivered = async (reader: NumberStore, by?: By) => {
      const days = await reader.days(PRODUCTION, SPRING, { by });
      return [...days].map(([ref, of]) => [
        ref,
        of.reduce((sum, one) => sum + one.delivered, 0),
      ]);
    };
    const all = async (reader: NumberStore) => [
      await delivered(reader),
      await delivered(reader, 'owner'),
      await delivered(reader, 'service'),
    ];
    const before = await all(store);
    await intake.take(
      [
        deployed('late', at(4, 5), { service: CART }),
        // Changes nothing of all, but whose it is.
        owned(B, at(3, 0), CART),
      ],
      { source: '/test' },
    );
    await compute();
    const after = await all(store);
    expect(after).not.toEqual(before);
    expect(after).toEqual(await all(new NumberStore(db)));
  });

  it('are mended where somebody changed them, when all is computed anew', async () => {
    const { work, compute } = await given();
    const right = await allFacts(db);
    await db('rollups').where({ ref: A }).update({ delivered: 99, leads: '' });
    await db('rollups').insert({
      ...{ dimension: 'owner', ref: 'group:default/nobody', day: '2026-04-03' },
      ...{ environment: 'production', example: false, delivered: 1 },
      ...{ completed: 1, failed: 0, successful: 1, rework: 0, platform: 0 },
    });
    expect(await allFacts(db)).not.toEqual(right);
    await work.recompute('2026-06-30T12:00:00.000Z');
    await compute();
    expect(await allFacts(db)).toEqual(right);
  });

  it('of today come before those of long ago', async () => {
    const days = new DirtyDays(db);
    await days.mark(
      ['2024-01-01', '2026-04-03', '2025-01-01'].map(day => ({
        ...{ day, environment: 'production' },
      })),
    );
    const [first] = await days.next(1);
    expect(first.day).toBe('2026-04-03');
  });
});
