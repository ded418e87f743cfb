import { readFile } from 'node:fs/promises';
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

const SLOW = 180_000;

describeWith(['chromium'], 'The pages that say who did what', () => {
  let portal: RunningPortal;
  let browser: Browser;
  let page: Page;
  const name = `watched-${Date.now().toString(36)}`;

  beforeAll(async () => {
    portal = await startPortal();
    browser = await launchBrowser();
    page = await openPage(browser, portal.url);
    await signIn(page, '/audit');
    await page.getByText(/\d+ records? in the chain|chain is empty/).waitFor();
  }, 600_000);

  afterAll(async () => {
    if (page) await keepPicture(page, 'audit');
    await browser?.close();
    await portal?.stop();
  }, 180_000);

  const rows = () => page.getByRole('table', { name: 'Records' });
  const creation = () =>
    rows()
      .getByRole('row')
      .filter({ hasText: 'created the service' })
      .filter({ hasText: name });

  it(
    'lists what is done while one looks, without a reload',
    async () => {
      // It would be gone after a reload.
      await page.evaluate(() => {
        document.body.dataset.since = 'before';
      });
      expect(await creation().count()).toBe(0);
      const { code } = await platform(portal, [
        ...['service', 'create', name, '--type', 'worker'],
        ...['--language', 'go'],
      ]);
      expect(code).toBe(0);

      await creation().waitFor();
      const text = await creation().innerText();
      expect(text).toContain('development/guest');
      expect(text).toContain('succeeded');
      expect(await page.evaluate(() => document.body.dataset.since)).toBe(
        'before',
      );
    },
    2 * SLOW,
  );

  it(
    'looks for a service in the address, and shows everything again',
    async () => {
      await page.getByLabel('Service').fill(name);
      await page.waitForURL(url => url.searchParams.get('service') === name);
      await creation().waitFor();
      // The one below the names of the columns is the only one.
      await rows().getByRole('row').nth(2).waitFor({ state: 'detached' });
      await creation().waitFor();

      await page.reload();
      await creation().waitFor();
      expect(await page.getByLabel('Service').inputValue()).toBe(name);

      await page.getByLabel('Who').fill('nobody-at-all');
      await page.getByText('Nothing fits the filter').waitFor();
      await page.getByRole('button', { name: 'Show everything' }).click();
      await rows().getByRole('row').nth(2).waitFor();
      expect(new URL(page.url()).search).toBe('');
    },
    SLOW,
  );

  it(
    'shows all of a record beside the list, and leads to what belongs to the same request',
    async () => {
      await creation()
        .getByRole('button', { name: 'created the service' })
        .click();
      const drawer = page.getByRole('dialog', { name: 'Record' });
      await drawer.getByText('user:development/guest').waitFor();
      await drawer.getByText('scaffolder.service-create').waitFor();
      await drawer
        .getByRole('link', { name: `component:default/${name}` })
        .waitFor();
      await drawer
        .getByText(/^[0-9a-f]{64}$/)
        .first()
        .waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page.keyboard.press('Escape');
      await drawer.waitFor({ state: 'hidden' });
    },
    SLOW,
  );

  it(
    'takes records away in a file that the command verifies alone',
    async () => {
      await page.getByRole('button', { name: 'Export' }).click();
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('menuitem', { name: /JSON lines/ }).click(),
      ]);
      expect(download.suggestedFilename()).toBe('audit.jsonl');
      const file = join(portal.state, `audit-${name}.jsonl`);
      await download.saveAs(file);
      expect(await readFile(file, 'utf8')).toContain(name);

      // An address that answers nothing: it is not needed.
      const offline = { PLATFORM_URL: 'http://127.0.0.1:1' };
      const { code, stdout } = await platform(
        portal,
        ['audit', 'verify', '--file', file],
        offline,
      );
      expect(code).toBe(0);
      expect(stdout).toMatch(
        /^✔ .* is as the one who signed it wrote it: \d+ records/,
      );
    },
    SLOW,
  );

  it(
    'says on request that the records are as they were written, and records that it was asked',
    async () => {
      await page.getByRole('button', { name: 'Verify' }).click();
      await page
        .getByRole('alert')
        .getByText(/\d+ records \(1 to \d+\) are as they were written/)
        .waitFor();
      await rows()
        .getByRole('row')
        .nth(1)
        .filter({ hasText: 'verified the records' })
        .filter({ hasText: 'portal' })
        .waitFor();
    },
    SLOW,
  );

  it(
    'says on the page of a service who created it',
    async () => {
      await go(page, `/catalog/default/component/${name}`);
      await page
        .getByRole('tab', { name: 'Audit' })
        .or(page.getByRole('main').getByRole('link', { name: 'Audit' }))
        .first()
        .click();
      const row = rows()
        .getByRole('row')
        .filter({ hasText: 'created the service' });
      await row.waitFor();
      expect(await row.innerText()).toContain('development/guest');
    },
    SLOW,
  );
});
