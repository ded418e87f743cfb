import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import {
  committed,
  deployed,
  ledgerOn,
  migrate,
  sha,
} from '../__testUtils__/ledger';
import { SourceStore } from './SourceStore';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const on = (day: number, hour = 12) => new Date(Date.UTC(2026, 5, day, hour));

describe.each(databases.eachSupportedId())('sources, on %s', databaseId => {
  let db: Knex;
  beforeEach(async () => {
    db = await databases.init(databaseId);
    await migrate(db);
  });
  afterEach(() => db.destroy());

  /** Tells of a deployment on each of some days of June. */
  const heard = async (source: string, days: number[]) => {
    for (const day of days) {
      const { intake } = ledgerOn(db, { now: () => on(day) });
      await intake.take(
        [
          {
            ...deployed(`${source} ${day}`, on(day).toISOString()),
            source,
          },
        ],
        { source },
      );
    }
  };
  const states = async (now: Date, options = {}) => {
    const store = new SourceStore(db, options);
    return (await store.sources(now)).map(one => [
      one.source,
      one.state,
      one.silentSince?.slice(0, 10),
    ]);
  };

  it('are silent where nothing is heard for twice as long as usual, and well before', async () => {
    // Working days, with a weekend between them.
    await heard('/ci', [1, 2, 3, 4, 5, 8, 9, 10]);
    await heard('/weekly', [1, 8, 15, 22]);
    await heard('/git', [2]);
    expect(await states(on(13, 11))).toEqual([
      ['/ci', 'heard', undefined],
      ['/git', 'heard', undefined],
      ['/weekly', 'heard', undefined],
    ]);
    expect(await states(on(30))).toEqual([
      ['/ci', 'silent', '2026-06-10'],
      // Nobody can say of one day how often it is heard.
      ['/git', 'heard', undefined],
      ['/weekly', 'heard', undefined],
    ]);
    // What somebody has to look at stands first.
    expect(await states(on(37))).toEqual([
      ['/ci', 'silent', '2026-06-10'],
      ['/weekly', 'silent', '2026-06-22'],
      ['/git', 'heard', undefined],
    ]);
  });

  it('are silent sooner or later where that is configured', async () => {
    await heard('/ci/cart', [10]);
    await heard('/ci', [1, 2, 3, 4]);
    const options = { expected: [{ source: '/ci/', everyHours: 36 }] };
    expect(await states(on(11, 23), options)).toEqual([
      ['/ci', 'silent', '2026-06-04'],
      ['/ci/cart', 'heard', undefined],
    ]);
    expect((await states(on(12, 1), options))[1]).toEqual([
      ...['/ci/cart', 'silent', '2026-06-10'],
    ]);
  });

  it('lack something where it is not known what was deployed, all of it or a part', async () => {
    const { intake, compute } = ledgerOn(db, { now: () => on(20) });
    const at = (day: number) => on(day).toISOString();
    await intake.take(
      [
        ...[committed('a', at(1)), deployed('d1', at(2), { commit: sha('a') })],
        // What is between them is told by nobody.
        ...[committed('c', at(3), ['b'])],
        ...[4, 5].map(day =>
          deployed(`d${day}`, at(day), { commit: sha('c') }),
        ),
        deployed('d6', at(6)),
        deployed('d7', at(7), { commit: sha('x') }),
      ],
      { source: '/ci' },
    );
    await compute();
    const gaps = await new SourceStore(db).gaps(on(20));
    expect(gaps.map(one => [one.n, one.problem.slice(0, 32)]).sort()).toEqual([
      [1, 'Deployments that say no commit, '],
      [1, 'Deployments whose commit is not '],
      [1, 'Deployments whose history ends a'],
    ]);
    await intake.take([committed('b', at(2), ['a'])], { source: '/ci' });
    await compute();
    expect(await new SourceStore(db).gaps(on(20))).toHaveLength(2);
  });

  it('are listed before anything was heard of what is connected', async () => {
    const options = { pagerDuty: true };
    expect(await states(on(1), options)).toEqual([
      ['/pagerduty', 'waiting', undefined],
    ]);
    await heard('/pagerduty', [2]);
    expect(await states(on(3), options)).toEqual([
      ['/pagerduty', 'heard', undefined],
    ]);
    await heard('/pagerduty', [3, 4, 5]);
    // That nothing goes wrong is no silence of who tells of incidents.
    expect(await states(on(28), options)).toEqual([
      ['/pagerduty', 'heard', undefined],
    ]);
  });

  it('have gone silent where this platform’s own feed or repositories are not read any more', async () => {
    await db('feeds').insert({
      ...{ name: 'deployments', last_read_at: on(1).toISOString() },
    });
    await db('git_repositories').insert({
      ...{ repository: 'https://git.test/shop/cart', host: 'git.test' },
      due_at: on(1).toISOString(),
    });
    expect(await states(on(1))).toEqual([
      ['/plugins/deployments', 'heard', undefined],
    ]);
    expect(await states(on(1, 13))).toEqual([
      ['/plugins/deployments', 'silent', '2026-06-01'],
      ['/plugins/metrics/git-hosts/git.test', 'silent', '2026-06-01'],
    ]);
  });
});
