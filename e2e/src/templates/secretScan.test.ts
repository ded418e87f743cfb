import { randomBytes } from 'node:crypto';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeWith } from '../support/require';
import { run, succeed } from './support/command';
import { RENDER_MS, renderServices, serviceOf } from './support/services';

describeWith(
  ['make', 'gitleaks'],
  'looking for secrets in a created service',
  () => {
    let folder: string;
    const identity = ['-c', 'user.name=Ann', '-c', 'user.email=ann@x'];
    const git = (...args: string[]) =>
      run('git', [...identity, ...args], { cwd: folder });
    /** As its issuer makes them, but never issued. */
    const planted = () =>
      `ghp_${randomBytes(40)
        .toString('base64')
        .replace(/\W/g, '')
        .slice(0, 36)}`;
    const commit = async (text: string, ...more: string[]) => {
      await writeFile(join(folder, 'config.yaml'), text);
      await git('add', '--all');
      return git('commit', '--message', 'Configure it', ...more);
    };
    /** What the pipeline runs. */
    const pipeline = () => run('make', ['secrets'], { cwd: folder });

    beforeAll(renderServices, RENDER_MS);
    beforeEach(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-scan-'));
      await cp(
        serviceOf({ type: 'api', language: 'go', database: 'postgres' }),
        folder,
        { recursive: true },
      );
      await git('init', '--quiet');
      await succeed('make', ['.git/hooks/pre-commit'], { cwd: folder });
    });
    afterEach(() => rm(folder, { recursive: true, force: true }));

    it('finds none in what is created, before its commit and in the pipeline', async () => {
      expect(await commit('level: debug\n')).toMatchObject({ code: 0 });
      expect(await pipeline()).toMatchObject({ code: 0 });
    });

    it('refuses a commit that holds one, without showing it', async () => {
      const secret = planted();
      const { code, output } = await commit(`token: ${secret}\n`);
      expect([code === 0, output]).toEqual([
        false,
        expect.stringContaining('leaks found: 1'),
      ]);
      expect(output).not.toContain(secret);
      expect((await git('log')).output).toContain('does not have any commits');
    });

    it('finds in the pipeline what was committed past the hook, also where it was taken out again', async () => {
      const secret = planted();
      await commit(`token: ${secret}\n`, '--no-verify');
      await commit('level: debug\n', '--no-verify');
      const { code, output } = await pipeline();
      expect([code === 0, output]).toEqual([
        false,
        expect.stringContaining('leaks found: 1'),
      ]);
      expect(output).not.toContain(secret);
    });
  },
);
