import { afterEach, describe, expect, it, vi } from 'vitest';
import { loadConfig } from '../config.ts';

const answer = (body: unknown, status = 200) => {
  vi.stubGlobal('fetch', async () => Response.json(body, { status }));
};

afterEach(() => {
  vi.unstubAllGlobals();
});

describe('loading the configuration', () => {
  it('answers what the server says', async () => {
    answer({ title: 'Shop', apiUrl: '' });
    expect(await loadConfig()).toEqual({ title: 'Shop', apiUrl: '' });
  });

  it('fails where the server does', async () => {
    answer({}, 503);
    await expect(loadConfig()).rejects.toThrow('status 503');
  });

  it.each([[null], [{}], [{ title: 5, apiUrl: '' }], [{ title: 'Shop' }]])(
    'fails with %j, which is none',
    async (body) => {
      answer(body);
      await expect(loadConfig()).rejects.toThrow('not valid');
    },
  );
});
