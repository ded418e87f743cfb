import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { createVault } from './createVault';
import { SecretVault } from './SecretVault';

const path = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  key: 'TOKEN',
};
const NOW = new Date('2027-01-15T08:00:00Z');
const created_time = '2027-01-01T00:00:00.123456789Z';

/** What Vault says of versions, in its own words. What it does is tried in sandbox tests. */
describe('versions of a key in Vault', () => {
  let server: Server;
  let versions: object;
  let kept: object | null;
  let written: unknown[];
  let vault: SecretVault;

  beforeEach(async () => {
    [kept, written] = [null, []];
    server = createServer(async (request, response) => {
      const body = await text(request);
      if (request.method === 'POST' && !request.url?.endsWith('/login')) {
        written.push(JSON.parse(body));
      }
      response.writeHead(200, { 'Content-Type': 'application/json' });
      response.end(
        JSON.stringify(
          request.url?.endsWith('/login')
            ? { auth: { client_token: 'a-token', lease_duration: 3600 } }
            : {
                data: {
                  current_version: Object.keys(versions).length,
                  ...{ custom_metadata: kept, max_versions: 0, versions },
                },
              },
        ),
      );
    });
    await new Promise<void>(done => {
      server.listen(0, '127.0.0.1', done);
    });
    const auth = { roleId: 'role', secretId: 'secret', mount: 'approle' };
    vault = createVault(
      {
        url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
        ...{ mount: 'secret', timeoutSeconds: 5, workloads: [] },
        auth: { write: auth, reveal: auth, sync: auth },
      },
      () => NOW,
    );
  });

  afterEach(async () => {
    server.closeAllConnections();
    await new Promise(done => {
      server.close(done);
    });
  });

  const newest = async (deletion_time: string, destroyed = false) => {
    versions = { 1: { created_time, deletion_time, destroyed } };
    const { readable, versions: found } = await vault.facts(path);
    return { readable, ...found[0] };
  };

  it('can be read until the time at which Vault is to delete them by itself', async () => {
    const ahead = '2027-01-15T09:00:00.123456789Z';
    expect(await newest(ahead)).toEqual({
      ...{ readable: true, version: 1, at: created_time, state: 'readable' },
      endsAt: ahead,
    });
    const past = '2027-01-15T07:59:59.123456789Z';
    expect(await newest(past)).toEqual({
      ...{ readable: false, version: 1, at: created_time, state: 'deleted' },
      deletedAt: past,
    });
  });

  it('are deleted where they just were, by a clock that is a little before this one', async () => {
    expect(await newest('2027-01-15T08:00:05Z')).toMatchObject({
      ...{ readable: false, state: 'deleted' },
    });
  });

  it('have their fingerprint kept beside what others keep, and never one over that of a newer', async () => {
    const one = { created_time, deletion_time: '', destroyed: false };
    const mark = { kept: '0123456789abcdef', keyId: 'c0ffee00' };
    versions = { 1: one };
    kept = { owner: 'payments' };
    await vault.mark(path, 1, mark);
    kept = {
      owner: 'payments',
      'highroad-fingerprint': '1:0123456789abcdef:c0ffee00',
    };
    expect(written).toEqual([{ custom_metadata: kept }]);
    expect(await vault.facts(path)).toMatchObject({
      ...{ mark, others: { owner: 'payments' } },
    });
    // Which key it was made with was not kept at first.
    kept = { 'highroad-fingerprint': '1:0123456789abcdef' };
    expect(await vault.facts(path)).not.toHaveProperty('mark');
    versions = { 1: one, 2: one };
    await vault.mark(path, 1, mark);
    expect(written).toHaveLength(1);
  });

  it('are gone for good where they were destroyed, whatever else is said', async () => {
    expect(await newest('', true)).toMatchObject({
      ...{ readable: false, state: 'destroyed' },
    });
    expect(await newest('')).toMatchObject({ readable: true });
  });
});
