import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../machine/run';
import { pinOf } from '../upstream/programs';
import { packCache, restoreCache, restoreFromEnvironment } from './archive';
import { ProgramCache } from './ProgramCache';

describe('an archive of the cache', () => {
  let folder: string;
  let cache: string;
  let file: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-archive-'));
    cache = join(folder, 'cache');
    file = join(folder, 'cache.tgz');
    await new ProgramCache(cache).prepare(pinOf('etcd'), async into => {
      await mkdir(join(into, 'bin'));
      await writeFile(join(into, 'bin/etcd'), 'a binary');
      await chmod(join(into, 'bin/etcd'), 0o755);
      return {};
    });
    await mkdir(join(cache, 'programs', 'half-1.partial-1'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('brings the programs to an empty cache, executable, and leaves out what was half made', async () => {
    expect(await packCache(cache, file)).toMatchObject({ entries: 1 });
    const other = join(folder, 'other');
    const { restored } = await restoreCache(other, file);
    expect(restored).toHaveLength(1);
    const program = await new ProgramCache(other).find(pinOf('etcd'));
    expect(await readFile(`${program?.folder}/bin/etcd`, 'utf8')).toBe(
      'a binary',
    );
    // eslint-disable-next-line no-bitwise
    expect((await stat(`${program?.folder}/bin/etcd`)).mode & 0o777).toBe(
      0o755,
    );
    expect(await readdir(join(other, 'programs'))).toHaveLength(1);
  });

  it('leaves what is there already', async () => {
    await packCache(cache, file);
    expect(await restoreCache(cache, file)).toMatchObject({
      restored: [],
      present: [expect.stringMatching(/etcd/)],
    });
  });

  it('is refused when a program in it is not what was packed', async () => {
    await packCache(cache, file);
    const opened = join(folder, 'opened');
    await mkdir(opened);
    await run('tar', ['-xzf', file, '-C', opened]);
    const [entry] = await readdir(join(opened, 'programs'));
    await writeFile(
      join(opened, 'programs', entry, 'bin/etcd'),
      'another binary',
    );
    await run('tar', ['-czf', file, '-C', opened, 'manifest.json', 'programs']);
    const other = join(folder, 'other');
    await expect(restoreCache(other, file)).rejects.toThrow(
      /damaged: programs\/etcd/,
    );
    expect(await new ProgramCache(other).find(pinOf('etcd'))).toBeUndefined();
  });

  it.each(['../evil', 'programs/../../evil', '/etc', 'data/x'])(
    'is refused when it names %s',
    async entry => {
      const opened = join(folder, 'opened');
      await mkdir(opened);
      await writeFile(
        join(opened, 'manifest.json'),
        JSON.stringify({
          format: 1,
          platform: process.platform,
          arch: process.arch,
          entries: { [entry]: 'x' },
        }),
      );
      await run('tar', ['-czf', file, '-C', opened, 'manifest.json']);
      await expect(restoreCache(join(folder, 'other'), file)).rejects.toThrow(
        /outside the cache/,
      );
    },
  );

  it('is refused on another kind of machine', async () => {
    const opened = join(folder, 'opened');
    await mkdir(opened);
    await writeFile(
      join(opened, 'manifest.json'),
      JSON.stringify({
        format: 1,
        platform: 'plan9',
        arch: 'mips',
        entries: {},
      }),
    );
    await run('tar', ['-czf', file, '-C', opened, 'manifest.json']);
    await expect(restoreCache(join(folder, 'other'), file)).rejects.toThrow(
      /packed for plan9 mips/,
    );
  });

  it('is taken when the environment names it, and what is wrong with it is said', async () => {
    await packCache(cache, file);
    const other = join(folder, 'other');
    expect(await restoreFromEnvironment(other, {})).toBe(false);
    expect(
      await restoreFromEnvironment(other, { HIGHROAD_SANDBOX_ARCHIVE: file }),
    ).toBe(true);
    expect(await new ProgramCache(other).find(pinOf('etcd'))).toBeDefined();
    await expect(
      restoreFromEnvironment(other, { HIGHROAD_SANDBOX_ARCHIVE: '/none.tgz' }),
    ).rejects.toThrow(/HIGHROAD_SANDBOX_ARCHIVE: There is no archive/);
  });

  it('cannot be packed from an empty cache', async () => {
    await expect(packCache(join(folder, 'empty'), file)).rejects.toThrow(
      /Nothing has been prepared/,
    );
  });
});
