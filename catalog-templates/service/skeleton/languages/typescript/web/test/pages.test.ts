import assert from 'node:assert/strict';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import type { FastifyInstance } from 'fastify';
import { pino } from 'pino';
import { configSchema } from '../src/config.ts';
import { addPages } from '../src/pages.ts';
import { readEnvironment } from '../src/runtime/environment.ts';
import { createHttpApp } from '../src/runtime/http.ts';
import { createRegistry } from '../src/runtime/metrics.ts';
import { Readiness } from '../src/runtime/readiness.ts';

describe('the pages', () => {
  let app: FastifyInstance;
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pages-'));
    await mkdir(join(folder, 'assets'));
    await writeFile(join(folder, 'index.html'), '<!doctype html><title>page</title>');
    await writeFile(join(folder, 'assets', 'main-abc123.js'), 'export {};');
    const logger = pino({ level: 'silent' });
    const readiness = new Readiness({}, logger);
    app = createHttpApp({ logger, registry: createRegistry(), readiness });
    const env = { PUBLIC_TITLE: 'Shop', PUBLIC_API_URL: 'https://api.example.com/v1' };
    await addPages(app, folder, readEnvironment(configSchema, env));
  });
  after(async () => {
    await app.close();
    await rm(folder, { recursive: true });
  });

  for (const path of ['/', '/orders/12', '/about?tab=1']) {
    it(`answer ${path} with the page, which browsers ask for anew each time`, async () => {
      const response = await app.inject(path);
      assert.equal(response.statusCode, 200);
      assert.match(String(response.headers['content-type']), /^text\/html/);
      assert.equal(response.headers['cache-control'], 'no-cache');
    });
  }

  it('let browsers keep assets for ever', async () => {
    const response = await app.inject('/assets/main-abc123.js');
    assert.equal(response.headers['cache-control'], 'public, max-age=31536000, immutable');
  });

  for (const path of ['/assets/gone.js', '/.env', '/..%2f..%2fpackage.json', '/package.json']) {
    it(`do not answer ${path}`, async () => {
      const response = await app.inject(path);
      assert.ok(response.statusCode >= 400 && response.statusCode < 500);
      assert.doesNotMatch(response.body, /<title>/);
    });
  }

  it('get their configuration from the environment, never from a cache', async () => {
    const response = await app.inject('/config.json');
    assert.deepEqual(response.json(), { title: 'Shop', apiUrl: 'https://api.example.com/v1' });
    assert.equal(response.headers['cache-control'], 'no-store');
  });

  it('may run their own scripts only, and call their own server and the API only', async () => {
    const response = await app.inject('/');
    const policy = String(response.headers['content-security-policy']);
    assert.match(policy, /default-src 'self'(;|$)/);
    assert.match(policy, /connect-src 'self' https:\/\/api\.example\.com(;|$)/);
    assert.match(policy, /frame-ancestors 'none'/);
    assert.equal(response.headers['x-content-type-options'], 'nosniff');
  });
});
