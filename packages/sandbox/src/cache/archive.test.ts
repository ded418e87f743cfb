import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../machine/run';
import { pinOf } from '../upstream/programs';
import { packCache } from './packCache';
import { restoreCache, restoreFromEnvironment } from './restoreCache';
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

  it('can be restored by several at once', async () => {
    await packCache(cache, file);
    const other = join(folder, 'other');
    const results = await Promise.all(
      [1, 2, 3, 4].map(() => restoreCache(other, file)),
    );
    expect(results.flatMap(({ restored }) => restored)).toHaveLength(1);
    expect(await readdir(other)).toEqual(['programs']);
    expect(await new ProgramCache(other).find(pinOf('etcd'))).toBeDefined();
  });

  it('does not take the place of another file', async () => {
    await writeFile(file, 'precious');
    await expect(packCache(cache, file)).rejects.toThrow(
      `${file} is there already, and stays as it is.`,
    );
    expect(await readFile(file, 'utf8')).toBe('precious');
  });

  it('leaves nothing when it cannot be written', async () => {
    await expect(packCache(cache, '/dev/null/x')).rejects.toThrow(
      '/dev/null/x cannot be written: EEXIST',
    );
    // A disk that becomes full.
    const tools = join(folder, 'tools');
    await mkdir(tools);
    await writeFile(
      join(tools, 'tar'),
      '#!/bin/sh\n[ "$1" = -czf ] || exec /bin/tar "$@"\necho half > "$2"\necho "No space left on device" >&2\nexit 2\n',
      { mode: 0o755 },
    );
    const { PATH } = process.env;
    process.env.PATH = `${tools}:${PATH}`;
    try {
      await expect(packCache(cache, file)).rejects.toThrow(
        `${file} cannot be written: tar ended with 2: No space left on device`,
      );
    } finally {
      process.env.PATH = PATH;
    }
    expect((await readdir(folder)).sort()).toEqual(['cache', 'tools']);
    expect(await readdir(cache)).toEqual(['programs']);
  });

  describe('is refused in words', () => {
    const other = () => join(folder, 'other');
    /** Whatever is wrong, nothing of it stays. */
    const restoring = () =>
      restoreCache(other(), file).finally(async () => {
        const left = await readdir(other());
        if (left.some(name => name !== 'programs'))
          throw new Error(`There is left ${left}`);
      });
    async function packed(manifest: string) {
      await writeFile(join(folder, 'manifest.json'), manifest);
      await run('tar', ['-czf', file, '-C', folder, 'manifest.json']);
    }

    it('when it is no archive', async () => {
      await writeFile(file, 'a letter to my aunt');
      await expect(restoring()).rejects.toThrow(
        `${file} cannot be unpacked: tar ended with 2: `,
      );
    });

    it('when it ends in the middle', async () => {
      await packCache(cache, file);
      await truncate(file, (await stat(file)).size - 20);
      await expect(restoring()).rejects.toThrow(`${file} cannot be unpacked: `);
    });

    it('when it is a folder', async () => {
      await mkdir(file);
      await expect(restoring()).rejects.toThrow(`${file} cannot be unpacked: `);
    });

    it.each(['no JSON', '[]', '{"format":2}'])(
      'when its manifest is %s',
      async manifest => {
        await packed(manifest);
        await expect(restoring()).rejects.toThrow(
          `${file} is not an archive that this version of "platform sandbox pack" writes: its manifest.json says something else.`,
        );
      },
    );

    it('when it has no manifest', async () => {
      await run('tar', ['-czf', file, '-C', cache, 'programs']);
      await expect(restoring()).rejects.toThrow('its manifest.json is missing');
    });

    it('when a program that it names is not in it', async () => {
      const { platform, arch } = process;
      const entries = { 'programs/gone-1': 'x' };
      await packed(JSON.stringify({ format: 1, platform, arch, entries }));
      await expect(restoring()).rejects.toThrow('damaged: programs/gone-1');
    });

    it('when the cache cannot be written', async () => {
      await packCache(cache, file);
      await expect(restoreCache('/dev/null/cache', file)).rejects.toThrow(
        '/dev/null/cache cannot be written: ENOTDIR',
      );
    });
  });

  it('cannot be packed from an empty cache', async () => {
    await expect(packCache(join(folder, 'empty'), file)).rejects.toThrow(
      /Nothing has been prepared/,
    );
  });
});
