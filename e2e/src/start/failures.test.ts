import { execFile } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { AddressInfo, createServer, Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from '../support/portal';

interface Result {
  code: number;
  stdout: string;
  stderr: string;
}

function node(args: string[], env: NodeJS.ProcessEnv = {}): Promise<Result> {
  const {
    NODE_ENV: _,
    NODE_OPTIONS: __,
    JEST_WORKER_ID: ___,
    ...own
  } = process.env;
  return new Promise(done => {
    execFile(
      process.execPath,
      args,
      { cwd: ROOT, env: { ...own, ...env }, timeout: 120_000 },
      (error, stdout, stderr) =>
        done({ code: error ? Number(error.code) || 1 : 0, stdout, stderr }),
    );
  });
}

describe('a start that cannot succeed', () => {
  let folder: string;
  let occupant: Server;
  let busy: number;
  const start = (args: string[], env?: NodeJS.ProcessEnv) =>
    node([join(ROOT, 'scripts/start.mjs'), '--state', folder, ...args], env);

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-start-'));
    occupant = createServer();
    await new Promise<void>(done =>
      occupant.listen(0, '127.0.0.1', () => done()),
    );
    busy = (occupant.address() as AddressInfo).port;
  });
  afterAll(async () => {
    await new Promise(done => occupant.close(done));
    await rm(folder, { recursive: true, force: true });
  });

  it('names the port that is in use, and how to take another', async () => {
    const { code, stderr } = await start(['--port', String(busy)]);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      new RegExp(`^✖ Port ${busy} is in use\\.\\n.*\\n.*--port ${busy + 1}`),
    );
  }, 120_000);

  it('says that the registry cannot be reached when there is no network', async () => {
    const { code, stderr } = await start([], {
      HIGHROAD_CACHE: join(folder, 'empty-cache'),
      npm_config_registry: 'http://127.0.0.1:49151/',
      npm_config_fetch_retries: '0',
    });
    expect(code).toBe(1);
    expect(stderr).toMatch(/✖ .* could not be installed\./);
    expect(stderr).toMatch(/The npm registry could not be reached\./);
    // One clear message, not a stack.
    expect(stderr).not.toMatch(/^\s+at /m);
  }, 120_000);

  it.each([
    ['--port', 'http'],
    ['--port', '70000'],
    ['--colour', 'blue'],
    ['--real-node', '--no-sandbox'],
    ['--real-node', '--simulated-node'],
    ['--real-node', '--kubeconfig=x'],
  ])('refuses %s %s with code 2', async (...args) => {
    const { code, stderr } = await start(args);
    expect(code).toBe(2);
    expect(stderr).toMatch(/^✖ /);
  });

  it('says that a kubeconfig leads nowhere, before anything is started', async () => {
    const { code, stdout, stderr } = await start([
      '--no-sandbox',
      ...['--kubeconfig', join(folder, 'no-such-file')],
    ]);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^✖ The cluster of .*\n.*There is no kubeconfig/);
    expect(stdout).not.toContain('Starting the portal');
  }, 120_000);

  it.each([
    ['ENOSPC: no space left on device, write', 'no space left on the disk'],
    ['RequestError: getaddrinfo EAI_AGAIN registry', 'could not be reached'],
    ['gyp ERR! stack Error: not found: make', 'no C++ compiler'],
    [
      '➤ YN0028: The lockfile would have been modified',
      'yarn.lock does not fit',
    ],
  ])('explains an installation that ended with "%s"', async (output, why) => {
    const module = pathToFileURL(join(ROOT, 'scripts/lib/failure.mjs')).href;
    const { stdout } = await node([
      '--input-type=module',
      '--eval',
      `import { explainInstallFailure } from ${JSON.stringify(module)};
       console.log(JSON.stringify(explainInstallFailure(${JSON.stringify(
         output,
       )})))`,
    ]);
    expect(JSON.parse(stdout).why).toContain(why);
    expect(JSON.parse(stdout).fix).toBeTruthy();
  });
});

describe('a production start', () => {
  it('is refused while guests may sign in', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'highroad-production-'));
    try {
      const { code, stdout, stderr } = await node(
        [
          '--require',
          join(
            ROOT,
            'node_modules/@backstage/cli-node/config/nodeTransform.cjs',
          ),
          join(ROOT, 'packages/backend/src/index.ts'),
          '--config',
          join(ROOT, 'app-config.yaml'),
        ],
        {
          NODE_ENV: 'production',
          APP_CONFIG_backend_listen_port: '0',
          APP_CONFIG_backend_database_connection_directory: folder,
          APP_CONFIG_backend_auth_keys: '[{"secret":"dGVzdA=="}]',
        },
      );
      expect(code).not.toBe(0);
      expect(`${stdout}${stderr}`).toMatch(
        /auth\.providers\.guest is configured, but this is a production start/,
      );
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }, 120_000);
});
