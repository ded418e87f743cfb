import {
  describeWithSandbox,
  OwnVault,
  TestCluster,
} from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { Browser, Page } from 'playwright-core';
import { stringify } from 'yaml';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { until } from '../support/until';
import { findBarriers } from './support/axe';
import { go } from './support/go';

const SLOW = 180_000;
/** Of the guest's team, and of another one. */
const SERVICE = 'payment-service';
const FOREIGN = 'cart-service';
const address = (service: string) =>
  `/secrets?service=${encodeURIComponent(`component:default/${service}`)}`;

describeWith(['chromium'], 'Secrets in the portal', () => {
  describeWithSandbox(
    'of a service that runs in a cluster',
    ['cluster', 'vault'],
    sandbox => {
      const suffix = randomBytes(3).toString('hex');
      const namespace = `${SERVICE}-${suffix}-staging`;
      const marker = (name: string) => `${name}-${suffix}-as-nobody-sees-it`;
      const values = ['first', 'second', 'imported', 'other'].map(marker);
      const [first, second, imported, other] = values;
      let cluster: TestCluster;
      let vault: OwnVault;
      let portal: RunningPortal;
      let browser: Browser;
      let page: Page;

      beforeAll(async () => {
        vault = await sandbox.ownVault();
        cluster = await sandbox.cluster();
        await cluster.kubectl(
          ['apply', '--filename=-'],
          JSON.stringify({
            ...{ apiVersion: 'v1', kind: 'Namespace' },
            metadata: {
              name: namespace,
              annotations: {
                'platform.myorg.com/service': `component:default/${SERVICE}`,
                'platform.myorg.com/environment': 'staging',
              },
            },
          }),
        );
        portal = await startPortal({
          config: stringify({
            platform: {
              vault: {
                ...{ url: vault.address, mount: vault.mount },
                ...{ timeoutSeconds: 20, auth: vault.appRoles },
              },
              clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
              environments: ['staging', 'production'].map(name => ({
                ...{ name, cluster: 'test', production: name === 'production' },
                namespace: `{service}-${suffix}-{environment}`,
              })),
            },
          }),
        });
        browser = await launchBrowser();
        page = await openPage(browser, portal.url);
        page.setDefaultTimeout(SLOW);
        await signIn(page);
      }, 600_000);

      afterAll(async () => {
        if (page) await keepPicture(page, 'secrets');
        await browser?.close();
        await portal?.stop();
        await cluster?.kubectl([
          ...['delete', 'namespace', namespace],
          ...['--wait=false', '--ignore-not-found'],
        ]);
      }, SLOW);

      const row = (key: string) =>
        page
          .getByRole('table', { name: 'Keys by environment' })
          .getByRole('row')
          .filter({ hasText: key });
      /** The row of a key, once it reads so. */
      const reads = (key: string, words: RegExp) =>
        row(key).filter({ hasText: words }).waitFor();
      const choose = async (deed: string, at: string) => {
        await page
          .getByRole('button', { name: `What to do with ${at}` })
          .click();
        await page.getByRole('menuitem', { name: deed }).click();
      };
      /** What the browser keeps of the values: on the page, in its address and in its stores. */
      const kept = async () => {
        const all = await page.evaluate(() =>
          [
            document.documentElement.outerHTML,
            window.location.href,
            document.cookie,
            ...[window.history.state, localStorage, sessionStorage].map(one =>
              JSON.stringify({ ...one }),
            ),
          ].join('\n'),
        );
        return values.filter(value => all.includes(value));
      };
      const held = async (key: string) =>
        Buffer.from(
          await cluster.kubectl([
            ...['get', 'secret', SERVICE, `--namespace=${namespace}`],
            ...['--ignore-not-found', '--output', `jsonpath={.data.${key}}`],
          ]),
          'base64',
        ).toString();
      /** Another look at the cluster may be under way, which is waited for. */
      const holds = (key: string, value: string) =>
        until(
          async () => (await held(key)) === value,
          SLOW,
          () => `${key} is not in the cluster as it was set.`,
        );

      it(
        'are set in a dialog, stand in the table, and are in the cluster',
        async () => {
          await go(page, '/secrets');
          await page.getByText('Choose a service to see its keys').waitFor();
          await page.getByLabel('Service', { exact: true }).fill('payment');
          await page.getByRole('option', { name: SERVICE }).click();
          await page.getByText(`${SERVICE} has no secrets yet.`).waitFor();
          expect(await findBarriers(page)).toEqual([]);

          await page.getByRole('button', { name: 'Set a secret' }).click();
          const dialog = page.getByRole('dialog', {
            name: `Set a secret of ${SERVICE}`,
          });
          await dialog.getByLabel('Key', { exact: true }).fill('1_KEY');
          await dialog.getByText(/not beginning with a digit/).waitFor();
          await dialog.getByLabel('Key', { exact: true }).fill('API_KEY');
          await dialog.getByLabel('Value', { exact: true }).fill(first);
          expect(await findBarriers(page)).toEqual([]);
          await dialog.getByRole('button', { name: 'Set it' }).click();

          // Everywhere but in production.
          await reads('API_KEY', /version 1.*missing/s);
          await dialog.waitFor({ state: 'detached' });
          await holds('API_KEY', first);
          expect(await kept()).toEqual([]);
          expect(await findBarriers(page)).toEqual([]);
        },
        4 * SLOW,
      );

      it(
        'are revealed for a reason, and hidden again by themselves',
        async () => {
          await choose('Reveal…', 'API_KEY in staging');
          const ask = page.getByRole('dialog', {
            name: 'Reveal API_KEY in staging',
          });
          const button = ask.getByRole('button', { name: 'Reveal it' });
          expect(await button.isDisabled()).toBe(true);
          await ask
            .getByLabel('Why do you need to see it?')
            .fill(`looking into ${suffix}`);
          await button.click();
          await page.getByText(first, { exact: true }).waitFor();
          await page.getByText(/Hidden again in \d+ s/).waitFor();
          // The control of what says that it is nowhere.
          expect(await kept()).toEqual([first]);
          await page
            .getByText(first, { exact: true })
            .waitFor({ state: 'detached', timeout: 2 * SLOW });
          expect(await kept()).toEqual([]);
        },
        5 * SLOW,
      );

      it(
        'have a history, from which an earlier value is put back, and the record of who accessed them',
        async () => {
          await choose('Set another value…', 'API_KEY in staging');
          await page.getByLabel('Value', { exact: true }).fill(second);
          await page.getByRole('button', { name: 'Set it in staging' }).click();
          await reads('API_KEY', /version 2/);
          await holds('API_KEY', second);

          await choose('History…', 'API_KEY in staging');
          const versions = page.getByRole('table', { name: 'Versions' });
          await versions
            .getByRole('row')
            .filter({ hasText: /2 \(current\)/ })
            .filter({ hasText: 'Guest' })
            .waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await versions
            .getByRole('button', { name: 'Put version 1 back' })
            .click();
          const restore = page.getByRole('button', {
            name: 'Put it back in staging',
          });
          await restore.waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await restore.click();
          await reads('API_KEY', /version 3/);
          await holds('API_KEY', first);

          await choose('History…', 'API_KEY in staging');
          await page.getByRole('link', { name: /Who accessed it/ }).click();
          await page
            .getByRole('table', { name: 'Records' })
            .getByRole('row')
            .filter({ hasText: 'revealed a secret' })
            .filter({ hasText: 'development/guest' })
            .waitFor();
          expect(await kept()).toEqual([]);
        },
        5 * SLOW,
      );

      it(
        'come from a .env file, after what it would do was said',
        async () => {
          await go(page, address(SERVICE));
          await reads('API_KEY', /version 3/);
          await page.getByRole('button', { name: 'Import…' }).click();
          const dialog = page.getByRole('dialog', {
            name: `Import secrets of ${SERVICE}`,
          });
          const lines = dialog.getByLabel('Lines of a .env file');
          await lines.fill(`API_KEY=${imported}\nNO-KEY=${other}`);
          await dialog.getByText('(a line)').waitFor();
          const button = dialog.getByRole('button', { name: 'Set 2 keys' });
          expect(await button.isDisabled()).toBe(true);
          await lines.fill(`API_KEY=${imported}\nexport TOKEN="${other}"`);
          const preview = dialog.getByRole('table', {
            name: 'What would be set',
          });
          for (const [key, words] of [
            ['API_KEY', 'replaces what is in staging'],
            ['TOKEN', 'new in staging'],
          ]) {
            await preview
              .getByRole('row')
              .filter({ hasText: key })
              .filter({ hasText: words })
              .waitFor();
          }
          expect(await findBarriers(page)).toEqual([]);
          await button.click();
          await reads('API_KEY', /version 4/);
          await reads('TOKEN', /version 1/);
          await holds('API_KEY', imported);
          await holds('TOKEN', other);
          await dialog.waitFor({ state: 'detached' });
          expect(await kept()).toEqual([]);
        },
        4 * SLOW,
      );

      it(
        'differ between environments, which the table says without anybody seeing one',
        async () => {
          await page
            .getByRole('button', { name: 'Set API_KEY in production' })
            .click();
          const dialog = page.getByRole('dialog', {
            name: `Set a secret of ${SERVICE}`,
          });
          const button = dialog.getByRole('button', {
            name: 'Set it in production',
          });
          // What is lacking stands beside it.
          expect(await button.isDisabled()).toBe(true);
          await dialog.getByText('Give a value.').waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await dialog.getByLabel('Value', { exact: true }).fill(other);
          await button.click();
          await reads(
            'API_KEY',
            /differs from production.*differs from staging/s,
          );
          // Where it does not run yet, it says so.
          await page
            .getByRole('list', { name: 'How far it has come' })
            .getByRole('listitem')
            .filter({ hasText: /production: It does not run there yet/ })
            .waitFor();
          expect(await findBarriers(page)).toEqual([]);
          expect(await kept()).toEqual([]);

          await page.getByRole('button', { name: 'Compare…' }).click();
          const compare = page.getByRole('dialog', {
            name: `Compare secrets of ${SERVICE}`,
          });
          await compare.getByRole('button', { name: 'Compare' }).click();
          await compare
            .getByRole('table', { name: 'How keys compare' })
            .getByRole('row')
            .filter({ hasText: 'API_KEY' })
            .filter({ hasText: 'differ' })
            .waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await compare.getByRole('button', { name: 'Cancel' }).click();
          await compare.waitFor({ state: 'detached' });
          expect(await kept()).toEqual([]);
        },
        4 * SLOW,
      );

      it(
        'are replaced by a rule, of which it is said while it is typed when it is next and what it cannot be',
        async () => {
          const dialog = page.getByRole('dialog', {
            name: 'Rotate API_KEY in staging',
          });
          const field = (label: string) =>
            dialog.getByLabel(label, { exact: true });
          const pick = async (label: string, option: RegExp) => {
            await field(label).click();
            await page.getByRole('option', { name: option }).click();
          };
          const submit = dialog.getByRole('button', { name: 'Have it so' });
          const refused = async (words: RegExp) => {
            await dialog.getByText(words).first().waitFor();
            expect(await submit.isDisabled()).toBe(true);
          };
          const planned = dialog.getByText(/It would be replaced first/);
          const ask = async () => {
            await choose('Rotate…', 'API_KEY in staging');
            await dialog.getByLabel('By itself, every so often').check();
            await planned.waitFor();
          };

          // At times of a schedule: its form is looked at here, what it says by the portal.
          await ask();
          await pick('How often', /cron/);
          await field('Schedule').fill('3 o’clock');
          await refused(/Write five fields/);
          await field('Schedule').fill('0 3 31 2 *');
          await refused(/says no time/);
          expect(await findBarriers(page)).toEqual([]);
          await field('Schedule').fill('0 3 * * 0');
          await planned.waitFor();

          // In a window, by somebody's clock.
          await pick('How often', /days/);
          await field('Days').fill('0');
          await refused(/from 1 to 730/);
          await field('Days').fill('7');
          await dialog.getByLabel('Only at some time of day').check();
          await field('To').fill('02:00');
          await refused(/this is no time at all/);
          await field('To').fill('04:30');
          await field('Time zone').fill('Mars');
          await refused(/such as Europe\/Berlin/);
          await field('Time zone').fill('Europe/Berlin');
          await planned.waitFor();

          // With an overlap, where both values can work.
          await pick('What makes the new value', /second role/);
          await field('Overlap in hours').fill('-1');
          await refused(/from 0 to 1440/);
          await field('Overlap in hours').fill('48');
          expect(await findBarriers(page)).toEqual([]);
          await pick('What makes the new value', /random/);
          await planned.waitFor();
          await submit.click();
          await reads(
            'API_KEY',
            /replaced every 7 days between 02:00 and 04:30 \(Europe\/Berlin\), next/,
          );
          await dialog.waitFor({ state: 'detached' });
          expect(await findBarriers(page)).toEqual([]);
        },
        5 * SLOW,
      );

      it(
        'are listed without a service where they need somebody, with the way to them',
        async () => {
          await choose('Rotate…', 'API_KEY in staging');
          const dialog = page.getByRole('dialog', {
            name: 'Rotate API_KEY in staging',
          });
          await dialog.getByLabel('By itself, every so often').check();
          await dialog.getByLabel('Only at some time of day').uncheck();
          await dialog.getByLabel('Days', { exact: true }).fill('1');
          await dialog.getByRole('button', { name: 'Have it so' }).click();
          await reads('API_KEY', /replaced every day, due/);

          await go(page, '/secrets');
          const needs = page.getByRole('table', {
            name: 'What needs somebody',
          });
          const due = needs
            .getByRole('row')
            .filter({ hasText: 'API_KEY' })
            .filter({ hasText: 'due' });
          await due.waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await due.getByRole('link', { name: SERVICE }).click();
          await reads('API_KEY', /replaced every day, due/);

          await choose('Rotate…', 'API_KEY in staging');
          await dialog.getByRole('button', { name: 'No longer' }).click();
          await page.getByText('API_KEY in staging stays as it is.').waitFor();
          // Once more, at once: another value, which nobody sees.
          await choose('Rotate…', 'API_KEY in staging');
          await dialog
            .getByRole('button', { name: 'Replace it in staging' })
            .click();
          await reads('API_KEY', /version 5/);
          await until(
            async () => ![imported, ''].includes(await held('API_KEY')),
            SLOW,
            () => 'API_KEY is in the cluster as it was before.',
          );
        },
        5 * SLOW,
      );

      it(
        'are deleted, and put back',
        async () => {
          await choose('Delete…', 'TOKEN in staging');
          await page
            .getByRole('button', { name: 'Delete it in staging' })
            .click();
          await reads('TOKEN', /deleted.* by Guest/);
          await holds('TOKEN', '');
          await choose('Put back…', 'TOKEN in staging');
          await page
            .getByRole('button', { name: 'Put it back in staging' })
            .click();
          await reads('TOKEN', /version 1/);
          await holds('TOKEN', other);
        },
        3 * SLOW,
      );

      it(
        'stand on the page of the service, and are not for those who own another',
        async () => {
          await go(page, `/catalog/default/component/${SERVICE}/secrets`);
          await reads('TOKEN', /version 1/);
          await go(page, address(FOREIGN));
          await page
            .getByText(`The secrets of ${FOREIGN} cannot be seen`)
            .waitFor();
          expect(
            await page.getByRole('button', { name: 'Set a secret' }).count(),
          ).toBe(0);
          expect(await findBarriers(page)).toEqual([]);
        },
        3 * SLOW,
      );

      it(
        'say why they cannot be reached while Vault is sealed, and are there again afterwards',
        async () => {
          await vault.seal();
          // From another page, so that this one asks anew.
          await go(page, '/audit');
          await page.getByRole('table', { name: 'Records' }).waitFor();
          await go(page, address(SERVICE));
          const notice = page.getByText('Secrets cannot be reached now');
          await notice.waitFor();
          const failure = page
            .getByRole('alert')
            .filter({ hasText: `The secrets of ${SERVICE} cannot be seen` });
          await failure.getByText(/is sealed/).waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await vault.unseal();
          await failure.getByRole('button', { name: 'Try again' }).click();
          await reads('TOKEN', /version 1/);
          await notice.waitFor({ state: 'detached' });
        },
        3 * SLOW,
      );
    },
  );
});
