import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { Browser, Page } from 'playwright-core';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { findBarriers } from './support/axe';
import { go } from './support/go';

const SLOW = 180_000;

/** A registry without a single image. */
async function startEmptyRegistry(): Promise<Server> {
  const server = createServer((request, response) => {
    const missing = request.url !== '/v2/';
    response.writeHead(missing ? 404 : 200, {
      'Content-Type': 'application/json',
    });
    response.end(
      missing
        ? JSON.stringify({
            errors: [{ code: 'MANIFEST_UNKNOWN', message: 'manifest unknown' }],
          })
        : '{}',
    );
  });
  await new Promise<void>(done => {
    server.listen(0, '127.0.0.1', done);
  });
  return server;
}

const configWith = (registry: string) => `
platform:
  access:
    admins: ['user:development/guest']
  create:
    imagePrefix: ${registry}/shop
  registries:
    - host: ${registry}
      insecure: true
  clusters:
    - name: nowhere
      url: http://127.0.0.1:9
      token: none
  environments:
    - name: staging
      cluster: nowhere
    - name: production
      cluster: nowhere
      production: true
`;

describeWith(['chromium'], 'Deployments in the portal', () => {
  let registry: Server;
  let portal: RunningPortal;
  let browser: Browser;
  let page: Page;

  beforeAll(async () => {
    registry = await startEmptyRegistry();
    const { port } = registry.address() as AddressInfo;
    portal = await startPortal({ config: configWith(`127.0.0.1:${port}`) });
    browser = await launchBrowser();
    page = await openPage(browser, portal.url);
    await signIn(page);
  }, 600_000);

  afterAll(async () => {
    if (page) await keepPicture(page, 'deployments');
    await browser?.close();
    await portal?.stop();
    registry?.close();
  }, 180_000);

  it(
    'lead from the first step to why it failed',
    async () => {
      await go(page, '/deployments');
      await page.getByText('Nothing was ever deployed').waitFor();
      expect(await findBarriers(page)).toEqual([]);

      await page.getByRole('button', { name: 'Deploy…' }).first().click();
      await page.getByLabel('Service', { exact: true }).fill('payment');
      await page.getByRole('option', { name: 'payment-service' }).click();
      await page.getByLabel('Version', { exact: true }).fill('9.9.9');
      await page
        .getByText('9.9.9 is the first version in staging', { exact: false })
        .waitFor();
      expect(await findBarriers(page)).toEqual([]);
      await page
        .getByRole('button', { name: 'Deploy 9.9.9 to staging' })
        .click();

      await page.getByText(/Failed: There is no image/).waitFor();
      const steps = page.getByRole('region', { name: 'Steps' });
      await steps.getByText('failed', { exact: true }).waitFor();
      expect(await findBarriers(page)).toEqual([]);
    },
    2 * SLOW,
  );

  it(
    'tell first what failed, also on the service itself',
    async () => {
      await page.getByRole('link', { name: 'All deployments' }).click();
      await page
        .getByRole('list', { name: 'In progress and failed' })
        .getByRole('link', { name: '9.9.9 to staging' })
        .waitFor();
      await page
        .getByRole('table', { name: 'What runs where' })
        .getByRole('link', { name: 'failed: 9.9.9' })
        .waitFor();
      expect(await findBarriers(page)).toEqual([]);

      await go(page, '/catalog/default/component/payment-service/deployments');
      await page
        .getByRole('table', { name: 'Deployments' })
        .getByRole('link', { name: '9.9.9 to staging' })
        .waitFor();
    },
    SLOW,
  );
});
