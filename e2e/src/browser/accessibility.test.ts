import { isDeepStrictEqual } from 'node:util';
import { Browser, Locator, Page } from 'playwright-core';
import { launchBrowser, openPage, signIn } from '../support/browser';
import { platform } from '../support/platform';
import { RunningPortal, startPortal } from '../support/portal';
import { describeWith } from '../support/require';
import { findBarriers } from './support/axe';
import { go } from './support/go';

/** Our pages, and what is on each of them once it has its content. */
const PAGES: Array<[name: string, path: string, content: string]> = [
  ['home', '/', 'What you can do next'],
  ['the form of a service', '/create/templates/default/service', 'System'],
  [
    'dependencies',
    '/catalog/default/component/payment-service/dependencies',
    'if this breaks',
  ],
  ['findings', '/findings', 'to put right'],
  ['audit', '/audit', 'verified the records'],
  [
    'the records of a service',
    '/catalog/default/component/payment-service/audit',
    'Did what',
  ],
  ['repositories', '/repositories', 'Kept on the machine'],
  ['secrets', '/secrets', 'Choose a service to see its keys'],
  ['what runs where', '/deployments', 'No environment is configured'],
  ['environments', '/environments', 'Environments'],
  ['delivery', '/metrics', 'Deployment frequency'],
  [
    'the delivery of a service',
    '/catalog/default/component/payment-service/metrics',
    'Deployment frequency',
  ],
  ['a chart as a table', '/metrics?table=yes', 'Deployment frequency'],
  ['adoption', '/metrics?tab=adoption', 'Ticket deflection'],
  ['surveys', '/metrics?tab=surveys', 'quarter'],
  ['sources of numbers', '/metrics?tab=sources', 'Sources'],
];

const NOT_OURS = [
  // Backstage's tabs point with aria-controls at panels that pages of its new header do not have.
  '.bui-Tabs [role="tab"]',
];

describeWith(
  ['chromium'],
  'The portal for those who see, hear or point otherwise',
  () => {
    let portal: RunningPortal;
    let browser: Browser;

    beforeAll(async () => {
      portal = await startPortal();
      // So that there is a record.
      await platform(portal, ['audit', 'verify']);
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

      it.each(PAGES)(
        'has no barrier on %s',
        async (_, path, content) => {
          await go(page, path);
          await page.getByText(content).first().waitFor();
          await page.waitForLoadState('networkidle');
          // What is half faded in has half its contrast.
          await page.waitForFunction(() =>
            document
              .getAnimations()
              .every(({ playState }) => playState !== 'running'),
          );
          expect(await findBarriers(page, NOT_OURS)).toEqual([]);
        },
        180_000,
      );

      it('would see a barrier if there were one', async () => {
        await page.evaluate(() => {
          const picture = document.createElement('img');
          picture.src = '/icon.svg';
          document.querySelector('main')?.append(picture);
        });
        const rules = (await findBarriers(page, NOT_OURS)).map(
          ({ rule }) => rule,
        );
        expect(rules).toContain('image-alt');
      }, 180_000);

      it('leads by Tab to the primary action of the home page, shows where one is, and opens it by Enter', async () => {
        await go(page, '/');
        const action = page
          .getByRole('main')
          .getByRole('link', { name: 'Create a service' })
          .first();
        await action.waitFor();
        const before = await looks(action);
        await tabTo(page, '/create/templates/default/service', 'main');
        // Styles may fade in.
        await eventually(
          async () => !isDeepStrictEqual(await looks(action), before),
          'Focus is not to be seen.',
        );
        await page.keyboard.press('Enter');
        await page.waitForURL('**/create/templates/default/service');
      }, 180_000);

      it('lets a service be named without a mouse', async () => {
        await go(page, '/create/templates/default/service');
        const name = page.getByRole('textbox', { name: /^Name/ });
        await name.waitFor();
        await tabUntil(page, () => document.activeElement?.tagName === 'INPUT');
        await page.keyboard.type('payment-service');
        // The form takes what is typed with its next rendering.
        await eventually(
          async () => (await name.inputValue()) === 'payment-service',
          'The name is not in the form.',
        );
        await page.getByText('There is a payment-service').waitFor();
      }, 180_000);
    });
  },
);

/** Waits for at most half a minute until something holds. */
async function eventually(
  holds: () => Promise<boolean>,
  otherwise: string,
): Promise<void> {
  const deadline = Date.now() + 30_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await new Promise(done => setTimeout(done, 50));
  }
}

/** What of an element changes where focus is to be seen. */
function looks(element: Locator) {
  return element.evaluate(node => {
    const { outline, boxShadow, backgroundColor } = getComputedStyle(node);
    // Material draws focus as a ripple inside the element.
    const ripples = node.querySelectorAll('[class*="ripplePulsate"]').length;
    return { outline, boxShadow, backgroundColor, ripples };
  });
}

function tabTo(page: Page, href: string, landmark: string) {
  return tabUntil(
    page,
    ([to, within]) => {
      const focused = document.activeElement;
      return (
        focused?.getAttribute('href') === to && focused.closest(within) !== null
      );
    },
    [href, landmark] as const,
  );
}

/** Presses Tab until something is so of what has focus; a page that has a hundred stops before it is a barrier. */
async function tabUntil<T>(
  page: Page,
  reached: (argument: T) => boolean,
  argument?: T,
): Promise<void> {
  for (let stop = 0; stop < 100; stop++) {
    await page.keyboard.press('Tab');
    if (
      await page.evaluate(reached as (argument: unknown) => boolean, argument)
    )
      return;
  }
  throw new Error('A hundred times Tab did not lead there.');
}
