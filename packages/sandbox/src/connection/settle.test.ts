import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, createServer as createTlsServer } from 'node:tls';
import { SandboxPaths } from '../machine/paths';
import { TEST_CACHE } from '../supervisor/__testUtils__/servers';
import { createAuthority, issue } from './certificates';
import { readConnection, settleConnection } from './settle';

const node = { kind: 'simulated', why: 'test' } as const;

describe('settleConnection', () => {
  let folder: string;
  let paths: SandboxPaths;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'highroad-settle-'));
    paths = new SandboxPaths(join(folder, 'state'), TEST_CACHE);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('keeps addresses and credentials from one time to the next', async () => {
    const first = await settleConnection(paths, node);
    expect(await settleConnection(paths, node)).toEqual(first);
    expect(await readConnection(paths)).toEqual(first);
  });

  it('gives no two sandboxes the same credentials', async () => {
    const one = await settleConnection(paths, node);
    const other = await settleConnection(
      new SandboxPaths(join(folder, 'other'), TEST_CACHE),
      node,
    );
    expect(other.kubernetes.adminToken).not.toBe(one.kubernetes.adminToken);
    expect(other.gitea.password).not.toBe(one.gitea.password);
    expect(other.postgres.password).not.toBe(one.postgres.password);
  });

  it('takes another port when somebody else has the old one by now', async () => {
    const first = await settleConnection(paths, node);
    const stranger = createServer();
    await new Promise<void>(resolve => {
      stranger.listen(first.ports.gitea, '127.0.0.1', () => resolve());
    });
    try {
      const second = await settleConnection(paths, node);
      expect(second.ports.gitea).not.toBe(first.ports.gitea);
      expect(second.gitea.host).toBe(`127.0.0.1:${second.ports.gitea}`);
      expect(second.gitea.password).toBe(first.gitea.password);
      expect(second.ports.vault).toBe(first.ports.vault);
    } finally {
      stranger.close();
    }
  });

  it('lets the user of a server pass through to what belongs to it, and see nothing on the way', async () => {
    await settleConnection(paths, node);
    for (const on of [paths.state, join(paths.state, 'data')]) {
      // eslint-disable-next-line no-bitwise
      expect((await stat(on)).mode & 0o077).toBe(0o011);
    }
  });

  it('leaves the ports of another sandbox to it while that does not run, and takes those of one that is gone', async () => {
    const first = await settleConnection(paths, node);
    const other = new SandboxPaths(join(folder, 'other'), TEST_CACHE);
    const second = await settleConnection(other, node);
    const ports = [first, second].flatMap(one => Object.values(one.ports));
    expect(new Set(ports).size).toBe(ports.length);

    await rm(paths.state, { recursive: true });
    const third = new SandboxPaths(join(folder, 'third'), TEST_CACHE);
    await settleConnection(third, node);
    const known = JSON.parse(
      await readFile(join(TEST_CACHE, 'sandboxes.json'), 'utf8'),
    );
    expect(known).toEqual(expect.arrayContaining([other.state, third.state]));
    expect(known).not.toContain(paths.state);
  });

  it('says under which addresses pods reach PostgreSQL and Vault, where there are real ones', async () => {
    const simulated = await settleConnection(paths, node);
    expect(simulated.postgres.hostFromPods).toBeUndefined();
    expect(simulated.vault.addressFromPods).toBeUndefined();
    const real = { kind: 'real', why: 'test' } as const;
    const { postgres, vault } = await settleConnection(paths, real);
    expect(postgres).toMatchObject({
      host: '127.0.0.1',
      hostFromPods: '10.213.0.1',
    });
    expect(new URL(vault.addressFromPods!).host).toBe(
      `10.213.0.1:${new URL(vault.address).port}`,
    );
  });

  it('writes credentials where only their owner can read them', async () => {
    const { kubernetes } = await settleConnection(paths, node);
    for (const file of [
      paths.connection,
      paths.portalConfig,
      kubernetes.kubeconfig,
    ]) {
      // eslint-disable-next-line no-bitwise
      expect((await stat(file)).mode & 0o777).toBe(0o600);
    }
  });
});

describe('issue', () => {
  it('makes certificates that a client who trusts the authority accepts, for their names only', async () => {
    const authority = await createAuthority('test');
    const { certificate, key } = await issue(authority, {
      name: 'server',
      hosts: ['127.0.0.1', 'kubernetes'],
    });
    const server = createTlsServer({ cert: certificate, key }, socket =>
      socket.end(),
    );
    await new Promise<void>(resolve => {
      server.listen(0, '127.0.0.1', () => resolve());
    });
    const address = server.address();
    const port = typeof address === 'object' ? address?.port : undefined;
    const attempt = (options: object) =>
      new Promise<string>(resolve => {
        const socket = connect(
          { host: '127.0.0.1', port, ca: authority.certificate, ...options },
          () => {
            resolve('accepted');
            socket.destroy();
          },
        );
        socket.on('error', error => resolve(error.message));
      });
    try {
      expect(await attempt({})).toBe('accepted');
      expect(await attempt({ servername: 'kubernetes' })).toBe('accepted');
      expect(await attempt({ servername: 'elsewhere' })).toMatch(/altnames/);
      const { certificate: stranger } = await createAuthority('stranger');
      expect(await attempt({ ca: stranger })).not.toBe('accepted');
    } finally {
      server.close();
    }
  });
});
