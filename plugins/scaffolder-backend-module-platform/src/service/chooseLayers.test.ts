import { createMockDirectory } from '@backstage/backend-test-utils';
import { chooseLayers } from './chooseLayers';

const answers = {
  type: 'api',
  language: 'go',
  database: 'none',
  delivery: 'rolling',
};

describe('chooseLayers', () => {
  const skeleton = createMockDirectory({
    content: {
      base: {},
      types: { api: {} },
      languages: {
        go: { common: {}, api: {}, worker: {} },
        java: { api: {}, mysql: {} },
        ts: { api: {}, web: {} },
      },
      databases: {
        postgres: { common: {}, go: {}, 'go-api': {}, 'go-worker': {} },
        mysql: { 'layer.yaml': '' },
        redis: { ts: {}, 'ts-api': {} },
      },
      delivery: { rolling: {}, canary: {} },
    },
  });
  const choose = (changed: Partial<typeof answers>) =>
    chooseLayers(skeleton.path, { ...answers, ...changed });

  it('lays the general before the particular, and leaves out what is not there', async () => {
    expect(await choose({})).toEqual([
      'base',
      'types/api',
      'languages/go/common',
      'languages/go/api',
      'delivery/rolling',
    ]);
    expect(await choose({ type: 'worker', database: 'postgres' })).toEqual([
      'base',
      'languages/go/common',
      'languages/go/worker',
      'databases/postgres/common',
      'databases/postgres/go',
      'databases/postgres/go-worker',
      'delivery/rolling',
    ]);
  });

  it('takes a client that a language brings along itself', async () => {
    expect(await choose({ language: 'java', database: 'mysql' })).toEqual([
      'base',
      'types/api',
      'languages/java/api',
      'languages/java/mysql',
      'delivery/rolling',
    ]);
  });

  it.each([
    [
      { language: 'cobol' },
      'no language "cobol" here. Choose one of: go, java, ts',
    ],
    [{ language: 'java', type: 'worker' }, 'no worker in java'],
    [{ database: 'oracle' }, 'no database "oracle" here'],
    [{ database: 'mysql' }, 'no mysql client for go yet'],
    [
      { language: 'ts', type: 'web', database: 'redis' },
      'A web in ts takes no redis',
    ],
    [{ delivery: 'yolo' }, 'Choose one of: canary, rolling'],
  ])('refuses %j and says what there is', async (changed, message) => {
    await expect(choose(changed)).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining(message),
    });
  });
});
