import { mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { BuildStore } from './BuildStore';
import { BuildRequest } from './deliveries';

const request = (letter: string): BuildRequest => ({
  repository: 'highroad/a',
  commit: letter.repeat(40),
  ref: { kind: 'branch', branch: 'main' },
  cause: 'push',
});

describe('BuildStore', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-builds-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('finds after a kill what it has taken in', async () => {
    const store = await BuildStore.open(folder);
    const first = await store.take(request('a'));
    await store.take(request('b'));
    const again = await BuildStore.open(folder);
    expect(
      again
        .all()
        .map(build => build.progress.state)
        .sort(),
    ).toEqual(['queued', 'superseded']);
    expect((await again.take(request('b'))).is).toBe('known');
    expect(again.all()).toHaveLength(2);
    expect(first.is).toBe('new');
  });

  it('takes the same delivery once when it comes twice at a time', async () => {
    const store = await BuildStore.open(folder);
    const results = await Promise.all([
      store.take(request('a')),
      store.take(request('a')),
    ]);
    expect(results.map(result => result.is).sort()).toEqual(['known', 'new']);
  });

  it('keeps records and logs for their owner alone', async () => {
    const store = await BuildStore.open(folder);
    const { build } = await store.take(request('a'));
    await store.write(build.id, 'line\n');
    for (const name of await readdir(folder)) {
      // eslint-disable-next-line no-bitwise
      expect((await stat(join(folder, name))).mode & 0o077).toBe(0);
    }
  });
});
