import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { Browser, Page } from 'playwright-core';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { until } from '../support/until';
import { go } from './support/go';
import { makeRepository } from './support/repository';

const PAYMENT_SERVICE = '/catalog/default/component/payment-service';
const SLOW = 180_000;

describeWith(['chromium'], 'The pages of the portal', () => {
  let portal: RunningPortal;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    portal = await startPortal();
    browser = await launchBrowser();
    page = await openPage(browser, portal.url);
    await signIn(page);
  }, 600_000);

  afterAll(async () => {
    if (page) await keepPicture(page, 'pages');
    await browser?.close();
    await portal?.stop();
  }, 180_000);

  const search = () => new URL(page.url()).searchParams;
  const urlHas = (key: string, value: string | null) =>
    page.waitForURL(url => url.searchParams.get(key) === value);

  describe('home', () => {
    it(
      'answers what needs me, what is mine and what I can do next',
      async () => {
        const needs = page.getByRole('region', { name: 'What needs you' });
        await needs
          .getByText('All well')
          .or(needs.getByRole('listitem').first())
          .waitFor();
        await page
          .getByRole('region', { name: 'Your services' })
          .getByRole('link', { name: 'Payment service' })
          .or(page.getByRole('link', { name: /^All \d+/ }))
          .first()
          .waitFor();
        await page
          .getByRole('region', { name: 'What you can do next' })
          .getByRole('link')
          .first()
          .waitFor();
      },
      SLOW,
    );

    it(
      'says how delivery goes, and leads to the numbers',
      async () => {
        const card = page.getByRole('region', { name: 'How delivery goes' });
        await card
          .getByText(/^Deployment frequency$|not the same as zero/)
          .waitFor();
        const link = card.getByRole('link').first();
        expect(await link.getAttribute('href')).toMatch(/^\/metrics/);
      },
      SLOW,
    );

    it(
      'has no link that leads nowhere',
      async () => {
        const links = await page
          .getByRole('main')
          .getByRole('link')
          .evaluateAll(all => all.map(link => link.getAttribute('href') ?? ''));
        const targets = [...new Set(links)];
        expect(targets).toContain('/create/templates/default/service');
        expect(targets).toContain('/docs/default/component/highroad');

        // The first shows that a page that is not there would be noticed.
        const lost = page.getByText(
          /there is no page here|nothing of this name|404|not found/i,
        );
        for (const target of ['/nowhere-at-all', ...targets]) {
          await go(page, target);
          await page.waitForLoadState('networkidle');
          const seen = await lost
            .first()
            .waitFor({ timeout: target === '/nowhere-at-all' ? 20_000 : 500 })
            .then(() => true)
            .catch(() => false);
          expect({ target, lost: seen }).toEqual({
            target,
            lost: target === '/nowhere-at-all',
          });
        }
      },
      3 * SLOW,
    );
  });

  describe('the page of a service', () => {
    it(
      'says who owns it, what breaks with it, and where its dashboard and on-call are',
      async () => {
        await go(page, PAYMENT_SERVICE);
        await page.getByText(/\d+ things break if this breaks/).waitFor();
        await page.getByRole('link', { name: 'Payments' }).first().waitFor();
        for (const name of ['Dashboard', 'On call', 'Repository', 'CI runs']) {
          const href = await page
            .getByRole('link', { name: new RegExp(name) })
            .first()
            .getAttribute('href');
          expect(href).toMatch(/^https:\/\//);
        }
      },
      SLOW,
    );

    it(
      'lists its dependents in a drawing and a table, and turns the question round',
      async () => {
        await go(page, `${PAYMENT_SERVICE}/dependencies`);
        await page
          .getByRole('heading', { name: /things break if this breaks/ })
          .waitFor();
        await page.getByRole('group', { name: /Drawing/ }).waitFor();
        const table = page.getByRole('table', {
          name: 'What breaks if this breaks',
        });
        await table
          .getByRole('link', { name: 'Order service', exact: true })
          .waitFor();

        await page.getByRole('button', { name: 'What it needs' }).click();
        await page.getByRole('heading', { name: /^This needs \d+/ }).waitFor();
        await page
          .getByRole('table', { name: 'What this needs' })
          .getByRole('link', { name: 'User service', exact: true })
          .waitFor();
        expect(search().get('direction')).toBe('dependencies');
      },
      SLOW,
    );

    it(
      'keeps depth and lifecycle in the address, and knows them after a reload',
      async () => {
        await go(page, `${PAYMENT_SERVICE}/dependencies`);
        await choose('Steps', 'up to 2');
        await urlHas('depth', '2');
        await choose('Lifecycle', /^production/);
        await page.keyboard.press('Escape');
        await urlHas('lifecycle', 'production');
        const headline = page.getByRole('heading', {
          name: /things? in production break/,
        });
        await headline.waitFor();
        const before = await headline.innerText();

        await page.reload();
        await headline.waitFor();
        expect(await headline.innerText()).toBe(before);
        await page
          .getByRole('combobox', { name: 'Steps' })
          .getByText('up to 2')
          .waitFor();
        await page
          .getByRole('combobox', { name: 'Lifecycle' })
          .getByText('production')
          .waitFor();
      },
      SLOW,
    );
  });

  it(
    'lists what is wrong in the catalog, for everybody or for me, and keeps the choice in the address',
    async () => {
      await go(page, '/findings');
      const missing = page.getByText('not in the catalog', { exact: true });
      await missing.waitFor();
      await page.getByRole('button', { name: 'Errors only' }).click();
      await urlHas('level', 'error');
      await missing.waitFor();
      await page.getByText('Warning:').first().waitFor({ state: 'detached' });

      await page.getByRole('button', { name: "My teams'" }).click();
      await urlHas('show', 'mine');
      await missing.waitFor({ state: 'detached' });

      await page.reload();
      await page
        .getByRole('button', { name: "My teams'", pressed: true })
        .waitFor();
      await page.getByRole('button', { name: "Everyone's" }).click();
      await missing.waitFor();
      expect(search().get('show')).toBeNull();
    },
    SLOW,
  );

  it(
    'finds a service by its name',
    async () => {
      const found = page.getByRole('link', { name: 'Payment service' }).first();
      const shows = async () => {
        await go(page, '/catalog');
        await go(page, '/search?query=payment-service');
        return found.waitFor({ timeout: 5_000 }).then(
          () => true,
          () => false,
        );
      };
      // What is found is collected a while after the start, on a busy machine a long while.
      await until(shows, 2 * SLOW, () => 'The search finds nothing.');
      await found.click();
      await page.waitForURL(`**${PAYMENT_SERVICE}`);
    },
    3 * SLOW,
  );

  const withDocs = existsSync(join(cache(), 'techdocs/bin/mkdocs'))
    ? it
    : it.skip;
  withDocs(
    'shows the documentation of the platform [needs mkdocs]',
    async () => {
      await go(page, '/docs/default/component/highroad');
      await page
        .getByRole('heading', { level: 1, name: 'Highroad' })
        .first()
        .waitFor({ timeout: 2 * SLOW });
      await page
        .getByRole('link', { name: 'create a service' })
        .first()
        .waitFor();
    },
    3 * SLOW,
  );

  it(
    'shows the repositories on this machine, their files and how to clone them',
    async () => {
      const name = `shelf-${Date.now().toString(36)}`;
      const repository = join(
        portal.state,
        'repositories/browser-tests',
        `${name}.git`,
      );
      await makeRepository(repository, '# A shelf for books\n');
      try {
        await go(page, '/repositories');
        await page
          .getByRole('link', { name: `browser-tests/${name}`, exact: true })
          .click();
        await page.getByText(`git clone ${repository}`).waitFor();
        await page.getByText('Put the first book on it').waitFor();
        await page
          .getByRole('heading', { name: 'A shelf for books' })
          .waitFor();

        await page.getByRole('link', { name: 'README.md' }).click();
        await page.waitForURL('**/blob/main/README.md');
        await page
          .getByRole('heading', { name: 'A shelf for books' })
          .waitFor();
        await page
          .getByRole('navigation', { name: 'Path' })
          .getByRole('link', { name: `browser-tests/${name}` })
          .click();
        await page.waitForURL(`**/repositories/browser-tests/${name}`);
      } finally {
        await rm(repository, { recursive: true });
      }
    },
    SLOW,
  );

  it(
    'changes its theme in the settings and keeps it after a reload',
    async () => {
      // A page of its own: the others are told their theme before they load.
      const context = await browser.newContext({ baseURL: portal.url });
      const fresh = await context.newPage();
      try {
        await signIn(fresh, '/settings');
        const mode = () =>
          fresh.evaluate(() => document.body.getAttribute('data-theme-mode'));
        await fresh.getByRole('button', { name: 'Light' }).click();
        await fresh.waitForFunction(
          () => document.body.getAttribute('data-theme-mode') === 'light',
        );
        await fresh.getByRole('button', { name: 'Dark' }).click();
        await fresh.waitForFunction(
          () => document.body.getAttribute('data-theme-mode') === 'dark',
        );
        await fresh.reload();
        await fresh.getByRole('button', { name: 'Dark' }).waitFor();
        expect(await mode()).toBe('dark');
      } finally {
        await context.close();
      }
    },
    SLOW,
  );

  async function choose(field: string, option: string | RegExp) {
    await page.getByRole('combobox', { name: field }).click();
    await page.getByRole('option', { name: option }).click();
  }
});

/** Where `npm start` keeps what TechDocs generates pages with. */
function cache(): string {
  return (
    process.env.HIGHROAD_CACHE ??
    join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'highroad')
  );
}
