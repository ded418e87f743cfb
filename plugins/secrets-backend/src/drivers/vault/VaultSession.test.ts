import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VaultSession } from './VaultSession';
import { VaultAuth } from './VaultSettings';

const HOUR_MS = 3_600_000;

/** Tokens of a Vault by its clock: each ends an hour after it was last renewed. What Vault does with them itself is tried in sandbox tests. */
describe('the token of a session with Vault', () => {
  let now: number;
  let endsAt: number;
  let asked: string[];
  let folder: string;
  let server: Server;

  const session = (auth: VaultAuth) =>
    new VaultSession({
      settings: {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...{ mount: 'secret', timeoutSeconds: 5, workloads: [] },
        auth: { write: auth, reveal: auth, sync: auth },
      },
      ...{ auth, role: 'write' },
      now: () => now,
    });

  beforeEach(async () => {
    now = 1_800_000_000_000;
    endsAt = now + HOUR_MS;
    asked = [];
    folder = await mkdtemp(join(tmpdir(), 'vault-token-'));
    await writeFile(join(folder, 'token'), randomBytes(8).toString('hex'));
    server = createServer((request, response) => {
      asked.push(request.url ?? '');
      const isRenewal = request.url === '/v1/auth/token/renew-self';
      const isAlive = now < endsAt;
      if (isAlive && isRenewal) endsAt = now + HOUR_MS;
      const alive = isRenewal
        ? { auth: { client_token: 'same', lease_duration: 3600 } }
        : { data: { ttl: (endsAt - now) / 1000, renewable: true } };
      response.writeHead(isAlive ? 200 : 403, {
        'Content-Type': 'application/json',
      });
      response.end(
        JSON.stringify(isAlive ? alive : { errors: ['permission denied'] }),
      );
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(done => {
      server.close(done);
    });
    await rm(folder, { recursive: true });
  });

  it('is renewed in time where it comes from a file and nobody asks anything, and not before', async () => {
    const kept = session({ tokenFile: join(folder, 'token') });
    for (let passed = 0; passed < 10 * HOUR_MS; passed += HOUR_MS / 60) {
      await kept.keepSignedIn();
      now += HOUR_MS / 60;
    }
    const renewals = asked.filter(url => url.endsWith('/renew-self'));
    expect(renewals).toHaveLength(asked.length - 1);
    expect(renewals.length).toBeGreaterThanOrEqual(10);
    expect(renewals.length).toBeLessThanOrEqual(16);
    expect(await kept.ask({ method: 'GET', path: 'any', what: 'ask' })).toEqual(
      expect.anything(),
    );
  });

  it('that ended is said to be over, with the file that it is from', async () => {
    const kept = session({ tokenFile: join(folder, 'token') });
    await kept.keepSignedIn();
    now += 2 * HOUR_MS;
    await expect(kept.keepSignedIn()).rejects.toThrow(join(folder, 'token'));
  });

  it('cannot be had where the file of the authority is not there, which the configuration is told by its key', () => {
    const caFile = join(folder, 'ca.pem');
    const auth = { tokenFile: join(folder, 'token') };
    const begin = () =>
      new VaultSession({
        settings: {
          ...{ url: 'https://vault.test', caFile },
          ...{ mount: 'secret', timeoutSeconds: 5, workloads: [] },
          auth: { write: auth, reveal: auth, sync: auth },
        },
        ...{ auth, role: 'write' },
        now: () => now,
      });
    expect(begin).toThrow(
      `platform.vault.caFile: ${caFile} cannot be read (ENOENT).`,
    );
  });

  it('is not asked for before it is needed where there is another way to sign in', async () => {
    const auth = { roleId: 'role', secretId: 'secret', mount: 'approle' };
    await session(auth).keepSignedIn();
    expect(asked).toEqual([]);
  });
});
