import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser, Page } from 'playwright-core';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { findBarriers } from './support/axe';
import { go } from './support/go';

/** Whoever enters is of those who may see what could not be taken. */
const CONFIG = `
platform:
  access:
    admins: ['user:development/guest']
`;
const CART = 'component:default/payment-service';
const NOT_OURS = ['.bui-Tabs [role="tab"]'];

describeWith(['chromium'], 'What metrics could not take, and charts', () => {
  let portal: RunningPortal;
  let browser: Browser;

  beforeAll(async () => {
    portal = await startPortal({ config: CONFIG });
    const file = join(portal.state, 'bad.jsonl');
    const told = (id: string, data: object) => ({
      ...{ specversion: '1.0', id, source: '/ci/payment-service' },
      type: 'com.myorg.platform.deployment.finished.1',
      time: new Date().toISOString(),
      data: { service: CART, environment: 'production', ...data },
    });
    const events = [
      told('run-1', { deployment: '1' }),
      told('run-2', { deployment: '2\0', outcome: 'succeeded' }),
      ...Array.from({ length: 60 }, (_, at) =>
        told(`old-${at}`, { deployment: `${at}`, outcome: 'fine' }),
      ),
    ];
    await writeFile(file, events.map(one => JSON.stringify(one)).join('\n'));
    const deadline = Date.now() + 120_000;
    let imported = await platform(portal, ['metrics', 'import', file]);
    // A portal that was just started may not know yet who enters.
    while (imported.stdout === '' && Date.now() < deadline) {
      imported = await platform(portal, ['metrics', 'import', file]);
    }
    if (!imported.stdout.includes('62 could not be taken')) {
      throw new Error(`${imported.stdout}${imported.stderr}`);
    }
    browser = await launchBrowser();
  }, 600_000);

  afterAll(async () => {
    await browser?.close();
    await portal?.stop();
  }, 180_000);

  describe.each(['light', 'dark'] as const)('in the %s theme', theme => {
    let page: Page;

    beforeAll(async () => {
      page = await openPage(browser, portal.url, theme);
      await signIn(page);
      await page.getByRole('heading', { name: 'What needs you' }).waitFor();
    }, 180_000);

    afterAll(() => page.context().close());

    it('are read to their end, without a barrier', async () => {
      await go(page, '/metrics?tab=sources');
      const list = page.getByRole('region', { name: 'Quarantine' });
      await list.getByText('62 events could not be taken').waitFor();
      await list.getByText('As it came').first().click();
      await page.waitForLoadState('networkidle');
      await list.scrollIntoViewIfNeeded();
      await keepPicture(page, `quarantine-${theme}`);
      expect(await findBarriers(page, NOT_OURS)).toEqual([]);
      expect(await list.getByRole('button', { name: 'Dismiss' }).count()).toBe(
        50,
      );
      const more = list.getByRole('button', { name: 'Show more' });
      await more.click();
      await more.waitFor({ state: 'detached' });
      await list.getByText(/leave out the character NUL/).waitFor();
      expect(await list.getByRole('button', { name: 'Dismiss' }).count()).toBe(
        62,
      );
    }, 180_000);

    it('have one stop of the keyboard, from which arrow keys go through the periods', async () => {
      await go(page, '/metrics?bucket=day');
      const periods = page.getByRole('toolbar').first();
      await periods.waitFor();
      const stops = periods.locator('[role=button][tabindex="0"]');
      expect(await stops.count()).toBe(1);
      await stops.focus();
      const last = await stops.getAttribute('aria-label');
      await page.keyboard.press('ArrowLeft');
      const before = await stops.getAttribute('aria-label');
      expect(before).not.toBe(last);
      await keepPicture(page, `chart-${theme}`);
      await page.keyboard.press('Enter');
      await page.getByRole('dialog').waitFor();
    }, 180_000);
  });
});
