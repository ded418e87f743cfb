import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { Browser, Page } from 'playwright-core';
import { parse, stringify } from 'yaml';
import { z } from 'zod';
import {
  keepPicture,
  launchBrowser,
  openPage,
  signIn,
} from '../support/browser';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { ServiceRepository } from '../support/ServiceRepository';
import { findBarriers } from './support/axe';
import { go } from './support/go';

const SLOW = 180_000;
/** Of namespaces that are made to look like what is left of environments. */
const LEFT = ['lost', 'gone', 'odd'];
const MANIFEST = 'platform/environments/preview.yaml';

const configSchema = z
  .object({
    platform: z
      .object({ previews: z.object({}).passthrough(), vault: z.unknown() })
      .passthrough(),
  })
  .passthrough();

/**
 * The configuration of a portal that is connected to the sandbox, with environments of its own: other tests have theirs in
 * the same cluster.
 *
 * @param namespace - that the environments' resources are in
 */
async function configFor(file: string, namespace: string): Promise<string> {
  const config = configSchema.parse(parse(await readFile(file, 'utf8')));
  const { vault: _, previews, ...rest } = config.platform;
  return stringify({
    ...config,
    platform: {
      ...rest,
      access: { admins: ['user:development/guest'] },
      previews: { ...previews, namespace, teamNamespaces: false },
    },
  });
}

describeWith(['chromium'], 'Environments in the portal', () => {
  describeWithSandbox(
    'on a cluster, of pull requests of a Git host',
    ['simulated-node', 'git-host'],
    sandbox => {
      const name = `seen-${randomBytes(3).toString('hex')}`;
      let cluster: TestCluster;
      let repository: ServiceRepository;
      let portal: RunningPortal;
      let browser: Browser;
      let page: Page;
      let opened: { number: number; url: string };

      beforeAll(async () => {
        cluster = await sandbox.cluster();
        portal = await startPortal({
          config: await configFor(
            sandbox.paths.portalConfig,
            cluster.namespace,
          ),
        });
        const created = await platform(portal, [
          ...['service', 'create', name, '--type', 'api', '--language', 'go'],
          ...['--database', 'none', '--json'],
        ]);
        if (created.code !== 0) throw new Error(created.stderr);
        repository = ServiceRepository.ofService(sandbox, name);
        await repository.branch('colours');
        await repository.commit('colours', {
          // Nobody builds an image here, and a simulated node needs none.
          [MANIFEST]: `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: any
spec:
  type: preview
  services:
    - name: ${name}
      image: images.test/${name}:$(commit)
      from: { service: ${name} }
`,
        });
        opened = await repository.open('colours');
        browser = await launchBrowser();
        page = await openPage(browser, portal.url);
        await signIn(page);
      }, 600_000);

      afterAll(async () => {
        if (page) await keepPicture(page, 'environments');
        await browser?.close();
        await portal?.stop();
        await cluster?.kubectl([
          ...['delete', 'namespace', '--ignore-not-found', '--wait=false'],
          ...LEFT.map(suffix => `env-${suffix}-${name}`),
        ]);
        const policies = await cluster?.kubectl([
          ...['get', '--output=name'],
          'validatingadmissionpolicies,validatingadmissionpolicybindings',
        ]);
        const own = policies
          ?.split('\n')
          .filter(policy => policy.includes(cluster.namespace));
        for (const policy of own ?? []) {
          await cluster.kubectl(['delete', policy]);
        }
      }, SLOW);

      it(
        'choose a pull request among those of a service, show what it gets, and follow it until it is ready',
        async () => {
          await go(page, '/environments');
          await page.getByRole('link', { name: 'New environment' }).click();
          await page.getByLabel('Service', { exact: true }).fill(name);
          await page.getByRole('option', { name }).click();
          await page
            .getByRole('button', { name: `#${opened.number} Merge colours` })
            .click();
          const outlook = page.getByRole('region', {
            name: 'From a pull request',
          });
          await outlook.getByText('It would be payments-team’s.').waitFor();
          expect(await findBarriers(page)).toEqual([]);
          // The webhook may have brought it meanwhile.
          await outlook
            .getByRole('button', { name: /Create it|Bring up to date/ })
            .or(outlook.getByRole('link', { name: /^pr-/ }))
            .first()
            .click();

          const verdict = page.getByRole('region', { name: 'How it stands' });
          await verdict.getByText('ready', { exact: true }).waitFor();
          await verdict
            .getByRole('link', { name: new RegExp(`${name}#${opened.number}`) })
            .waitFor();
          expect(await findBarriers(page)).toEqual([]);
        },
        3 * SLOW,
      );

      it(
        'say what to change as a manifest is typed, and make what it says then',
        async () => {
          await go(page, '/environments/new');
          const field = page.getByLabel('Manifest');
          const manifest = (ttl: string) => `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: typed-${name}
spec:
  type: preview
  ttl: ${ttl}
  services:
    - name: api
      image: images.test/api:1
`;
          await field.fill(manifest('soon'));
          await page.getByText(/use a whole number/).waitFor();
          await page.getByText('There is 1 thing to correct.').waitFor();
          await field.fill(manifest('7d'));
          await page
            .getByRole('button', { name: 'Create', exact: true })
            .click();
          const verdict = page.getByRole('region', { name: 'How it stands' });
          await verdict.getByText('ready', { exact: true }).waitFor();
          await verdict.getByText(/6 d 23 h left|7 d left/).waitFor();
        },
        3 * SLOW,
      );

      it(
        'list them with their pull requests, extend one and end one',
        async () => {
          await go(page, '/environments');
          const mine = page.getByRole('table', { name: 'Mine and my teams’' });
          await mine
            .getByRole('link', { name: new RegExp(`${name}#${opened.number}`) })
            .waitFor();
          expect(await findBarriers(page)).toEqual([]);
          await mine
            .getByRole('link', { name: `typed-${name}`, exact: true })
            .click();
          await page.getByRole('button', { name: 'Extend' }).click();
          await page.getByLabel('How much longer').fill('2d');
          await page
            .getByRole('dialog')
            .getByRole('button', { name: 'Extend' })
            .click();
          await page.getByText(/8 d 23 h left|9 d left/).waitFor();
          await page.getByRole('button', { name: 'Destroy' }).click();
          await page
            .getByRole('button', { name: `Destroy typed-${name}` })
            .click();
          await page.getByText('deleting', { exact: true }).waitFor();
        },
        3 * SLOW,
      );

      it(
        'stand on the service’s own pages',
        async () => {
          await go(page, `/catalog/default/component/${name}/environments`);
          await page
            .getByRole('link', { name: new RegExp(`${name}#${opened.number}`) })
            .waitFor();
        },
        2 * SLOW,
      );

      it(
        'show what is left of one whose resource is gone, and remove it, as the command does',
        async () => {
          const left = (suffix: string) => ({
            ...{ apiVersion: 'v1', kind: 'Namespace' },
            metadata: {
              name: `env-${suffix}-${name}`,
              labels: {
                'platform.myorg.com/environment-uid': `${suffix}-${name}`,
                'platform.myorg.com/environment-name': suffix,
                'platform.myorg.com/environment-home': cluster.namespace,
              },
              annotations: {
                'platform.myorg.com/owner': 'group:default/payments-team',
              },
            },
          });
          for (const [suffix, manager] of [
            ['lost', 'highroad-environments'],
            ['gone', 'highroad-environments'],
            ['odd', 'somebody'],
          ]) {
            await cluster.kubectl(
              [
                ...['apply', '--server-side', `--field-manager=${manager}`],
                '--filename=-',
              ],
              JSON.stringify(left(suffix)),
            );
          }
          await go(page, '/');
          await go(page, '/environments');
          const table = page.getByRole('table', { name: 'Left over' });
          await table
            .getByText(`kubectl delete namespace env-odd-${name}`)
            .waitFor();
          await table
            .getByRole('button', { name: `Remove env-lost-${name}` })
            .click();
          await page
            .getByRole('dialog')
            .getByRole('button', { name: `Remove env-lost-${name}` })
            .click();
          await table.getByText(`env-lost-${name}`).waitFor({
            state: 'detached',
          });
          expect(await findBarriers(page)).toEqual([]);

          const refused = await platform(portal, [
            ...['env', 'remove-leftover', `env-odd-${name}`, '--yes'],
          ]);
          expect(refused.code).toBe(4);
          expect(refused.stderr).toContain('does not say that this platform');
          const removed = await platform(portal, [
            ...['env', 'remove-leftover', `env-gone-${name}`, '--yes'],
          ]);
          expect(removed).toMatchObject({ code: 0 });
          const { stdout } = await platform(portal, ['env', 'leftovers']);
          expect(stdout).toContain(`env-odd-${name}`);
          expect(stdout).not.toContain(`env-gone-${name}`);
        },
        3 * SLOW,
      );

      it(
        'lose nothing but the environment when the pull request is closed',
        async () => {
          await repository.close(opened.number);
          await repository.untilTold(
            opened.number,
            ['environment: gone'],
            SLOW,
          );
          await go(page, '/environments');
          await page.getByText('There is no preview environment').waitFor();
        },
        3 * SLOW,
      );
    },
  );
});
