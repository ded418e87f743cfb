import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { Browser } from 'playwright-core';
import { launchBrowser, openPage } from '../support/browser';
import { platform, startPlatform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { until } from '../support/until';

/** Whoever enters is somebody of the catalog, as with a real sign-in. */
const CONFIG = `
auth:
  providers:
    guest:
      userEntityRef: user:default/mei.tanaka
      ownershipEntityRefs: [user:default/mei.tanaka, group:default/storefront-team]
`;

describeWith(['chromium'], 'platform login', () => {
  let portal: RunningPortal;
  let browser: Browser;
  let home: string;

  /** Somebody's machine on which no portal runs. */
  const env = (): NodeJS.ProcessEnv => ({
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_DATA_HOME: join(home, 'data'),
    XDG_CACHE_HOME: join(home, 'cache'),
    HIGHROAD_CACHE: join(home, 'nothing'),
    PATH: [join(home, 'bin'), process.env.PATH].join(delimiter),
  });
  const run = (...args: string[]) => platform(portal, args, env());
  const kept = (name: string) =>
    readFile(
      join(
        home,
        'data/backstage-cli/auth-secrets',
        encodeURIComponent(
          `backstage-cli:auth-instance:${new URL(portal.backendUrl).host}`,
        ),
        `${name}.secret`,
      ),
      'utf8',
    );

  beforeAll(async () => {
    portal = await startPortal({ config: CONFIG });
    browser = await launchBrowser();
    home = await mkdtemp(join(tmpdir(), 'highroad-home-'));
    // What is asked to open an address writes it down instead.
    await mkdir(join(home, 'bin'));
    for (const opener of ['xdg-open', 'open']) {
      await writeFile(
        join(home, 'bin', opener),
        `#!/bin/sh\nprintf %s "$1" > ${join(home, 'opened')}\n`,
        { mode: 0o755 },
      );
    }
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
    if (home) await rm(home, { recursive: true, force: true });
  }, 180_000);

  it('is what a machine without a portal asks for', async () => {
    const { code, stderr } = await run('whoami');
    expect(code).toBe(6);
    expect(stderr).toContain('platform login --backend-url');
  }, 180_000);

  it('opens the portal, where one agrees, and is that person from then on', async () => {
    const login = startPlatform(
      portal,
      ['login', '--backend-url', portal.backendUrl],
      env(),
    );
    await until(
      () => existsSync(join(home, 'opened')),
      60_000,
      () => 'No address was opened.',
    );
    const page = await openPage(browser, portal.url);
    await page.goto(await readFile(join(home, 'opened'), 'utf8'));
    await page.getByRole('button', { name: 'Enter' }).click();
    await page.getByText('Backstage CLI').first().waitFor();
    await page.getByRole('button', { name: 'Authorize' }).click();
    await page.getByText('You may now close this window').waitFor();
    const { code, stdout } = await login.ended;
    expect({ code, stdout }).toEqual({
      code: 0,
      stdout: expect.stringContaining('Login successful'),
    });

    const { stdout: who } = await run('whoami', '--json');
    expect(JSON.parse(who)).toEqual({
      user: 'user:default/mei.tanaka',
      teams: ['group:default/storefront-team'],
      portal: portal.backendUrl,
      source: `signed in to ${new URL(portal.backendUrl).host}`,
    });
    const { stdout: list } = await run('service', 'list', '--json');
    const names = JSON.parse(list).map((s: { name: string }) => s.name);
    expect(names).toContain('cart-service');
    expect(names).not.toContain('payment-service');
  }, 90_000);

  it('goes on by itself when the token has ended', async () => {
    const file = join(home, 'config/backstage-cli/auth-instances.yaml');
    const before = await kept('accessToken');
    const instances = await readFile(file, 'utf8');
    expect(instances).toMatch(/accessTokenExpiresAt: \d{13}/);
    await writeFile(
      file,
      instances.replace(/(accessTokenExpiresAt): \d+/, '$1: 1'),
    );
    const { code, stdout } = await run('whoami');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^You are user:default\/mei\.tanaka$/m);
    expect(stdout).toContain('group:default/storefront-team');
    expect(await kept('accessToken')).not.toBe(before);
  }, 180_000);

  it('is ended by platform logout, here and in the portal', async () => {
    const renew = (token: string) =>
      fetch(`${portal.backendUrl}/api/auth/v1/token`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify({
          grant_type: 'refresh_token',
          refresh_token: token,
        }),
      });
    const refreshToken = await kept('refreshToken');
    const { code, stdout } = await run('logout');
    expect({ code, stdout }).toEqual({ code: 0, stdout: 'Logged out\n' });

    expect((await run('whoami')).code).toBe(6);
    await expect(kept('accessToken')).rejects.toThrow('ENOENT');
    // Whoever has kept a copy can do nothing with it.
    expect((await renew(refreshToken)).status).toBeGreaterThanOrEqual(400);

    const again = await run('logout');
    expect(again.code).toBe(1);
    expect(again.stderr).toContain('You are signed in nowhere.');
  }, 180_000);
});
