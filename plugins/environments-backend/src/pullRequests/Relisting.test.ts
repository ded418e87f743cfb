import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';
import { githubHostAt } from '../drivers/gitHosts/__testUtils__/githubHost';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { EnvironmentsInMemory } from './__testUtils__/EnvironmentsInMemory';
import { PullRequestStore } from './PullRequestStore';
import { Relisting } from './Relisting';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const HOST = 'git.test';
const MINUTE = 60_000;
const OWNERS = ['gone-1', 'gone-2', 'gone-3', 'gone-4', 'gone-5', 'acme'];

describe('what has changed in the repositories of owners', () => {
  it('is asked of each in turn, whatever others answer, and from a while before it was last answered', async () => {
    const db = await databases.init('SQLITE_3');
    await db.migrate.latest({
      directory: resolvePackagePath(
        '@highroad/plugin-environments-backend',
        'migrations',
      ),
    });
    let time = Date.parse('2026-03-01T12:00:00Z');
    const now = () => new Date(time);
    const asked: Array<[owner: string, minutesBack: number]> = [];
    const host = Object.assign(githubHostAt(HOST), {
      async changedPullRequests(owner: string, since: Date) {
        asked.push([owner, (time - since.getTime()) / MINUTE]);
        if (owner !== 'acme') throw new Error(`There is no ${owner}.`);
        return [];
      },
    });
    const repositories = OWNERS.map(owner => ({
      ...{ host: HOST, owner, name: 'cart', services: [] },
    }));
    const relisting = new Relisting({
      ...{ now, environments: new EnvironmentsInMemory(now) },
      hosts: new PullRequestHosts([host]),
      owners: {
        all: async () => repositories,
        find: async () => undefined,
        ofService: async () => undefined,
      },
      store: new PullRequestStore(db),
    });
    const turn = async () => {
      asked.length = 0;
      await relisting
        .findChanges(new AbortController().signal)
        .catch(() => undefined);
      time += MINUTE;
      return asked.find(([owner]) => owner === 'acme');
    };
    // Five at a time, so that it comes after those that fail.
    expect(await turn()).toBeUndefined();
    expect(await turn()).toEqual(['acme', 10]);
    expect(await turn()).toBeUndefined();
    // Two turns later: from two minutes before the last answer.
    const again = (await turn()) ?? (await turn());
    expect(again).toEqual(['acme', expect.any(Number)]);
    expect(again?.[1]).toBeGreaterThanOrEqual(4);
    await db.destroy();
  });
});
