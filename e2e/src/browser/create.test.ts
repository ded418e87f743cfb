import { Browser, Page } from 'playwright-core';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { goTestCreated } from '../support/goTest';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';

describeWith(['chromium'], 'Create Component in a browser', () => {
  let portal: RunningPortal;
  let browser: Browser;
  let page: Page;
  const name = `clicked-${Date.now().toString(36)}`;

  beforeAll(async () => {
    portal = await startPortal();
    browser = await launchBrowser();
    page = await openPage(browser, portal.url);
  }, 600_000);

  afterAll(async () => {
    if (page) await keepPicture(page, 'create');
    await browser?.close();
    await portal?.stop();
  }, 180_000);

  it('refuses a name that is taken while it is typed, and says which is free', async () => {
    await signIn(page, '/create/templates/default/service');
    const field = page.getByLabel('Name');
    await field.fill('payment-service');
    await page.getByText('There is a payment-service in the catalog').waitFor();
    await field.fill('My_Service');
    await page.getByText('my-service', { exact: false }).first().waitFor();
    await field.fill(name);
    await page.getByText(`${name} is free.`).waitFor();
  }, 120_000);

  it('leads through the questions to a preview of the files', async () => {
    await page.getByLabel('Owner').fill('payments');
    await page
      .getByRole('option', { name: /payments/i })
      .first()
      .click();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText('API, answers requests').waitFor();
    await page.getByRole('button', { name: 'Next' }).click();
    await page.getByText(/What will be created: \d+ files/).waitFor();
    await page.getByText('catalog-info.yaml').waitFor();
    await page.getByText('go.mod').waitFor();
  }, 180_000);

  it('creates the service and leads to its repository, its entity and its docs', async () => {
    await page.getByRole('button', { name: /Review/ }).click();
    await page.getByRole('button', { name: 'Create', exact: true }).click();
    const link = page.getByRole('link', { name: 'In the catalog' });
    await link.waitFor({ timeout: 180_000 });
    await page.getByRole('link', { name: /^Repository/ }).waitFor();
    await link.click();
    await page.getByRole('heading', { name }).first().waitFor();
    await page
      .getByRole('tab', { name: 'Dependencies' })
      .or(page.getByRole('link', { name: 'Dependencies' }))
      .click();
    await page
      .getByText(/break|Nothing/)
      .first()
      .waitFor();
  }, 120_000);

  describeWith(['go'], 'the repository that was clicked together', () => {
    it('passes its own tests', async () => {
      expect(await goTestCreated(portal, name)).toMatch(/^ok /m);
    }, 600_000);
  });
});
