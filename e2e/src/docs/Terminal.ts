import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ROOT } from '../support/portal';
import { machine } from '../support/require';

/** What came of some commands. */
export interface Outcome {
  /** Exit code of the first command that failed, else 0 */
  code: number;
  /** Standard output and standard error, as they came */
  output: string;
}

const TIMEOUT_MS = 280_000;

/**
 * A reader's terminal in a checkout. The folder, the variables and the functions that one block of commands
 * leaves behind are those that the next one starts with.
 */
export class Terminal {
  readonly #home: string;
  readonly #env: NodeJS.ProcessEnv;

  /** Opens one in a new folder that has of a checkout what commands find there; without a portal, none runs in it. */
  static async open(portal?: { state: string }): Promise<Terminal> {
    const home = await mkdtemp(join(tmpdir(), 'highroad-reader-'));
    const checkout = join(home, 'checkout');
    await mkdir(checkout);
    await symlink(join(ROOT, 'node_modules'), join(checkout, 'node_modules'));
    if (portal) await symlink(portal.state, join(checkout, '.highroad'));
    // A portal of the tests has no sandbox of its own; the one that all tests share stands there as one.
    const shared = machine.sandbox;
    if (portal && shared && !existsSync(join(portal.state, 'sandbox'))) {
      await symlink(shared, join(portal.state, 'sandbox'));
    }
    return new Terminal(home);
  }

  constructor(home: string) {
    // Jest's and npm's own variables are none that a reader has.
    const env = Object.fromEntries(
      Object.entries(process.env).filter(
        ([name]) => !/^(NODE_ENV|NODE_OPTIONS|JEST_|npm_|PLATFORM_)/.test(name),
      ),
    );
    this.#home = home;
    this.#env = {
      ...env,
      // A command that is missing here is never looked for in a registry.
      npm_config_yes: 'false',
      npm_config_update_notifier: 'false',
      NO_COLOR: '1',
    };
  }

  /** Runs commands until one fails. */
  run(commands: string): Promise<Outcome> {
    const left = join(this.#home, 'left.sh');
    const script = [
      `cd ${join(this.#home, 'checkout')}`,
      `[ ! -e ${left} ] || . ${left}`,
      // Only what is exported is left behind, and functions.
      'set -aeo pipefail',
      commands,
      `{ export -p; declare -f; printf 'cd %q\\n' "$PWD"; } > ${left}`,
    ].join('\n');

    return new Promise((resolve, reject) => {
      const child = spawn('bash', ['-c', script], {
        env: this.#env,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: TIMEOUT_MS,
      });
      let output = '';
      child.stdout.on('data', chunk => (output += chunk));
      child.stderr.on('data', chunk => (output += chunk));
      child.on('error', reject);
      child.on('close', code => resolve({ code: code ?? 1, output }));
    });
  }

  async close(): Promise<void> {
    await rm(this.#home, { recursive: true, force: true });
  }
}

/** The text of a page of this checkout. */
export function readPage(path: string): Promise<string> {
  return readFile(join(ROOT, path), 'utf8');
}
