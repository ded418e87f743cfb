import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitCommits } from './gitCommits';

describe('commits of a clone', () => {
  let directory: string;
  beforeEach(() => {
    directory = mkdtempSync(join(tmpdir(), 'metrics-commits-'));
    git('init', '--quiet');
  });
  afterEach(() => rmSync(directory, { recursive: true }));

  function git(...args: string[]): string {
    const author = ['-c', 'user.name=a', '-c', 'user.email=a@example.com'];
    return execFileSync('git', ['-C', directory, ...author, ...args], {
      encoding: 'utf8',
    }).trim();
  }
  const commit = (...messages: string[]) => {
    const texts = messages.flatMap(text => ['-m', text]);
    git('commit', '--quiet', '--allow-empty', ...texts);
    return git('rev-parse', 'HEAD');
  };
  const read = async (tip: string) => {
    const found: object[] = [];
    const service = 'component:default/cart';
    for await (const one of gitCommits({ directory, service, tips: [tip] })) {
      found.push(one);
    }
    return found;
  };

  it('are read with their parents, titles and what they take back', async () => {
    const first = commit('Add totals');
    const second = commit('Revert totals', `This reverts commit ${first}.`);
    expect(await read(second)).toMatchObject([
      {
        data: {
          ...{ commit: second, parents: [first], title: 'Revert totals' },
          reverts: [first],
        },
      },
      { data: { commit: first, parents: [], title: 'Add totals' } },
    ]);
  });

  it('have the beginning of a long title, cut between characters', async () => {
    const tip = commit(`${'a'.repeat(499)}👍 and more`);
    expect(await read(tip)).toMatchObject([
      { data: { title: 'a'.repeat(499) } },
    ]);
  });

  it('are those that there are, whatever somebody wrote into a message', async () => {
    const forged = `${'a'.repeat(40)}\x1f\x1f1700000000\x1fForged\x1f`;
    const first = commit('Add totals', `one\x1e\n${forged}\x1e`);
    const second = commit(`Odd\x1ftitle`, 'more');
    expect(await read(second)).toMatchObject([
      { data: { commit: second, parents: [first] } },
      { data: { commit: first, title: 'Add totals' } },
    ]);
  });
});
