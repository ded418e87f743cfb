import { mockServices, TestDatabases } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CART, deployed, ledgerOn, migrate } from '../__testUtils__/ledger';
import { CommitReader } from './CommitReader';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

const READ_FROM = 'backstage.io/managed-by-location';

describe('commits of deployments', () => {
  const directory = mkdtempSync(join(tmpdir(), 'repository-'));
  const shas: string[] = [];
  const signal = new AbortController().signal;

  beforeAll(() => {
    const git = (args: string[], at: string) =>
      execFileSync('git', ['-C', directory, ...args], {
        encoding: 'utf8',
        env: {
          ...process.env,
          ...{ GIT_AUTHOR_NAME: 'Anna', GIT_AUTHOR_EMAIL: 'anna@example.com' },
          ...{ GIT_COMMITTER_NAME: 'B', GIT_COMMITTER_EMAIL: 'b@example.com' },
          ...{ GIT_AUTHOR_DATE: at, GIT_COMMITTER_DATE: at },
        },
      }).trim();
    git(['init', '-q'], '');
    // The last is of somebody whose clock is years ahead.
    for (const day of [1, 2, 3, 4, 5]) {
      const at = day < 5 ? `2026-06-0${day}T08:00:00Z` : '2031-06-05T08:00:00Z';
      git(['commit', '-q', '--allow-empty', '-m', `Change ${day}`], at);
      shas.push(git(['rev-parse', 'HEAD'], at));
    }
  });
  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  const start = async (
    annotations: Record<string, string> = {
      [READ_FROM]: 'url:https://git.test/a/cart/src/branch/main/x.yaml',
    },
  ) => {
    const db = await databases.init('SQLITE_3');
    await migrate(db);
    const { intake, compute } = ledgerOn(db);
    const problems: string[] = [];
    const located: string[] = [];
    let now = new Date('2026-06-10T00:00:00Z');
    const reader = new CommitReader({
      ...{ db, intake, now: () => now },
      auth: mockServices.auth(),
      catalog: catalogServiceMock({
        entities: [
          {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Component',
            metadata: {
              name: 'cart',
              namespace: 'default',
              annotations,
            },
          },
        ],
      }),
      locator: {
        locate: async repository => {
          located.push(repository);
          return { kind: 'local', owner: 'a', name: 'cart', directory };
        },
      },
      repositories: EntityRepositories.fromConfig(
        mockServices.rootConfig({
          data: { integrations: { gitea: [{ host: 'git.test' }] } },
        }),
      ),
      onProblem: message => problems.push(message),
    });
    return {
      db,
      intake,
      compute,
      reader,
      problems,
      located,
      at: (time: Date) => (now = time),
    };
  };

  it('are read from the service’s repository, so that lead times are known by themselves', async () => {
    const { db, intake, compute, reader, problems } = await start();
    await intake.take(
      [
        deployed('d1', '2026-06-01T12:00:00Z', { commit: shas[0] }),
        deployed('d2', '2026-06-03T12:00:00Z', { commit: shas[2] }),
      ],
      { source: '/t' },
    );
    await compute();
    expect(await db('change_facts')).toEqual([]);
    await reader.look(signal);
    await compute();
    expect(
      (await db('change_facts').orderBy('started_at')).map(one => [
        ...[one.deployment, one.title, one.seconds / 3600],
      ]),
    ).toEqual([
      ['d2', 'Change 2', 28],
      ['d2', 'Change 3', 4],
    ]);
    // Only what is new is read for the next one.
    await intake.take(
      [deployed('d3', '2026-06-04T12:00:00Z', { commit: shas[3] })],
      { source: '/t' },
    );
    await compute();
    const before = await db('ledger').count({ n: '*' });
    await reader.look(signal);
    await compute();
    const after = await db('ledger').count({ n: '*' });
    expect(Number(after[0].n) - Number(before[0].n)).toBe(1);
    expect(problems).toEqual([]);
    expect(JSON.stringify(await db('ledger'))).not.toContain('anna');
  });

  it('are taken where one is dated in the future, whose lead time alone is left out', async () => {
    const { db, intake, compute, reader, problems, at } = await start();
    at(new Date('2026-06-05T00:00:00Z'));
    await intake.take(
      [
        deployed('d1', '2026-06-02T12:00:00Z', { commit: shas[1] }),
        deployed('d2', '2026-06-05T09:00:00Z', { commit: shas[4] }),
      ],
      { source: '/t' },
    );
    await compute();
    await reader.look(signal);
    await compute();
    const rows = await db('change_facts').orderBy('started_at');
    expect(
      rows.map(one => [one.title, one.seconds / 3600, Boolean(one.excluded)]),
    ).toEqual([
      ['Change 3', 49, false],
      ['Change 4', 25, false],
      [
        'Change 5',
        (Date.parse('2026-06-05T09:00:00Z') -
          Date.parse('2031-06-05T08:00:00Z')) /
          3_600_000,
        true,
      ],
    ]);
    expect(await db('quarantine')).toEqual([]);
    // Of another branch's point of view it is read again, on another day.
    at(new Date('2026-06-06T00:00:00Z'));
    await db('deployment_facts').update({ range_state: 'unknown-commit' });
    await reader.look(signal);
    expect(await db('quarantine')).toEqual([]);
    expect(problems).toEqual([]);
  });

  it('are read also behind very many newer ones that cannot be had', async () => {
    const { db, intake, compute, reader } = await start();
    const gone = Array.from({ length: 250 }, (_, at) =>
      deployed(`g${at}`, '2026-06-09T12:00:00Z', {
        service: 'component:default/gone',
        commit: at.toString(16).padStart(40, '0'),
      }),
    );
    await intake.take(
      [deployed('d1', '2026-06-01T12:00:00Z', { commit: shas[0] }), ...gone],
      { source: '/t' },
    );
    await compute();
    await reader.look(signal);
    await reader.look(signal);
    await compute();
    expect(
      await db('deployment_facts')
        .where({ service: CART })
        .first('range_state'),
    ).toEqual({ range_state: 'baseline' });
  });

  it('are not asked for one by one where their service has no repository, and that is said once', async () => {
    const { db, intake, compute, reader, problems, at } = await start();
    const gone = Array.from({ length: 1_500 }, (_, number) =>
      deployed(`g${number}`, '2026-06-09T12:00:00Z', {
        service: 'component:default/gone',
        commit: number.toString(16).padStart(40, '0'),
      }),
    );
    for (const from of [0, 500, 1_000]) {
      await intake.take(gone.slice(from, from + 500), { source: '/t' });
    }
    await compute();
    const asked: string[] = [];
    db.on('query', ({ sql }: { sql: string }) => asked.push(sql));
    await reader.look(signal);
    await reader.look(signal);
    at(new Date('2026-06-10T00:01:30Z'));
    await reader.look(signal);
    expect(problems).toHaveLength(1);
    // Two pages of those that nobody has looked for yet, none while the service waits, and these once more.
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  it('of a service wait where many of it could not be read one after another', async () => {
    const { intake, compute, reader, problems, located, at } = await start();
    const gone = Array.from({ length: 100 }, (_, number) =>
      deployed(`g${number}`, '2026-06-09T12:00:00Z', {
        commit: number.toString(16).padStart(40, '0'),
      }),
    );
    await intake.take(gone, { source: '/t' });
    await compute();
    await reader.look(signal);
    await reader.look(signal);
    expect(located).toHaveLength(20);
    expect(problems).toHaveLength(1);
    at(new Date('2026-06-10T00:01:30Z'));
    await reader.look(signal);
    expect(located).toHaveLength(40);
  });

  it('are not read again and again where one is refused, and that is said once', async () => {
    const { db, intake, compute, reader, problems } = await start();
    await intake.take(
      [deployed('d1', '2026-06-05T09:00:00Z', { commit: shas[3] })],
      { source: '/t' },
    );
    await compute();
    const take = jest.spyOn(intake, 'take').mockResolvedValue({
      ...{ accepted: 0, duplicates: 0 },
      quarantined: [{ index: 0, reason: 'data.title: too long' }],
    });
    await reader.look(signal);
    await reader.look(signal);
    expect(take).toHaveBeenCalledTimes(1);
    expect(problems).toEqual([
      expect.stringContaining(`commit ${shas[3]}: data.title: too long`),
    ]);
    expect(await db('change_facts')).toEqual([]);
  });

  it('are not read from another’s repository that the service’s file names', async () => {
    const says = {
      'backstage.io/source-location': 'url:https://git.test/victim/private/',
    };
    const deployment = deployed('d1', '2026-06-01T12:00:00Z', {
      commit: shas[0],
    });
    const own = await start({
      [READ_FROM]: 'url:https://git.test/a/cart/src/branch/main/x.yaml',
      ...says,
    });
    await own.intake.take([deployment], { source: '/t' });
    await own.compute();
    await own.reader.look(signal);
    expect(own.located).toEqual(['https://git.test/a/cart']);
    const elsewhere = await start({
      [READ_FROM]: 'url:https://elsewhere.test/a/cart/blob/main/x.yaml',
      ...says,
    });
    await elsewhere.intake.take([deployment], { source: '/t' });
    await elsewhere.compute();
    await elsewhere.reader.look(signal);
    expect(elsewhere.located).toEqual([]);
    expect(elsewhere.problems).toEqual([
      expect.stringContaining('from a branch at a Git host'),
    ]);
  });

  it('are tried again later and later where they cannot be had, and that is said once', async () => {
    const { intake, compute, reader, problems, at } = await start();
    await intake.take(
      [deployed('d1', '2026-06-01T12:00:00Z', { commit: '0'.repeat(40) })],
      { source: '/t' },
    );
    await compute();
    await reader.look(signal);
    at(new Date('2026-06-10T00:00:30Z'));
    await reader.look(signal);
    at(new Date('2026-06-10T00:02:00Z'));
    await reader.look(signal);
    expect(problems).toEqual([
      expect.stringContaining(`The commits of ${CART} could not be read`),
    ]);
  });
});
