import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { Browser, chromium, Page } from 'playwright-core';
import { ROOT } from './portal';
import { machine } from './require';

/** Where a failing test leaves what it saw. */
const PICTURES = join(ROOT, 'e2e/test-results');

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: machine.chromium,
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

/** A new page with nobody signed in, in one of the themes. */
export async function openPage(
  browser: Browser,
  url: string,
  theme: 'light' | 'dark' = 'light',
): Promise<Page> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    baseURL: url,
  });
  await context.addInitScript(
    value => window.localStorage.setItem('theme', value),
    theme,
  );
  const page = await context.newPage();
  page.setDefaultTimeout(45_000);
  // The first load of a portal that was just started, on a busy machine.
  page.setDefaultNavigationTimeout(120_000);
  return page;
}

/** Opens a page as the guest. */
export async function signIn(page: Page, path = '/'): Promise<void> {
  await page.goto(path);
  await page.getByRole('button', { name: 'Enter' }).click();
}

/** Keeps a picture of a page for whoever looks into a failure. */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(PICTURES, { recursive: true });
  await page.screenshot({ path: join(PICTURES, `${name}.png`) });
}
