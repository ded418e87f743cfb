import { TestDatabases } from '@backstage/backend-test-utils';
import { describeWithSandbox } from '@highroad/sandbox/testing';
import { SandboxWorld } from './__testUtils__/SandboxWorld';

jest.setTimeout(120_000);

describeWithSandbox(
  'secrets of which others do something straight in Vault',
  ['cluster', 'vault'],
  sandbox => {
    const databases = TestDatabases.create({ ids: ['SQLITE_3'] });
    let world: SandboxWorld;
    /** Asks Vault as somebody who may do everything. */
    const inVault = (kind: 'data' | 'metadata', key: string, body?: object) =>
      world.vault.request(
        body ? 'POST' : 'GET',
        `${world.vault.mount}/${kind}/staging/${
          world.service.split('/')[1]
        }/${key}`,
        body,
      );
    const outcome = async (value: string) =>
      (await world.set('staging', { A: value })).changes[0];

    beforeEach(async () => {
      world = await SandboxWorld.create(sandbox, databases);
    });
    afterEach(() => world.cleanUp());

    it('are written anew with the same value where Vault is to delete it', async () => {
      await inVault('metadata', 'A', { delete_version_after: '2h' });
      expect(await outcome('one')).toMatchObject({ version: 1 });
      expect(await outcome('one')).toMatchObject({
        ...{ outcome: 'set', version: 2 },
      });
      await inVault('metadata', 'A', { delete_version_after: '0s' });
      expect(await outcome('one')).toMatchObject({ version: 3 });
      expect(await outcome('one')).toMatchObject({
        ...{ outcome: 'unchanged', version: 3 },
      });
    });
  },
);
