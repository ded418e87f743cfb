import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describeWith } from '../support/require';
import { run } from './support/command';
import { RENDER_MS, renderServices, serviceOf } from './support/services';

describeWith(['make'], 'committing to a created service', () => {
  let folder: string;
  const git = (...args: string[]) =>
    run('git', ['-c', 'user.name=Ann', '-c', 'user.email=ann@x', ...args], {
      cwd: folder,
    });
  const commit = async (file: string, text: string) => {
    await mkdir(dirname(join(folder, file)), { recursive: true });
    await writeFile(join(folder, file), text);
    // `.gitignore` has it already; this is for who insists.
    await git('add', '--force', file);
    const done = await git('commit', '--quiet', '--message', file);
    await git('reset', '--quiet');
    return done;
  };

  beforeAll(renderServices, RENDER_MS);
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-commit-'));
    await cp(
      serviceOf({ type: 'api', language: 'go', database: 'postgres' }),
      folder,
      { recursive: true },
    );
    await git('init', '--quiet');
    const hook = await run('make', ['.git/hooks/pre-commit'], { cwd: folder });
    if (hook.code !== 0) throw new Error(hook.output);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('refuses a file of secrets, and says where to keep them', async () => {
    for (const file of ['.env', '.env.production', 'deploy/.env']) {
      const { code, output } = await commit(file, 'API_KEY=sk-1\n');
      expect([file, code === 0]).toEqual([file, false]);
      expect(output).toMatch(
        new RegExp(`platform secrets import [\\w-]+ ${file} --env \\w+\\n`),
      );
      expect(output).not.toContain('sk-1');
    }
  });

  it('refuses a file that is renamed to one of secrets', async () => {
    const example = 'API_KEY=\nSESSION_KEY=\n';
    expect(await commit('.env.example', example)).toMatchObject({ code: 0 });
    expect(await git('mv', '.env.example', '.env')).toMatchObject({ code: 0 });
    const { code, output } = await git('commit', '--quiet', '--message', 'x');
    expect(code).not.toBe(0);
    expect(output).toContain('Not committed: .env would hold secrets');
  });

  it('refuses a file of secrets in a folder of any name', async () => {
    for (const file of ['café/.env', 'two words/.env', 'a"b/.env.local']) {
      const { code, output } = await commit(file, 'API_KEY=sk-1\n');
      expect([file, code === 0]).toEqual([file, false]);
      expect(output).toContain(`Not committed: ${file} would hold secrets`);
    }
    const { output } = await commit('two words/.env', 'API_KEY=sk-1\n');
    expect(output).toMatch(/ two\\ words\/\.env --env \w+\n/);
  });

  it('lets a file of secrets be taken out again', async () => {
    await writeFile(join(folder, '.env'), 'API_KEY=sk-1\n');
    await git('add', '--force', '.env');
    const past = ['commit', '--quiet', '--no-verify', '--message'];
    expect(await git(...past, 'past')).toMatchObject({ code: 0 });
    expect(await git('rm', '--quiet', '.env')).toMatchObject({ code: 0 });
    expect(await git('commit', '--quiet', '--message', 'out')).toMatchObject({
      code: 0,
    });
  });

  it('takes everything else, and an example of such a file', async () => {
    expect(await commit('.env.example', 'API_KEY=\n')).toMatchObject({
      code: 0,
    });
    expect(await commit('notes.md', 'environment\n')).toMatchObject({
      code: 0,
    });
  });

  it('leaves a hook alone that is there already', async () => {
    const hook = join(folder, '.git/hooks/pre-commit');
    await writeFile(hook, '#!/bin/sh\nexit 0\n');
    await run('make', ['.git/hooks/pre-commit'], { cwd: folder });
    expect(await readFile(hook, 'utf8')).toBe('#!/bin/sh\nexit 0\n');
  });
});
