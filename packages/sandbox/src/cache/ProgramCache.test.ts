import { mkdtemp, readdir, rm, writeFile, mkdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Pin } from '../upstream/programs';
import { ProgramCache } from './ProgramCache';

const pin: Pin = {
  kind: 'npm',
  name: 'thing',
  version: '1.2.3',
  package: 'thing',
  packageVersion: '1.2.3-4',
  binaries: { thing: 'bin/thing' },
  minutes: 1,
};

describe('ProgramCache', () => {
  let folder: string;
  let cache: ProgramCache;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-cache-'));
    cache = new ProgramCache(folder);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const make = jest.fn(async (into: string) => {
    await writeFile(join(into, 'binary'), 'content');
    return { thing: 'sum' };
  });
  beforeEach(() => make.mockClear());

  it('makes a program once', async () => {
    await cache.prepare(pin, make);
    const again = await cache.prepare(pin, make);
    expect(make).toHaveBeenCalledTimes(1);
    expect(again).toMatchObject({
      name: 'thing',
      version: '1.2.3',
      made: { thing: 'sum' },
    });
  });

  it('makes it once for two that ask at the same time', async () => {
    const [one, other] = await Promise.all([
      cache.prepare(pin, make),
      new ProgramCache(folder).prepare(pin, make),
    ]);
    expect(make).toHaveBeenCalledTimes(1);
    expect(one.folder).toBe(other.folder);
  });

  it('shows nothing of a program whose making failed, and makes it anew the next time', async () => {
    const fail = async (into: string) => {
      await writeFile(join(into, 'binary'), 'half');
      throw new Error('out of memory');
    };
    await expect(cache.prepare(pin, fail)).rejects.toThrow('out of memory');
    expect(await cache.find(pin)).toBeUndefined();
    expect(await readdir(cache.folder)).toEqual([]);
    await cache.prepare(pin, make);
    expect(await cache.find(pin)).toBeDefined();
  });

  it('does not use what a killed build has left, and removes it', async () => {
    const left = `${await cache.entry(pin)}.partial-99999`;
    await mkdir(join(cache.folder, left), { recursive: true });
    await writeFile(join(cache.folder, left, 'binary'), 'half');
    expect(await cache.find(pin)).toBeUndefined();
    await cache.prepare(pin, make);
    expect(await readdir(cache.folder)).toEqual([await cache.entry(pin)]);
  });

  it('says so when the cache is removed while it is being filled, and has the making end', async () => {
    let ended = false;
    const preparing = cache.prepare(pin, async (_, lost) => {
      await rm(folder, { recursive: true });
      await new Promise<void>(resolve => {
        lost.addEventListener('abort', () => resolve());
      });
      ended = true;
      lost.throwIfAborted();
      return {};
    });
    await expect(preparing).rejects.toThrow(
      `${cache.folder} was removed while thing was being made there.`,
    );
    expect(ended).toBe(true);
  }, 30_000);

  it('takes what was restored while it was being made', async () => {
    const made = await cache.prepare(pin, async into => {
      const entry = join(cache.folder, await cache.entry(pin));
      await mkdir(entry);
      await writeFile(
        join(entry, 'record.json'),
        JSON.stringify({ name: 'thing', version: '1.2.3', seconds: 7 }),
      );
      return make(into);
    });
    expect(made.seconds).toBe(7);
    expect(await readdir(cache.folder)).toEqual([await cache.entry(pin)]);
  });

  it('keeps an entry apart for each pin, whatever is expected of its time', async () => {
    const entry = await cache.entry(pin);
    expect(await cache.entry({ ...pin, version: '1.2.4' })).not.toBe(entry);
    expect(await cache.entry({ ...pin, package: 'other' })).not.toBe(entry);
    expect(await cache.entry({ ...pin, minutes: 5 })).toBe(entry);
  });
});
