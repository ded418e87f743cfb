import {
  describeWithSandbox,
  pushImage,
  TestCluster,
} from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Browser, Page } from 'playwright-core';
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
import { go } from './support/go';

const run = promisify(execFile);

const SLOW = 300_000;
/** From the end of a deployment until its number is on a page that is open. */
const WITHIN_MS = 5_000;
const SECOND = 1_000;

const deployedSchema = z.object({
  deployment: z.object({ state: z.string(), endedAt: z.string() }),
});

describeWith(['chromium'], 'An open page of metrics', () => {
  describeWithSandbox('in a real browser', ['simulated-node'], sandbox => {
    const id = randomBytes(3).toString('hex');
    const name = `timed-${id}`;
    const environment = `live-${id}`;
    let cluster: TestCluster;
    let portal: RunningPortal;
    let browser: Browser;
    let page: Page;

    const asked = async (...args: string[]): Promise<unknown> => {
      const ended = await platform(portal, [...args, '--json']);
      if (ended.code === 0) return JSON.parse(ended.stdout);
      throw new Error(`${args.join(' ')}: ${ended.stdout}${ended.stderr}`);
    };
    /** @returns when it had ended, in milliseconds since the epoch */
    const deploy = async (version: string): Promise<number> => {
      const answer = await asked(
        ...['deploy', name, '--env', environment, '--version', version],
      );
      const { deployment } = deployedSchema.parse(answer);
      expect([version, deployment.state]).toEqual([version, 'succeeded']);
      return Date.parse(deployment.endedAt);
    };

    beforeAll(async () => {
      cluster = await sandbox.cluster();
      const { address, prefix } = await sandbox.registry();
      portal = await startPortal({
        config: JSON.stringify({
          platform: {
            access: { admins: ['user:development/guest'] },
            create: { imagePrefix: prefix },
            registries: [{ host: new URL(address).host, insecure: true }],
            clusters: [{ name: 'test', kubeconfig: cluster.kubeconfig }],
            environments: [
              {
                ...{ name: environment, cluster: 'test' },
                // Nothing to wait for between the end of one deployment and the next.
                ...{ tier: 'staging', production: true },
              },
            ],
          },
        }),
      });
      await asked('metrics', 'example', 'remove');
      await asked(
        ...['service', 'create', name, '--type', 'api', '--language', 'go'],
        ...['--database', 'none'],
      );
      const repository = (await portal.repositories()).find(one =>
        one.endsWith(`/${name}.git`),
      );
      if (!repository) throw new Error('It has no repository.');
      const { stdout: commit } = await run('git', [
        ...['-C', join(portal.state, 'repositories', repository)],
        ...['rev-parse', 'HEAD'],
      ]);
      await pushImage(
        address,
        `${prefix.slice(prefix.indexOf('/') + 1)}/${name}`,
        {
          references: ['1.0.0', '1.0.1', '1.0.2'],
          labels: { 'org.opencontainers.image.revision': commit.trim() },
        },
      );
      await deploy('1.0.0');
      browser = await launchBrowser();
      page = await openPage(browser, portal.url);
      await signIn(page);
      await page.getByRole('heading', { name: 'What needs you' }).waitFor();
    }, 900_000);

    afterAll(async () => {
      if (page) await keepPicture(page, 'metrics');
      await browser?.close();
      await portal?.stop();
      await cluster?.kubectl([
        ...['delete', 'namespace', '--ignore-not-found', '--wait=false'],
        `${name}-${environment}`,
      ]);
    }, SLOW);

    it.each([
      ['all', '/metrics'],
      [
        'a service',
        `/metrics?${new URLSearchParams({
          slice: `component:default/${name}`,
        })}`,
      ],
    ])(
      'has a deployment in the numbers of %s within five seconds, without a reload',
      async (_, path) => {
        await go(page, path);
        const card = page.getByRole('region', { name: 'Deployment frequency' });
        await card.getByText('a week', { exact: true }).waitFor();
        await page.waitForLoadState('networkidle');
        // Whatever was told before has come by then.
        await page.waitForTimeout(5 * SECOND);
        const watched = await card.evaluate(node => {
          window.seenNumber = node.querySelector('span')?.textContent ?? '';
          window.seenAt = undefined;
          new MutationObserver(() => {
            const shown = node.querySelector('span')?.textContent ?? '';
            if (shown === window.seenNumber || window.seenAt) return;
            window.seenAt = Date.now();
            window.seenNumber = shown;
          }).observe(node, {
            ...{ childList: true, characterData: true, subtree: true },
          });
          return window.seenNumber;
        });
        const deployments = Number(/^\d+/.exec(watched)?.[0]);
        expect(deployments).toBeGreaterThan(0);

        const endedAt = await deploy(`1.0.${deployments}`);
        await page.waitForFunction(() => window.seenAt !== undefined);
        const { at, shown } = await page.evaluate(() => ({
          at: window.seenAt ?? 0,
          shown: window.seenNumber,
        }));
        expect(shown).toMatch(new RegExp(`^${deployments + 1} a week`));
        expect(at - endedAt).toBeLessThan(WITHIN_MS);
        process.stderr.write(`${path}: on the page after ${at - endedAt} ms\n`);
      },
      SLOW,
    );
  });
});

declare global {
  interface Window {
    /** What a card says */
    seenNumber?: string;
    /** When it said something else first, in milliseconds since the epoch */
    seenAt?: number;
  }
}
