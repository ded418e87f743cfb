import { SecretValue } from '@highroad/plugin-platform-common';
import { describeWithSandbox, OwnVault } from '@highroad/sandbox/testing';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { createVault } from './drivers/vault/createVault';
import { SecretVault } from './drivers/vault/SecretVault';
import { StoreStatus } from './service/StoreStatus';

jest.setTimeout(60_000);

const tokenSchema = z.object({ auth: z.object({ client_token: z.string() }) });
const path = {
  ...{ service: 'component:default/cart', environment: 'staging' },
  key: 'TOKEN',
};
const stored = { value: new SecretValue('one'), encoding: 'text' as const };

describeWithSandbox(
  'a Vault without the engine that the configuration names',
  ['vault'],
  sandbox => {
    let vault: OwnVault;
    let folder: string;
    let tokenFile: string;

    beforeAll(async () => {
      vault = await sandbox.ownVault();
      folder = await mkdtemp(join(tmpdir(), 'highroad-engines-'));
      tokenFile = join(folder, 'token');
      await vault.request('POST', 'sys/mounts/old', {
        ...{ type: 'kv', options: { version: '1' } },
      });
      await vault.request('POST', 'sys/mounts/teams/kv.2', {
        ...{ type: 'kv', options: { version: '2' } },
      });
      // As whoever administers Vault gives it, whether there is such an engine or not.
      const all = { capabilities: ['create', 'read', 'update', 'list'] };
      await vault.request('PUT', 'sys/policies/acl/engines', {
        policy: JSON.stringify({
          path: {
            ...{ 'none/*': all, 'old/*': all, 'teams/kv.2/*': all },
            'transit/*': all,
          },
        }),
      });
      await vault.request('POST', 'sys/mounts/transit', { type: 'transit' });
      const { auth } = tokenSchema.parse(
        await vault.request('POST', 'auth/token/create', {
          ...{ policies: ['engines'], ttl: '5m' },
        }),
      );
      await writeFile(tokenFile, auth.client_token);
    });
    afterAll(() => rm(folder, { recursive: true, force: true }));

    const of = (mount: string): SecretVault => {
      const auth = { tokenFile, mount: 'token' };
      return createVault(
        {
          ...{ url: vault.address, mount, timeoutSeconds: 5, workloads: [] },
          auth: { write: auth, reveal: auth, sync: auth },
        },
        () => new Date(),
      );
    };

    it.each([
      ['none', 'nothing'],
      ['old', 'a KV engine of version 1'],
      ['transit', '"transit"'],
    ])('says so of %s, and writes nothing there', async (mount, found) => {
      const why = `has ${found} at "${mount}", where platform.vault.mount says that a KV engine of version 2 is.`;
      const status = new StoreStatus({ vault: of(mount) });
      expect(await status.read(async () => true)).toMatchObject({
        ...{ state: 'refused', message: expect.stringContaining(why) },
        fix: `Enable one: vault secrets enable -path=${mount} kv-v2. Or write into platform.vault.mount where it is.`,
      });
      await expect(of(mount).fingerprintKey()).rejects.toThrow(why);
      const kept = await vault
        .request('LIST', `${mount}/data`)
        .catch(() => undefined);
      expect(kept).toBeUndefined();
      await expect(of(mount).write(path, stored, { after: 0 })).rejects.toThrow(
        why,
      );
    });

    it('does not say so of one with a path of several parts', async () => {
      const there = of('teams/kv.2');
      expect(await there.fingerprintKey()).toHaveLength(32);
      expect(await there.write(path, stored, { after: 0 })).toMatchObject({
        version: 1,
      });
      await expect(there.write(path, stored, { after: 0 })).rejects.toThrow(
        'was changed by somebody else meanwhile',
      );
      await vault.request('POST', 'teams/kv.2/data/_highroad/fingerprint-key', {
        data: { other: 'x' },
      });
      await expect(of('teams/kv.2').fingerprintKey()).rejects.toThrow(
        'is no key of fingerprints. Delete it there',
      );
    });
  },
);
