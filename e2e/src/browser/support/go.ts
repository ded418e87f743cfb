import { Page } from 'playwright-core';

/** Goes to another page as the portal's own links do, without loading the whole portal anew. */
export async function go(page: Page, path: string): Promise<void> {
  await page.evaluate(to => {
    window.history.pushState({}, '', to);
    window.dispatchEvent(new PopStateEvent('popstate', { state: {} }));
  }, path);
}
