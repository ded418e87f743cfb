import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { answers, startProcess } from './process.ts';

describe('the built pages', () => {
  it('are served with every file that they name', async (t) => {
    const service = await startProcess({ PUBLIC_TITLE: 'Shop' });
    t.after(() => {
      service.signal('SIGKILL');
    });
    await answers(`${service.url}/readyz`, 200);
    const page = await (await answers(`${service.url}/`, 200)).text();
    const files = [...page.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path ?? '');
    assert.ok(files.some((path) => path.endsWith('.js')));
    for (const path of files) await answers(service.url + path, 200);

    const config: unknown = await (await answers(`${service.url}/config.json`, 200)).json();
    assert.deepEqual(config, { title: 'Shop', apiUrl: '' });
  });
});
