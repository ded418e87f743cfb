import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { settleConnection } from '../connection/settle';
import { SandboxPaths } from '../machine/paths';
import { identify } from '../machine/processes';
import { TEST_CACHE } from './__testUtils__/servers';
import { SandboxClient } from './client';

const node = { kind: 'simulated', why: 'test' } as const;

describe('the client of a sandbox', () => {
  let folder: string;
  let client: SandboxClient;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-client-'));
    client = new SandboxClient(
      new SandboxPaths(join(folder, 'state'), TEST_CACHE),
    );
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('says that a supervisor goes on which was told to stop', async () => {
    const { paths } = client;
    const { ports } = await settleConnection(paths, node);
    await writeFile(
      paths.supervisor,
      JSON.stringify({
        ...identify(process.pid),
        address: `http://127.0.0.1:${ports.supervisor}`,
      }),
    );
    await expect(client.stop(100)).rejects.toThrow(
      new RegExp(`process ${process.pid}, was told to stop and still runs`),
    );
  });

  it.each([
    ['a file of its own', 'notes.txt'],
    ['the logs of something else', 'logs/access.log'],
    ['a connection of something else', 'connection.json'],
  ])('resets no folder that holds %s', async (_, file) => {
    const { state } = client.paths;
    await mkdir(join(state, file, '..'), { recursive: true });
    await writeFile(join(state, file), '{}');
    await expect(client.reset()).rejects.toThrow(
      `${state} is not the folder of a sandbox, and stays as it is.`,
    );
    expect(existsSync(join(state, file))).toBe(true);
  });

  it('resets what it settled, what never came to that, and what is not there', async () => {
    const { paths } = client;
    await settleConnection(paths, node);
    await client.reset();
    expect(existsSync(paths.state)).toBe(false);

    await mkdir(join(paths.state, 'logs'), { recursive: true });
    await mkdir(join(paths.state, 'supervisor.lock'));
    await writeFile(paths.log('supervisor'), 'No free port');
    await client.reset();
    expect(existsSync(paths.state)).toBe(false);
    await client.reset();
  });
});
