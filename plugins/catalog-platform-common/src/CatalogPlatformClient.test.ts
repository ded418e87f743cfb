import { CatalogPlatformClient } from './CatalogPlatformClient';

const answer = {
  root: {
    ref: 'component:default/a',
    kind: 'Component',
    name: 'a',
    title: 'a',
  },
  direction: 'dependents',
  depth: 2,
  lifecycle: ['production'],
  items: [],
  passed: [],
  edges: [],
  unresolved: [],
  lifecycles: [],
  deeper: false,
  truncated: false,
};

function clientAnswering(status: number, body: unknown) {
  const asked: string[] = [];
  const client = new CatalogPlatformClient({
    fetchApi: {
      fetch: async input => {
        asked.push(String(input));
        return new Response(JSON.stringify(body), {
          status,
          headers: { 'content-type': 'application/json' },
        });
      },
    },
  });
  return { client, asked };
}

describe('CatalogPlatformClient', () => {
  it('asks for dependents with every option in the address', async () => {
    const { client, asked } = clientAnswering(200, answer);
    await client.dependents('component:default/a', {
      depth: 2,
      direction: 'dependents',
      lifecycle: ['production', 'a&b'],
    });
    expect(asked).toEqual([
      'plugin://catalog/platform/v1/dependents/component/default/a?depth=2&direction=dependents&lifecycle=production&lifecycle=a%26b',
    ]);
  });

  it('does not let a name leave its place in the path', async () => {
    const { client, asked } = clientAnswering(200, answer);
    await client.dependents('component:default/..%2f..?x#y');
    expect(asked).toEqual([
      'plugin://catalog/platform/v1/dependents/component/default/..%252f..%3Fx%23y',
    ]);
  });

  it('asks for the findings of one owner or of several', async () => {
    const { client, asked } = clientAnswering(200, {
      owners: [],
      total: 0,
      truncated: false,
      checkedAt: '2026-01-01T00:00:00.000Z',
    });
    await client.findings({ owner: 'group:default/x' });
    await client.findings({ owner: ['group:default/x', 'user:default/y'] });
    await client.findings();
    expect(asked.map(url => new URL(url).search)).toEqual([
      '?owner=group%3Adefault%2Fx',
      '?owner=group%3Adefault%2Fx&owner=user%3Adefault%2Fy',
      '',
    ]);
  });

  it('passes on what the server says is wrong', async () => {
    const { client } = clientAnswering(404, {
      error: { name: 'NotFoundError', message: 'There is no such thing' },
      response: { statusCode: 404 },
    });
    await expect(
      client.dependents('component:default/a'),
    ).rejects.toMatchObject({
      cause: { name: 'NotFoundError', message: 'There is no such thing' },
    });
  });

  it('refuses an answer of a shape that it does not know', async () => {
    const { client } = clientAnswering(200, { ...answer, items: 'none' });
    await expect(client.dependents('component:default/a')).rejects.toThrow(
      /items/,
    );
  });
});
