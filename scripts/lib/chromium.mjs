import { existsSync } from 'node:fs';
import path from 'node:path';
import { run } from './run.mjs';

const NAMES = [
  'chromium',
  'chromium-browser',
  'google-chrome',
  'google-chrome-stable',
];
const MAC = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';

/**
 * A browser for tests: CHROMIUM_PATH, or one that is installed. In CI, where root and apt are there, Debian's is
 * installed; nowhere else is anything installed.
 *
 * @returns the path, or why there is none and what to do
 */
export async function findChromium(say) {
  const found = installed();
  if (found) return { path: found };

  const mayInstall =
    process.env.CI === 'true' &&
    process.getuid?.() === 0 &&
    existsSync('/usr/bin/apt-get');
  if (mayInstall) {
    say('Installing Chromium');
    const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
    await run('apt-get', ['update'], { env });
    const result = await run(
      'apt-get',
      ['install', '-y', '--no-install-recommends', 'chromium'],
      { env },
    );
    const now = installed();
    if (now) return { path: now };
    return {
      missing: `Chromium could not be installed: ${result.output
        .trim()
        .split('\n')
        .pop()}`,
    };
  }
  return {
    missing: 'no Chromium: install one, or set CHROMIUM_PATH',
  };
}

function installed() {
  const { CHROMIUM_PATH, PATH = '' } = process.env;
  if (CHROMIUM_PATH && existsSync(CHROMIUM_PATH)) return CHROMIUM_PATH;
  if (existsSync(MAC)) return MAC;
  return PATH.split(path.delimiter)
    .flatMap(folder => NAMES.map(name => path.join(folder, name)))
    .find(existsSync);
}
