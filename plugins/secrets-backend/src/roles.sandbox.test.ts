import { describeWithSandbox, TestVault } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { capabilitiesOf } from './drivers/vault/capabilitiesOf';
import { policyText, platformPolicies } from './drivers/vault/platformPolicies';
import { vaultRoles } from './drivers/vault/VaultSettings';
import { Capabilities, RoleCheck } from './service/RoleCheck';

jest.setTimeout(60_000);

const tokenSchema = z.object({ auth: z.object({ client_token: z.string() }) });

describeWithSandbox('what the platform may do in Vault', ['vault'], sandbox => {
  const name = `highroad-test-${randomBytes(3).toString('hex')}`;
  const made: string[] = [];
  let vault: TestVault;

  beforeAll(async () => {
    vault = await sandbox.vault();
  });
  afterAll(async () => {
    for (const policy of made) {
      await vault.request('DELETE', `sys/policies/acl/${policy}`);
    }
  });

  const tokenOf = (answer: unknown) =>
    tokenSchema.parse(answer).auth.client_token;
  /** As the platform asks it, with a token. */
  const asking = (token: string, paths: string[]) =>
    capabilitiesOf(
      {
        ask: async ({ method, path, body }) => {
          const response = await fetch(`${vault.address}/v1/${path}`, {
            method,
            headers: { 'X-Vault-Token': token },
            body: JSON.stringify(body),
          });
          return response.json();
        },
      },
      paths,
    );
  const findings = async (capabilities: Capabilities) => {
    const check = new RoleCheck({
      ...{ capabilities, mount: vault.mount, methods: ['kubernetes'] },
      environments: ['staging', 'production'],
      now: () => new Date(),
      roles: [...vaultRoles],
    });
    return (await check.findings()).map(({ message }) => message);
  };
  const tokenWith = async (policy: string) => {
    const own = `${name}-${made.length}`;
    made.push(own);
    await vault.request('PUT', `sys/policies/acl/${own}`, { policy });
    return tokenOf(
      await vault.request('POST', 'auth/token/create', {
        ...{ policies: [own], ttl: '5m' },
      }),
    );
  };

  it('is what it has to be for the roles that the sandbox makes', async () => {
    const found = await findings(async (role, paths) => {
      const { roleId, secretId } = vault.appRoles[role];
      const token = tokenOf(
        await vault.request('POST', 'auth/approle/login', {
          ...{ role_id: roleId, secret_id: secretId },
        }),
      );
      return asking(token, paths);
    });
    expect(found).toEqual([]);
  });

  it('is what it has to be with the policies as they are generated, and is said to be less and more with others', async () => {
    const policies = platformPolicies(vault.mount, ['kubernetes']);
    const usual = await findings(async (role, paths) =>
      asking(await tokenWith(policyText(policies[role])), paths),
    );
    expect(usual).toEqual([]);
    const changed = await findings(async (role, paths) => {
      const { [`${vault.mount}/undelete/*`]: _, ...rules } = policies[role];
      const more = { [`${vault.mount}/destroy/*`]: ['update'] };
      return asking(
        await tokenWith(
          policyText(role === 'write' ? { ...rules, ...more } : policies[role]),
        ),
        paths,
      );
    });
    expect(changed).toEqual([
      expect.stringMatching(
        /^The role "write" may not create, update .*\/undelete\/staging\//,
      ),
      expect.stringMatching(
        /^The role "write" may also update .*\/destroy\/staging\//,
      ),
    ]);
  });

  it('is everything for root, which is said', async () => {
    const root = tokenOf(
      await vault.request('POST', 'auth/token/create', {
        ...{ policies: ['root'], ttl: '5m' },
      }),
    );
    const found = await findings((_, paths) => asking(root, paths));
    expect(found).toHaveLength(vaultRoles.length);
    expect(found[0]).toMatch(/is root's/);
  });
});
