import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox, TestVault } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { createPolicies, createVault } from './drivers/vault/createVault';
import { policyPrefix } from './drivers/vault/ServicePolicies';
import { VaultSettings } from './drivers/vault/VaultSettings';
import { PolicyKeeper } from './service/PolicyKeeper';

jest.setTimeout(120_000);

const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const tokenSchema = z.object({ auth: z.object({ client_token: z.string() }) });

describeWithSandbox('policies of services in Vault', ['vault'], sandbox => {
  let vault: TestVault;
  let keeper: PolicyKeeper;
  /** Services that are there, and whose they are */
  let owners: Map<string, string | undefined>;
  const id = randomBytes(3).toString('hex');
  // Names of which one begins like another, or holds what separates the parts of a policy's name.
  const folders = [
    `cart-${id}`,
    `cart-${id}-eu`,
    `cart-${id}.staging`,
    `api:default:cart-${id}`,
  ];
  const services = [
    ...folders.slice(0, 3).map(name => `component:default/${name}`),
    `api:default/cart-${id}`,
  ];
  const [shop, bank] = ['shop', 'bank'].map(
    name => `group:default/${name}-${id}`,
  );
  const environments = ['staging', 'qa', 'production'];
  const paths = folders.flatMap(folder =>
    environments.map(environment => `${environment}/${folder}/KEY`),
  );

  beforeAll(async () => {
    vault = await sandbox.vault();
    const settings: VaultSettings = {
      url: vault.address,
      mount: vault.mount,
      timeoutSeconds: 5,
      workloads: [],
      auth: {
        write: { ...vault.appRoles.write, mount: 'approle' },
        reveal: { ...vault.appRoles.reveal, mount: 'approle' },
        sync: { ...vault.appRoles.sync, mount: 'approle' },
        policies: { ...vault.appRoles.policies, mount: 'approle' },
      },
    };
    const now = () => new Date();
    const policies = createPolicies(settings, now)!;
    owners = new Map(
      services.map((service, n) => [service, n < 2 ? shop : undefined]),
    );
    keeper = new PolicyKeeper({
      ...{ mount: vault.mount, now, policies },
      places: new Places(
        environments.map(name => ({
          name,
          production: name === 'production',
          namespace: '',
        })),
      ),
      services: { ownersOf: async () => owners },
      vault: createVault(settings, now),
    });
    for (const path of paths) {
      await vault.request('POST', `${vault.mount}/data/${path}`, {
        data: { value: `of ${path}` },
      });
    }
    await keeper.sweep();
  });

  /** Which of all paths a token with one policy does something with. */
  async function reach(
    policy: string,
    attempt: (
      ask: (path: string) => Promise<Response>,
      path: string,
    ) => Promise<Response>,
  ): Promise<string[]> {
    const { auth } = tokenSchema.parse(
      await vault.request('POST', 'auth/token/create', {
        policies: [policy],
        ttl: '5m',
      }),
    );
    const reached: string[] = [];
    const { address, mount } = vault;
    const ask = (below: string) =>
      fetch(`${address}/v1/${mount}/${below}`, {
        headers: { 'X-Vault-Token': auth.client_token },
      });
    for (const path of paths) {
      const { ok } = await attempt(ask, path);
      if (ok) reached.push(path);
    }
    return reached;
  }
  const names = async () =>
    listSchema.parse(await vault.request('LIST', 'sys/policies/acl')).data.keys;
  const read = (policy: string) =>
    reach(policy, (ask, path) => ask(`data/${path}`));

  it('let workloads read what is their own service’s in their own environment, and nothing else', async () => {
    const seen: Record<string, string[]> = {};
    const wanted: Record<string, string[]> = {};
    for (const folder of folders) {
      for (const environment of environments) {
        const policy = `${policyPrefix(
          vault.mount,
        )}${folder}.${environment}.workload`;
        seen[policy] = await read(policy);
        wanted[policy] = [`${environment}/${folder}/KEY`];
      }
    }
    expect(seen).toEqual(wanted);
  });

  it('let owners read their own service outside of production', async () => {
    for (const folder of folders) {
      expect(
        await read(`${policyPrefix(vault.mount)}${folder}.owners`),
      ).toEqual(
        ['staging', 'qa'].map(environment => `${environment}/${folder}/KEY`),
      );
    }
  });

  it('let a group read what its services have, and follow where one gets another owner', async () => {
    const name = (group: string) =>
      `${policyPrefix(vault.mount)}${group.replace('/', ':')}.owned`;
    const outsideOfProduction = (...some: string[]) =>
      some.flatMap(folder =>
        ['staging', 'qa'].map(environment => `${environment}/${folder}/KEY`),
      );
    const [first, second] = folders;
    expect(await read(name(shop))).toEqual(outsideOfProduction(first, second));
    expect(await read(name(bank))).toEqual([]);
    owners.set(services[1], bank);
    await keeper.sweep();
    expect(await read(name(shop))).toEqual(outsideOfProduction(first));
    expect(await read(name(bank))).toEqual(outsideOfProduction(second));
    owners.set(services[1], shop);
    await keeper.sweep();
    expect(await names()).toContain(name(shop));
    expect(await names()).not.toContain(name(bank));
  });

  it('are mended, and removed with their service', async () => {
    const [first, second] = folders.map(
      folder => `${policyPrefix(vault.mount)}${folder}.owners`,
    );
    await vault.request('DELETE', `sys/policies/acl/${first}`);
    owners.delete(services[1]);
    await keeper.sweep();
    expect(await names()).toContain(first);
    expect(await names()).not.toContain(second);
    owners.clear();
    // A catalog that knows nothing may just have been started.
    await keeper.sweep();
    expect(await names()).toContain(first);
    await keeper.sweep();
    const ours = policyPrefix(vault.mount);
    expect((await names()).filter(one => one.startsWith(ours))).toEqual([]);
  });

  it('keep what writes from reading, and what reads from writing', async () => {
    const of = async (role: 'write' | 'reveal' | 'sync') => {
      const { auth } = tokenSchema.parse(
        await vault.request('POST', 'auth/approle/login', {
          role_id: vault.appRoles[role].roleId,
          secret_id: vault.appRoles[role].secretId,
        }),
      );
      const ask = (method: string) =>
        fetch(`${vault.address}/v1/${vault.mount}/data/${paths[0]}`, {
          method,
          headers: { 'X-Vault-Token': auth.client_token },
          ...(method === 'POST' && {
            body: JSON.stringify({ data: { value: 'x' } }),
          }),
        });
      return {
        reads: (await ask('GET')).ok,
        writes: (await ask('POST')).ok,
      };
    };
    expect(await of('write')).toEqual({ reads: false, writes: true });
    expect(await of('reveal')).toEqual({ reads: true, writes: false });
    expect(await of('sync')).toEqual({ reads: true, writes: false });
  });
});
