import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox, TestGitHost } from '@highroad/sandbox/testing';
import { Knex } from 'knex';
import { z } from 'zod';
import { migrate } from '../__testUtils__/ledger';
import { readerOn, told } from './__testUtils__/readerOn';

const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
const MERGED = 'dev.cdevents.change.merged.0.2.0';
const numberSchema = z.object({ number: z.number() });

describeWithSandbox('what a real Gitea knows', ['git-host'], sandbox => {
  let gitHost: TestGitHost;
  let db: Knex;
  let path: string;

  beforeAll(async () => {
    gitHost = await sandbox.gitHost();
    db = await databases.init('SQLITE_3');
    await migrate(db);
    path = `repos/${gitHost.organization}/cart`;
    await gitHost.request('POST', `orgs/${gitHost.organization}/repos`, {
      ...{ name: 'cart', auto_init: true, default_branch: 'main' },
    });
  });

  const look = async () => {
    const { address, organization, username, password } = gitHost;
    const { reader } = readerOn(db, {
      integrations: {
        gitea: [
          {
            ...{ host: new URL(address).host, baseUrl: address },
            ...{ username, password },
          },
        ],
      },
      services: {
        cart: `${address}/${organization}/cart/src/branch/main/catalog-info.yaml`,
      },
      now: () => new Date(Date.now() + 1_000),
      tickets: { label: 'platform-support', repositories: [] },
    });
    await reader.look(new AbortController().signal);
    const [state] = await db('git_repositories');
    expect(state).toMatchObject({ problem: null });
  };
  const open = async (branch: string, title: string, body = '') => {
    await gitHost.request('POST', `${path}/contents/${branch}.txt`, {
      ...{ content: 'eA==', message: `Add ${branch}` },
      ...{ branch: 'main', new_branch: branch },
    });
    const { number } = numberSchema.parse(
      await gitHost.request('POST', `${path}/pulls`, {
        ...{ base: 'main', head: branch, title, body },
      }),
    );
    return number;
  };
  const merge = async (number: number) => {
    // It finds out first whether there is a conflict, and refuses until it has.
    for (let tries = 0; ; tries++) {
      try {
        await gitHost.request('POST', `${path}/pulls/${number}/merge`, {
          Do: 'merge',
        });
        return;
      } catch (error) {
        if (tries === 50) throw error;
        await new Promise(done => {
          setTimeout(done, 200);
        });
      }
    }
  };

  it('becomes changes with their commits, once, and not before they are merged', async () => {
    const number = await open('one', 'Sell more');
    await look();
    expect(await told(db, MERGED)).toEqual([]);

    await merge(number);
    await db('git_repositories').update({ due_at: '2026-01-01T00:00:00.000Z' });
    await look();
    const revert = await open('two', 'Back', `Reverts #${number}`);
    await merge(revert);
    for (const _ of [1, 2]) {
      await db('git_repositories').update({
        due_at: '2026-01-01T00:00:00.000Z',
      });
      await look();
    }

    const changes = await told(db, MERGED);
    const commit = expect.stringMatching(/^[0-9a-f]{40}$/);
    const called = (one: number) =>
      expect.stringMatching(new RegExp(`^[\\w.:-]+/[\\w.-]+/[\\w.-]+#${one}$`));
    expect(changes).toEqual([
      expect.objectContaining({
        ...{ service: 'component:default/cart', change: called(number) },
        ...{ title: 'Sell more', commits: [commit], mergeCommit: commit },
        reverts: [],
      }),
      expect.objectContaining({
        ...{ change: called(revert), reverts: [called(number)] },
      }),
    ]);
    const { firstCommitAt, mergedAt } = changes[0];
    expect(Date.parse(String(firstCommitAt))).toBeLessThanOrEqual(
      Date.parse(String(mergedAt)),
    );
  });

  it('becomes tickets where they have the label, and no others', async () => {
    const label = z.object({ id: z.number() }).parse(
      await gitHost.request('POST', `${path}/labels`, {
        ...{ name: 'platform-support', color: '#00aabb' },
      }),
    );
    const { number } = numberSchema.parse(
      await gitHost.request('POST', `${path}/issues`, {
        ...{ title: 'Please give me a database', labels: [label.id] },
      }),
    );
    await gitHost.request('POST', `${path}/issues`, { title: 'A bug' });
    await gitHost.request('PATCH', `${path}/issues/${number}`, {
      state: 'closed',
    });
    for (const _ of [1, 2]) {
      await db('git_repositories').update({
        due_at: '2026-01-01T00:00:00.000Z',
      });
      await look();
    }
    const ticket = `${gitHost.organization}/cart#${number}`;
    for (const kind of ['created', 'closed']) {
      expect(await told(db, `dev.cdevents.ticket.${kind}.0.1.0`)).toEqual([
        expect.objectContaining({
          ...{ service: 'component:default/cart', ticket, kind: 'ops' },
        }),
      ]);
    }
  });
});
