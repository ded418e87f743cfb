import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/portal';
import { readPage } from './Terminal';

const run = promisify(execFile);
const cache =
  process.env.HIGHROAD_CACHE ??
  join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'highroad');
const mkdocs = join(cache, 'techdocs/bin/mkdocs');

const describeWithMkdocs = existsSync(mkdocs) ? describe : describe.skip;

describeWithMkdocs('the documentation [needs mkdocs]', () => {
  it('builds with every page in its contents and every link leading somewhere', async () => {
    const site = await mkdtemp(join(tmpdir(), 'highroad-site-'));
    try {
      await run(mkdocs, ['build', '--strict', '-d', site], {
        cwd: ROOT,
      });
      expect(existsSync(join(site, 'runbooks/index.html'))).toBe(true);
    } finally {
      await rm(site, { recursive: true, force: true });
    }
  }, 120_000);
});

describe('the pages at the root of the checkout', () => {
  it.each(['README.md', 'CONTRIBUTING.md'])(
    '%s links to what exists',
    async page => {
      const targets = [...(await readPage(page)).matchAll(/\]\(([^)\s]+)\)/g)]
        .map(([, target]) => target.split('#')[0])
        .filter(target => target !== '' && !/^https?:/.test(target));
      expect(targets.length).toBeGreaterThan(1);
      expect(
        targets.filter(
          target => !existsSync(join(ROOT, dirname(page), target)),
        ),
      ).toEqual([]);
    },
  );
});
