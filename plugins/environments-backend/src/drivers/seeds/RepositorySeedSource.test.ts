import { SeedProblem } from '../../controller/SeedSource';
import {
  OWNER,
  RepositoriesOnDisk,
} from '../repositories/__testUtils__/RepositoriesOnDisk';
import { ServiceRepositories } from '../repositories/ServiceRepositories';
import { MOST_SEED_BYTES } from './fetchFile';
import { RepositorySeedSource } from './RepositorySeedSource';

const SEED = 'fixtures/demo-data.sql';

describe('seeds from repositories', () => {
  let repositories: RepositoriesOnDisk;
  let commit: string;
  let source: RepositorySeedSource;
  const { signal } = new AbortController();

  beforeAll(async () => {
    repositories = await RepositoriesOnDisk.create();
    commit = await repositories.publish('cart', { [SEED]: 'SELECT 1;\n' });
    const services: ServiceRepositories = {
      repositoryOf: async (service, owner) =>
        service === 'stock' && owner === OWNER
          ? 'https://git.test/shop/stock'
          : repositories.services.repositoryOf(service, owner),
    };
    source = new RepositorySeedSource({
      ...{ locator: repositories.locator, services },
    });
  });
  afterAll(() => repositories.remove());

  const find = (spec: object, path = SEED) =>
    source.find(
      repositories.target({
        services: [{ name: 'cart', image: 'cart:1' }],
        ...spec,
      }),
      ...([path, signal] as const),
    );

  it('come from the service’s own repository, at its newest commit', async () => {
    const seed = await find({});
    expect(seed).toMatchObject({ commit, size: 10 });
    const chunks: Buffer[] = [];
    for await (const chunk of seed.open(signal)) chunks.push(chunk);
    expect(Buffer.concat(chunks).toString()).toBe('SELECT 1;\n');
  });

  it.each([
    [
      'a file that is not there',
      {},
      'fixtures/none.sql',
      /has no file fixtures\/none.sql .* change the path/,
    ],
    ['a folder', {}, 'fixtures', /has no file/],
    [
      'a branch that is not there',
      { revision: 'none' },
      undefined,
      /has no branch or tag none/,
    ],
    [
      'a service that the catalog does not know',
      { services: [{ name: 'other', image: 'x:1' }] },
      undefined,
      /Add spec.repository/,
    ],
    [
      'a repository of somebody else',
      { repository: 'http://localhost:3000/repositories/bank/vault' },
      undefined,
      /not the repository of a service/,
    ],
    [
      'a repository of the same name at another host',
      {
        services: [{ name: 'stock', image: 'x:1' }],
        repository: 'https://github.com/shop/stock',
      },
      undefined,
      /not the repository of a service/,
    ],
  ])('say what to change for %s', async (_what, spec, path, message) => {
    const failure: unknown = await find(spec, path).catch(error => error);
    expect(failure).toBeInstanceOf(SeedProblem);
    expect(failure).toMatchObject({ message: expect.stringMatching(message) });
  });

  it('are read at the revision that is named', async () => {
    const seed = await find({ revision: 'main' });
    expect(seed.commit).toBe(commit);
  });

  it('have the same content wherever the file itself is the same', async () => {
    const contentIn = async (name: string, files: Record<string, string>) => {
      await repositories.publish(name, files);
      return (await find({ services: [{ name, image: 'x:1' }] })).content;
    };
    const first = await contentIn('first', { [SEED]: 'SELECT 1;\n' });
    const more = { [SEED]: 'SELECT 1;\n', 'README.md': 'More\n' };
    expect(await contentIn('more', more)).toBe(first);
    const other = await contentIn('changed', { [SEED]: 'SELECT 2;\n' });
    expect(other).not.toBe(first);
  });

  it('are not what Git LFS leaves in place of a file', async () => {
    const pointer = `version https://git-lfs.github.com/spec/v1\noid sha256:${'a'.repeat(
      64,
    )}\nsize 150000000\n`;
    await repositories.publish('stored', { [SEED]: pointer });
    const failure: unknown = await find({
      services: [{ name: 'stored', image: 'x:1' }],
    }).catch(error => error);
    expect(failure).toBeInstanceOf(SeedProblem);
    expect(failure).toMatchObject({
      message: expect.stringMatching(
        /kept with Git LFS.*Commit the file itself/,
      ),
    });
  });

  it('are not larger than 200 MB', async () => {
    const text = 'SELECT 1;\n'.padEnd(MOST_SEED_BYTES + 1, '-- nothing\n');
    await repositories.publish('large', { [SEED]: text });
    await expect(
      find({ services: [{ name: 'large', image: 'x:1' }] }),
    ).rejects.toThrow(`${SEED} of shop/large is larger than 200 MB`);
  }, 180_000);
});
