import { TestDatabases } from '@backstage/backend-test-utils';
import { Knex } from 'knex';
import { migrate } from '../__testUtils__/ledger';
import { GithubHistory, GITHUB_TOKEN } from './__testUtils__/GithubHistory';
import { readerOn, told } from './__testUtils__/readerOn';
import { revertedBy } from './events';
import { RepositoryStore } from './RepositoryStore';
import { servicesOf } from './tickets';

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const MERGED = 'dev.cdevents.change.merged.0.2.0';
const DAY_MS = 86_400_000;

describe.each(databases.eachSupportedId())('on %p, pull requests', id => {
  let db: Knex;
  let github: GithubHistory;
  let host: string;
  let now: Date;
  const signal = new AbortController().signal;

  beforeEach(async () => {
    db = await databases.init(id);
    await migrate(db);
    github = new GithubHistory();
    host = await github.start();
    now = new Date('2026-06-30T00:00:00Z');
  });
  afterEach(() => github.stop());

  const start = (
    services: Record<string, string> = {},
    tickets?: { label: string; repositories: string[] },
  ) =>
    readerOn(db, {
      tickets,
      integrations: {
        github: [
          { host, apiBaseUrl: `http://${host}`, token: GITHUB_TOKEN },
          // The portal has no credentials there.
          { host: 'github.com' },
        ],
      },
      services: {
        cart: `https://${host}/acme/cart/blob/main/catalog-info.yaml`,
        ...services,
      },
      now: () => now,
    });
  const add = (count: number) => {
    for (let number = 1; number <= count; number++) {
      github.pullRequests.push({
        ...{ number, title: `Change ${number}`, merged: number % 5 !== 0 },
        updatedAt: new Date(
          Date.parse('2026-03-01T00:00:00Z') + number * 60_000,
        ).toISOString(),
      });
    }
  };
  const numbers = async () =>
    (await told(db, MERGED))
      .map(one => Number(String(one.change).split('#')[1]))
      .sort(byNumber);
  const mergedOnes = () =>
    github.pullRequests
      .filter(one => one.merged)
      .map(one => one.number)
      .sort(byNumber);

  it('of the past are read page by page, and none is asked about twice', async () => {
    add(250);
    const { reader } = start();
    for (let page = 1; page <= 3; page++) await reader.look(signal);
    expect(await numbers()).toEqual(mergedOnes());
    const asked = github.asked.filter(url => url.includes('/commits'));
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked).toHaveLength(200);

    // Nothing is due: nothing is asked.
    const before = github.asked.length;
    await reader.look(signal);
    expect(github.asked).toHaveLength(before);

    github.pullRequests.push({
      ...{ number: 251, title: 'New', merged: true },
      updatedAt: '2026-06-30T00:01:00Z',
    });
    now = new Date(now.getTime() + 2 * 60_000);
    await start().reader.look(signal);
    expect(await numbers()).toEqual(mergedOnes());
    expect(github.asked).toHaveLength(before + 2);
  });

  it('are all read where some are opened again between two pages, so that others move up', async () => {
    add(250);
    const { reader } = start();
    await reader.look(signal);
    // Of the page that was read: three of those that follow are on it now.
    github.pullRequests.splice(-7, 3);
    for (let page = 2; page <= 3; page++) await reader.look(signal);
    const found = await numbers();
    expect(mergedOnes().filter(one => !found.includes(one))).toEqual([]);
  });

  it('are gone on with where a backend was stopped, or was sent away for too many questions', async () => {
    add(250);
    for (let starts = 0; starts < 30; starts++) {
      github.allowed = 12;
      await start().reader.look(signal);
      now = new Date(now.getTime() + 31 * 60_000);
    }
    expect(await numbers()).toEqual(mergedOnes());
    const [state] = await db('git_repositories');
    expect(state).toMatchObject({ problem: null, pass_page: 1 });
  });

  it('wait for as long as the host wants, and the reason is known meanwhile', async () => {
    add(10);
    github.allowed = 3;
    const { reader } = start();
    await reader.look(signal);
    expect(await numbers()).toHaveLength(2);
    const [{ problem, due_at }] = await db('git_repositories');
    expect(problem).toContain('wants to be asked less');
    expect(Date.parse(due_at)).toBe(now.getTime() + 1_800_000);
    github.allowed = Infinity;
    now = new Date(now.getTime() + 1_800_000);
    // The one before has a clock of its own for how long the host is left alone.
    await start().reader.look(signal);
    expect(await numbers()).toEqual(mergedOnes());
  });

  it('stay as they were when they were merged, and do no harm when they are edited later', async () => {
    add(1);
    await start().reader.look(signal);
    github.pullRequests[0].title = 'Another title';
    github.pullRequests[0].updatedAt = '2026-06-30T00:00:00Z';
    now = new Date(now.getTime() + DAY_MS);
    const { reader, quarantine } = start();
    await reader.look(signal);
    expect(await told(db, MERGED)).toMatchObject([{ title: 'Change 1' }]);
    expect(await quarantine.count()).toBe(0);
  });

  it('are not asked for beyond how far back is read', async () => {
    add(250);
    now = new Date('2027-06-30T00:00:00Z');
    await start().reader.look(signal);
    expect(await numbers()).toEqual([]);
    expect(github.asked).toHaveLength(1);
  });

  it('are followed by tickets, of which it is known since when there were none', async () => {
    const from = () => new RepositoryStore(db).ticketsFrom();
    const look = async (...given: Parameters<typeof start>) => {
      await start(...given).reader.look(signal);
      now = new Date(now.getTime() + DAY_MS);
    };
    await look();
    expect(await from()).toBeUndefined();
    const began = new Date(now.getTime() - 365 * DAY_MS).toISOString();
    for (let time = 0; time < 2; time++) {
      await look({}, { label: 'support', repositories: [] });
      expect(await from()).toBe(began);
    }
  });

  it('are followed by tickets, known as long as before also where a portal of before read first, and where their repository leaves the catalog', async () => {
    const store = new RepositoryStore(db);
    await start().reader.look(signal);
    const url = `https://${host}/acme/cart`;
    const before = '2026-06-01T00:00:00.000Z';
    await store.update(url, {
      ...{ tickets_until: before, due_at: now.toISOString() },
    });
    expect(await store.ticketsFrom()).toBeUndefined();
    await start({}, { label: 'support', repositories: [] }).reader.look(signal);
    expect(await store.ticketsFrom()).toBe(before);
    const other = { host, repository: `https://${host}/acme/other` };
    await store.keep([other], now.toISOString());
    expect(await db('git_repositories').pluck('repository')).toEqual([
      other.repository,
    ]);
    expect(await store.ticketsFrom()).toBe(before);
    await store.update(other.repository, {
      tickets_from: '2026-06-15T00:00:00.000Z',
    });
    expect(await store.ticketsFrom()).toBe(before);
  });

  it('are read within a turn where the host tells of a repository that was not listed yet', async () => {
    const { reader } = start();
    await reader.look(signal);
    await db('git_repositories').delete();
    add(1);
    await reader.look(signal);
    expect(await numbers()).toEqual([]);
    expect(await reader.hint(`https://${host}/acme/cart`)).toBe(false);
    await reader.look(signal);
    expect(await numbers()).toEqual([1]);
  });

  it('are each one of its repository, also where a service was moved to another one', async () => {
    add(1);
    github.pullRequests[0].body = 'Reverts #7';
    await start().reader.look(signal);
    expect(await told(db, MERGED)).toMatchObject([
      {
        change: `${host}/acme/cart#1`,
        reverts: [`${host}/acme/cart#7`],
      },
    ]);
  });

  it('count for each service of their repository, and hosts without credentials are left alone', async () => {
    add(1);
    const { reader } = start({
      stock: `https://${host}/acme/cart/blob/main/stock/catalog-info.yaml`,
      other: 'https://github.com/acme/other/blob/main/catalog-info.yaml',
    });
    await reader.look(signal);
    const events = await told(db, MERGED);
    expect(events.map(one => one.service).sort()).toEqual([
      'component:default/cart',
      'component:default/stock',
    ]);
    expect(await db('git_repositories').pluck('repository')).toEqual([
      `https://${host}/acme/cart`,
    ]);
  });
});

describe('what a pull request takes back', () => {
  it.each([
    ['Reverts acme/cart#12', ['12']],
    ['This reverts #7 and reverts #8.', ['7', '8']],
    ['Reverts other/place#3', []],
    ['It closes #5', []],
  ])('is read from "%s"', (text, numbers) => {
    expect(revertedBy(text, 'acme/Cart')).toEqual(numbers);
  });
});

describe('what a ticket is about', () => {
  const label = 'platform-support';
  const issue = (...labels: string[]) => ({
    ...{ number: 1, html_url: 'https://x.test/1', labels },
    ...{ created_at: '', updated_at: '' },
  });
  const about = (...labels: string[]) =>
    servicesOf(
      issue(...labels),
      { services: ['component:default/cart'] },
      { label, repositories: [] },
    );

  it('is its repository’s service, or the one that a label names', () => {
    expect(about(label)).toEqual(['component:default/cart']);
    expect(about(label, 'service:Stock')).toEqual(['component:default/stock']);
    expect(about('bug')).toEqual([]);
  });
});

function byNumber(a: number, b: number): number {
  return a - b;
}
