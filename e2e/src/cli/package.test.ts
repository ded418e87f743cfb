import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { inTurns } from '../support/inTurns';
import { ROOT } from '../support/portal';

const run = promisify(execFile);

const PACKAGES = withWhatTheyNeed(['packages/platform-cli']);

describe('the command as a package', () => {
  let folder: string;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-package-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is installed by npm outside the checkout, with the bin "platform"', async () => {
    const env = {
      ...process.env,
      NODE_ENV: undefined,
      NODE_OPTIONS: undefined,
    };
    await run('yarn', ['tsc'], { cwd: ROOT, env });
    await inTurns(2, PACKAGES, async path => {
      await run('yarn', ['build'], { cwd: join(ROOT, path), env });
    });
    // Packing changes a manifest for a moment, which the next one reads.
    for (const path of PACKAGES) {
      const cwd = join(ROOT, path);
      await run(
        'yarn',
        ['pack', '--out', join(folder, `${basename(path)}.tgz`)],
        { cwd, env },
      );
      await rm(join(cwd, 'dist'), { recursive: true });
    }
    await run(
      'npm',
      [
        ...['install', '--no-audit', '--no-fund', '--prefix', folder],
        ...PACKAGES.map(path => join(folder, `${basename(path)}.tgz`)),
      ],
      { cwd: folder, env },
    );

    const { stdout } = await run(
      join(folder, 'node_modules/.bin/platform'),
      ['service', 'create', '--help'],
      { cwd: folder, env },
    );
    expect(stdout).toMatch(/^Examples?\n {2}\$ platform service create/);
  }, 600_000);
});

/** Folders of packages and of those of ours that they need, which would be published together. */
function withWhatTheyNeed(folders: string[]): string[] {
  const needed = folders.flatMap(folder =>
    Object.keys(readManifest(folder).dependencies ?? {})
      .filter(name => name.startsWith('@highroad/plugin-'))
      .map(name => `plugins/${name.replace('@highroad/plugin-', '')}`),
  );
  const more = needed.filter(folder => !folders.includes(folder));
  return more.length > 0
    ? withWhatTheyNeed([...new Set([...folders, ...more])])
    : folders;
}

function readManifest(folder: string): {
  dependencies?: Record<string, string>;
} {
  return JSON.parse(readFileSync(join(ROOT, folder, 'package.json'), 'utf8'));
}
