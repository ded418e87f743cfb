import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { mkdir, mkdtemp, rm, symlink } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { once } from 'node:events';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const BIN = resolve(__dirname, '../bin/platform');

/** How a shell starts the command: with a Node that fits, or with one that is too old and has another do it. */
const ways = {
  'a fitting Node': [BIN],
  'an old Node': [
    '-e',
    `Object.defineProperty(process.versions, 'node', { value: '20.0.0' });
     process.argv.splice(1, 0, ${JSON.stringify(BIN)});
     require(${JSON.stringify(BIN)});`,
  ],
};

describe('the process of the command', () => {
  let cache: string;
  /** A portal that takes a request and never answers. */
  let silent: Server;
  let asked: Promise<unknown>;

  beforeAll(async () => {
    cache = await mkdtemp(join(tmpdir(), 'highroad-cache-'));
    const node = join(
      cache,
      'toolchain/node-some-x64-24.0.0/node_modules/node-some-x64/bin/node',
    );
    await mkdir(dirname(node), { recursive: true });
    await symlink(process.execPath, node);
    silent = createServer().listen(0, '127.0.0.1');
    await once(silent, 'listening');
  });
  beforeEach(() => {
    asked = once(silent, 'request');
  });
  afterAll(async () => {
    silent.closeAllConnections();
    silent.close();
    await rm(cache, { recursive: true });
  });

  const start = (
    args: string[],
    { way = ways['a fitting Node'], stdout = 'pipe' as 'pipe' | number } = {},
  ) => {
    const { port } = silent.address() as AddressInfo;
    const child = spawn(process.execPath, [...way, ...args], {
      env: {
        PATH: process.env.PATH,
        HIGHROAD_CACHE: cache,
        PLATFORM_URL: `http://127.0.0.1:${port}`,
        PLATFORM_TOKEN: 'a-token',
      },
      stdio: ['ignore', stdout, 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', chunk => {
      said += chunk;
    });
    const ended = once(child, 'close').then(([code, signal]) => ({
      code,
      signal,
      said,
    }));
    return { child, ended };
  };

  it.each(
    Object.entries(ways).flatMap(([name, way]) => [
      { name, way, signal: 'SIGINT' as const, code: 130 },
      { name, way, signal: 'SIGTERM' as const, code: 143 },
    ]),
  )(
    'ends with code $code after $signal, of $name',
    async ({ way, signal, code }) => {
      const { child, ended } = start(['service', 'list'], { way });
      await asked;
      child.kill(signal);
      expect(await ended).toMatchObject({ code, signal: null });
    },
    60_000,
  );

  it('fails when there is no room for its answer', async () => {
    const full = openSync('/dev/full', 'w');
    const { ended } = start(['whoami'], { stdout: full });
    closeSync(full);
    expect(await ended).toMatchObject({
      code: 1,
      said: expect.stringMatching(/could not be written[^]*ENOSPC/),
    });
  }, 60_000);

  it('says nothing when nobody reads on', async () => {
    const { child, ended } = start(['completion', 'bash']);
    child.stdout?.destroy();
    expect(await ended).toEqual({ code: 0, signal: null, said: '' });
  }, 60_000);
});
