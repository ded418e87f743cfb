import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { promisify } from 'node:util';
import { ROOT } from '../support/portal';

const run = promisify(execFile);

/** The command and what it needs of ours, which would be published together. */
const PACKAGES = [
  'plugins/platform-common',
  'plugins/create-common',
  'plugins/catalog-platform-common',
  'plugins/sandbox-common',
  'packages/platform-cli',
];

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
    for (const path of PACKAGES) {
      const cwd = join(ROOT, path);
      await run('yarn', ['build'], { cwd, env });
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
  }, 300_000);
});
