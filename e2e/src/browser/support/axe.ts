import { readFile } from 'node:fs/promises';
import { Result } from 'axe-core';
import { Page } from 'playwright-core';

/** What on a page keeps people out who don't see it, don't hear it or don't use a mouse. */
export interface Barrier {
  rule: string;
  /** The element, as a selector */
  at: string;
  why: string;
}

/** Backstage's own link is named without the number that it shows as soon as there are notifications. */
const NOT_OURS = ['a[href="/notifications"]'];

/**
 * Runs axe over a page and keeps what is serious or critical.
 *
 * @param exclude - selectors of what else is not ours to mend
 */
export async function findBarriers(
  page: Page,
  exclude: string[] = [],
): Promise<Barrier[]> {
  await page.evaluate(await readFile(require.resolve('axe-core'), 'utf8'));
  const violations = await page.evaluate(
    async ignored =>
      (
        await window.axe.run({ include: ['body'], exclude: ignored })
      ).violations,
    [...NOT_OURS, ...exclude],
  );
  return violations.filter(isSevere).flatMap(({ id, nodes }) =>
    nodes.map(node => ({
      rule: id,
      at: node.target.join(' '),
      why: node.failureSummary ?? '',
    })),
  );
}

function isSevere({ impact }: Result): boolean {
  return impact === 'serious' || impact === 'critical';
}

declare global {
  interface Window {
    axe: typeof import('axe-core');
  }
}
