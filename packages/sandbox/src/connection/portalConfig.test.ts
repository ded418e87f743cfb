import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { SandboxPaths } from '../machine/paths';
import { TEST_CACHE } from '../supervisor/__testUtils__/servers';
import { portalConfig } from './portalConfig';
import { settleConnection } from './settle';

describe('what the portal is told of the sandbox', () => {
  let folder: string;
  let paths: SandboxPaths;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-config-'));
    paths = new SandboxPaths(join(folder, 'state'), TEST_CACHE);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it.each([
    ['real', 'which says what is built', 1],
    ['simulated', 'since simulated pods run what nobody has built', 0],
  ] as const)(
    'names its registry or not, on a %s node: %s',
    async (kind, _why, count) => {
      const connection = await settleConnection(paths, { kind, why: 'test' });
      const { platform } = parse(portalConfig(connection, paths));
      const { host } = connection.registry;
      expect(platform.registries ?? []).toEqual(
        count > 0 ? [{ host, insecure: true }] : [],
      );
    },
  );

  it('has credentials replaced by the name that pods know its database server by', async () => {
    const connection = await settleConnection(paths, {
      ...{ kind: 'real', why: 'test' },
    });
    const { platform } = parse(portalConfig(connection, paths));
    const { hostFromPods } = connection.postgres;
    expect(hostFromPods).toBeDefined();
    expect(platform.secrets.postgres[0].hosts).toEqual([hostFromPods]);
  });
});
