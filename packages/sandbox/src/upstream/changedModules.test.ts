import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { changeModules } from './changedModules';

describe('changeModules', () => {
  let folder: string;
  let source: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-changed-'));
    for (const name of ['module', 'wrapper', 'into'])
      await mkdir(join(folder, name));
    source = join(folder, 'module/a.go');
    await writeFile(source, 'x := "0.0.0.0"\n');
    await writeFile(
      join(folder, 'wrapper/go.mod'),
      'module w\n\nrequire example.org/m v1.0.0',
    );
    await writeFile(join(folder, 'wrapper/go.sum'), 'sums');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const change = (from: string) =>
    changeModules(
      [{ module: 'example.org/m', file: 'a.go', from, to: '"127.0.0.1"' }],
      {
        wrapper: join(folder, 'wrapper'),
        into: join(folder, 'into'),
        folderOf: async () => join(folder, 'module'),
      },
    );

  it('has a changed copy taken for the module, which stays as it is', async () => {
    const modules = await readFile(await change('"0.0.0.0"'), 'utf8');
    const copy = /^replace example\.org\/m => "(.+)"$/m.exec(modules)?.[1];
    expect(modules).toContain('require example.org/m v1.0.0\n');
    expect(await readFile(join(copy!, 'a.go'), 'utf8')).toBe(
      'x := "127.0.0.1"\n',
    );
    expect(await readFile(source, 'utf8')).toBe('x := "0.0.0.0"\n');
    expect(await readFile(join(folder, 'into/go.sum'), 'utf8')).toBe('sums');
  });

  it.each([
    ['is not there', '"::"', 0],
    ['is there more than once', '0.', 3],
  ])('refuses to change what %s', async (_, from, times) => {
    await expect(change(from)).rejects.toThrow(
      `example.org/m has ${from} ${times} times in a.go`,
    );
  });
});
