import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { PAGES } from './runbooks';

const DOCS = resolve(__dirname, '../../../docs');

function sources(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap(one => {
    const path = join(folder, one.name);
    if (one.isDirectory()) return sources(path);
    return /(?<!\.test)\.tsx$/.test(one.name) ? [path] : [];
  });
}

describe('runbooks of metrics', () => {
  it('are there', () => {
    for (const page of Object.values(PAGES)) {
      const [, path] = /\/highroad\/(.+)\/$/.exec(page) ?? [];
      expect(readFileSync(join(DOCS, `${path}.md`), 'utf8')).toMatch(/^# /);
    }
  });

  it('are led to by whatever fails on these pages', () => {
    const failures = sources(__dirname).flatMap(path => {
      const source = readFileSync(path, 'utf8');
      // Those that are told where to lead say themselves where to, if they are not.
      const isTold = /\brunbook = PAGES\.\w+/.test(source);
      const leads = isTold
        ? /runbook=\{(?:PAGES\.\w+|runbook)\}/
        : /runbook=\{PAGES\.\w+\}/;
      return [...source.matchAll(/<Failure\b[^]*?\/>/g)].map(([text]) => ({
        ...{ path, text },
        isLed: leads.test(text),
      }));
    });
    expect(failures.length).toBeGreaterThan(12);
    expect(failures.filter(({ isLed }) => !isLed)).toEqual([]);
  });
});
