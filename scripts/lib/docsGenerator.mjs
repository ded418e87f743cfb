import { existsSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { CACHE } from './paths.mjs';
import { docsBin } from './portal.mjs';
import { run } from './run.mjs';

/** What TechDocs generates pages with; its version is pinned so that pages look the same everywhere. */
const PACKAGE = 'mkdocs-techdocs-core==1.7.1';

/**
 * Prepares mkdocs in a Python environment of its own, in the cache.
 *
 * @returns undefined when it is ready, otherwise why it is not and what to do
 */
export async function prepareDocsGenerator() {
  const home = path.join(CACHE, 'techdocs');
  if (existsSync(path.join(docsBin(), 'mkdocs'))) return undefined;

  const python = await findPython();
  if (!python) {
    return 'Documentation pages need Python 3.8 or newer with venv; install it and start again. Runbook: docs/runbooks/docs-page-does-not-build.md';
  }
  await mkdir(CACHE, { recursive: true });
  // A virtual environment knows its own path, so it is made in place and removed if it does not get whole.
  const steps = [
    [python, ['-m', 'venv', '--clear', home]],
    [
      path.join(docsBin(), 'python'),
      [
        '-m',
        'pip',
        'install',
        '--quiet',
        '--disable-pip-version-check',
        PACKAGE,
      ],
    ],
  ];
  for (const [command, args] of steps) {
    const result = await run(command, args);
    if (result.code !== 0) {
      await rm(home, { recursive: true, force: true });
      const last = result.output.trim().split('\n').pop();
      return `Documentation pages are off, ${PACKAGE} could not be installed: ${last} Runbook: docs/runbooks/docs-page-does-not-build.md`;
    }
  }
  return undefined;
}

async function findPython() {
  for (const name of ['python3', 'python']) {
    const check =
      'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))';
    const result = await run(name, ['-c', check]).catch(() => ({ code: 1 }));
    if (result.code === 0) return name;
  }
  return undefined;
}
