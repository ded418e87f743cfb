import { TestDatabases } from '@backstage/backend-test-utils';
import { gitCommits } from '@highroad/plugin-metrics-node';
import { describeWithSandbox, TestGitHost } from '@highroad/sandbox/testing';
import { Knex } from 'knex';
import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { CART, deployed, migrate } from '../__testUtils__/ledger';
import { readerOn } from './__testUtils__/readerOn';

jest.setTimeout(180_000);

const databases = TestDatabases.create({ ids: ['SQLITE_3', 'POSTGRES_18'] });
const numberSchema = z.object({ number: z.number() });
const git = promisify(execFile);

/** When the commits of pull request `n` were authored. */
const first = (n: number) => `2026-03-0${n}T08:00:00.000Z`;
const second = (n: number) => `2026-03-0${n}T17:30:00.000Z`;

describeWithSandbox('pull requests at a real Gitea', ['git-host'], sandbox => {
  let gitHost: TestGitHost;
  let path: string;
  let clone: string;

  beforeAll(async () => {
    gitHost = await sandbox.gitHost();
    path = `repos/${gitHost.organization}/cart`;
    await gitHost.request('POST', `orgs/${gitHost.organization}/repos`, {
      ...{ name: 'cart', auto_init: true, default_branch: 'main' },
    });
    clone = await mkdtemp(join(tmpdir(), 'highroad-merge-styles-'));
  });
  afterAll(() => rm(clone, { recursive: true, force: true }));

  const write = (file: string, date: string, branches: object) =>
    gitHost.request('POST', `${path}/contents/${file}`, {
      ...{ content: 'eA==', message: `Add ${file}`, ...branches },
      dates: { author: date, committer: date },
    });
  const merge = async (number: number, style: string) => {
    // It finds out first whether there is a conflict, and refuses until it has.
    for (let tries = 0; ; tries++) {
      try {
        await gitHost.request('POST', `${path}/pulls/${number}/merge`, {
          Do: style,
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
  const head = async () => {
    const { address, organization, username, password } = gitHost;
    const url = new URL(`${address}/${organization}/cart.git`);
    Object.assign(url, { username, password });
    await rm(clone, { recursive: true, force: true });
    await git('git', ['clone', '--quiet', '--bare', url.toString(), clone]);
    const { stdout } = await git('git', ['-C', clone, 'rev-parse', 'main']);
    return stdout.trim();
  };
  const commitsSince = async (tip: string) => {
    const events: object[] = [];
    for await (const one of gitCommits({
      ...{ directory: clone, service: CART, tips: [tip] },
    })) {
      events.push(one);
    }
    return events;
  };

  it('are one change each, which began with its first commit, however they were merged', async () => {
    const before = await head();
    const numbers: string[] = [];
    const styles = ['merge', 'squash', 'rebase', 'rebase-merge'];
    for (const [at, style] of styles.entries()) {
      const branch = `by-${style}`;
      await write(`${branch}-1.txt`, first(at + 1), {
        ...{ branch: 'main', new_branch: branch },
      });
      await write(`${branch}-2.txt`, second(at + 1), { branch });
      // The branch is behind, so that rebasing it makes other commits.
      await write(`beside-${style}.txt`, `2026-02-0${at + 1}T00:00:00.000Z`, {
        branch: 'main',
      });
      const { number } = numberSchema.parse(
        await gitHost.request('POST', `${path}/pulls`, {
          ...{ base: 'main', head: branch, title: `By ${style}` },
        }),
      );
      await merge(number, style);
      numbers.push(String(number));
    }
    const after = await head();
    const { stdout } = await git('git', [
      ...['-C', clone, 'log', '--format=%s', `${before}..${after}`],
    ]);
    // Two commits each but for one of squashing, one beside each, and two that join.
    expect(stdout.trim().split('\n').length).toBe(2 + 1 + 2 + 2 + 4 + 2);

    for (const databaseId of databases.eachSupportedId().flat()) {
      const db: Knex = await databases.init(databaseId);
      await migrate(db);
      const { address, organization, username, password } = gitHost;
      const { reader, intake, compute } = readerOn(db, {
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
      });
      await reader.look(new AbortController().signal);
      await intake.take(
        [
          ...(await commitsSince(after)),
          deployed('d0', '2026-02-20T00:00:00Z', { commit: before }),
          deployed('d1', '2026-04-01T00:00:00Z', { commit: after }),
        ],
        { source: '/test' },
      );
      await compute();
      const found = await db('change_facts')
        .where({ deployment: 'd1' })
        .select('change', 'started_at', 'title');
      // They are called by their repository and number.
      const isPull = ({ change }: { change: string }) =>
        numbers.some(number => change.endsWith(`#${number}`));
      const changes = found.filter(isPull);
      expect(changes.map(one => [one.title, one.started_at]).sort()).toEqual(
        styles.map((style, at) => [`By ${style}`, first(at + 1)]).sort(),
      );
      // What was written beside them belongs to none, and stands for itself; nothing else does.
      const others = found.filter(one => !isPull(one));
      expect(others.map(one => one.title).sort()).toEqual(
        styles.map(style => `Add beside-${style}.txt`).sort(),
      );
    }
  });
});
