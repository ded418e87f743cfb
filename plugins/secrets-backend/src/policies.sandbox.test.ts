import { Places } from '@highroad/plugin-platform-node/kubernetes';
import { describeWithSandbox, TestVault } from '@highroad/sandbox/testing';
import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import {
  createPolicies,
  createVault,
  createWorkloadRoles,
} from './drivers/vault/createVault';
import { policyPrefix } from './drivers/vault/policyNames';
import { policiesOf, workloadPolicy } from './drivers/vault/ServicePolicies';
import { VaultSettings } from './drivers/vault/VaultSettings';
import { PolicyKeeper } from './service/PolicyKeeper';
import { Reach, reachOf, readsOnly } from './__testUtils__/vaultReach';

const listSchema = z.object({ data: z.object({ keys: z.array(z.string()) }) });
const tokenSchema = z.object({ auth: z.object({ client_token: z.string() }) });

describeWithSandbox('policies of services in Vault', ['vault'], sandbox => {
  let vault: TestVault;
  let keeper: PolicyKeeper;
  let settings: VaultSettings;
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
    settings = {
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

  const tokenWith = async (policy: string) => {
    const { auth } = tokenSchema.parse(
      await vault.request('POST', 'auth/token/create', {
        ...{ policies: [policy], ttl: '5m' },
      }),
    );
    return auth.client_token;
  };
  /** What can be done by one policy with all that there is. */
  const reach = async (policy: string) =>
    reachOf(vault, await tokenWith(policy), paths);
  const names = async () =>
    listSchema.parse(await vault.request('LIST', 'sys/policies/acl')).data.keys;
  const sorted = (some: string[]) => [...some].sort();
  const inAll = (folder: string, some = environments) =>
    some.map(environment => `${environment}/${folder}/KEY`);
  /** What owners may: see everything but values of production, and write, also there. */
  const ofOwners = (some: string[]) => {
    const all = some.flatMap(folder => inAll(folder));
    const read = readsOnly(all);
    return {
      'list keys': sorted(read['list keys']),
      'read the value': sorted(
        some.flatMap(folder => inAll(folder, ['staging', 'qa'])),
      ),
      'write the value': sorted(all),
      'read metadata': sorted(all),
    };
  };
  const inOrder = (found: Reach) =>
    Object.fromEntries(
      Object.entries(found).map(([what, some]) => [what, sorted(some)]),
    );

  it('let workloads read what is their own service’s in their own environment, and do nothing else with anything', async () => {
    const seen: Record<string, Reach> = {};
    const wanted: Record<string, Reach> = {};
    for (const folder of folders) {
      for (const environment of environments) {
        const policy = `${policyPrefix(
          vault.mount,
        )}${folder}.${environment}.workload`;
        seen[policy] = await reach(policy);
        wanted[policy] = readsOnly([`${environment}/${folder}/KEY`]);
      }
    }
    expect(seen).toEqual(wanted);
  });

  it('let owners write what is their own service’s, and read it outside of production', async () => {
    for (const folder of folders) {
      const policy = `${policyPrefix(vault.mount)}${folder}.owners`;
      expect(inOrder(await reach(policy))).toEqual(ofOwners([folder]));
    }
  });

  it('let a group do the same with what its services have, and follow where one gets another owner', async () => {
    const name = (group: string) =>
      `${policyPrefix(vault.mount)}${group.replace('/', ':')}.owned`;
    const [first, second] = folders;
    const may = async (group: string) => inOrder(await reach(name(group)));
    expect(await may(shop)).toEqual(ofOwners([first, second]));
    expect(await may(bank)).toEqual({});
    owners.set(services[1], bank);
    await keeper.sweep();
    expect(await may(shop)).toEqual(ofOwners([first]));
    expect(await may(bank)).toEqual(ofOwners([second]));
    owners.set(services[1], shop);
    await keeper.sweep();
    expect(await names()).toContain(name(shop));
    expect(await names()).not.toContain(name(bank));
  });

  it('are mended, and removed with their service: whoever has them can do nothing any more', async () => {
    const ours = policyPrefix(vault.mount);
    const [first, second] = folders;
    await vault.request('DELETE', `sys/policies/acl/${ours}${first}.owners`);
    const of = (folder: string) => [
      `${ours}${folder}.owners`,
      ...environments.map(one => `${ours}${folder}.${one}.workload`),
    ];
    const tokens = await Promise.all(of(second).map(tokenWith));
    const reached = () =>
      Promise.all(tokens.map(token => reachOf(vault, token, paths)));
    for (const one of await reached()) expect(one).not.toEqual({});
    owners.delete(services[1]);
    await keeper.sweep();
    const left = await names();
    expect(of(first).filter(one => !left.includes(one))).toEqual([]);
    expect(of(second).filter(one => left.includes(one))).toEqual([]);
    for (const one of await reached()) expect(one).toEqual({});
    owners.clear();
    // A catalog that knows nothing may just have been started.
    await keeper.sweep();
    expect(await names()).toContain(`${ours}${first}.owners`);
    await keeper.sweep();
    expect((await names()).filter(one => one.startsWith(ours))).toEqual([]);
  });

  it.each([
    ['capitals, which Vault makes small', `KV-${id}`],
    ['slashes and dots', `teams-${id}/kv.2`],
  ])(
    'are found again and removed where the name of the engine has %s',
    async (_, mount) => {
      const policies = createPolicies(
        { ...settings, mount },
        () => new Date(),
      )!;
      const [service] = services;
      const name = workloadPolicy({ service, environment: 'staging' }, mount);
      await policies.write(name, '{"path":{}}');
      expect((await policies.list()).ours).toEqual([name]);
      await policies.remove(name);
      expect((await policies.list()).ours).toEqual([]);
    },
  );

  it('are removed also where they stand under the names that they once had, and those of others are not', async () => {
    const mount = `Teams.KV.${id}`;
    const policies = createPolicies({ ...settings, mount }, () => new Date())!;
    const [service, other] = services;
    const of = (engine: string) => [
      ...policiesOf(
        {
          service,
          environments: [
            { name: 'staging', production: false },
            { name: 'production', production: true },
          ],
        },
        engine,
      ),
    ];
    const [, ownersPolicy] = of(mount).at(-1)!;
    /** As they were called: first with dots only, then with capitals that Vault made small. */
    const old = [`teams.kv.${id}`, `teams.-.kv.-.${id}`];
    const write = async (some: string[], policy: string) => {
      for (const name of some) {
        await vault.request('PUT', `sys/policies/acl/${name}`, { policy });
      }
      return some;
    };
    const ours: string[] = [];
    const theirs: string[] = [];
    for (const prefix of old) {
      for (const [name, policy] of of(mount)) {
        const rest = name.slice(policyPrefix(mount).length);
        ours.push(
          ...(await write([`highroad-service-${prefix}.${rest}`], policy)),
        );
      }
      const begin = `highroad-service-${prefix}.`;
      ours.push(
        ...(await write(
          [`${begin}group:default:shop-${id}.owned`],
          ownersPolicy,
        )),
      );
      // Those of an engine whose name is the same but for capitals, or whose services have names that go on so.
      for (const engine of [mount.toLowerCase(), `teams`]) {
        const [[, policy]] = of(engine);
        theirs.push(
          ...(await write(
            [`${begin}theirs-${engine.length}.staging.workload`],
            policy,
          )),
        );
      }
      // One that lets more than any that is generated, one about another service than its name says, and one in another language.
      theirs.push(
        ...(await write(
          [`${begin}mine.owners`],
          JSON.stringify({
            path: {
              [`${mount}/data/staging/mine/*`]: { capabilities: ['sudo'] },
            },
          }),
        )),
        ...(await write([`${begin}another.owners`], ownersPolicy)),
        ...(await write(
          [`${begin}words.owners`],
          `path "${mount}/data/staging/words/*" { capabilities = ["read"] }`,
        )),
      );
    }
    const keeperOf = new PolicyKeeper({
      ...{ mount, policies, now: () => new Date() },
      places: new Places([
        { name: 'staging', production: false, namespace: '' },
      ]),
      services: { ownersOf: async () => new Map([[other, undefined]]) },
      vault: { services: async () => [other] },
    });
    await keeperOf.sweep();
    const left = await names();
    expect(ours.filter(one => left.includes(one))).toEqual([]);
    expect(theirs.filter(one => !left.includes(one))).toEqual([]);
    expect(
      left.filter(one => one.startsWith(policyPrefix(mount))),
    ).toHaveLength(2);
    for (const name of [
      ...theirs,
      ...left.filter(one => one.startsWith(policyPrefix(mount))),
    ]) {
      await vault.request('DELETE', `sys/policies/acl/${name}`);
    }
  });

  it('are all kept but one that Vault refuses', async () => {
    const mount = `refused-${id}`;
    const policies = createPolicies({ ...settings, mount }, () => new Date())!;
    const write = policies.write.bind(policies);
    const refused = workloadPolicy(
      { service: services[0], environment: 'staging' },
      mount,
    );
    policies.write = async (name, policy) => {
      if (name === refused) throw new Error('It is refused.');
      await write(name, policy);
    };
    const keeperOf = new PolicyKeeper({
      ...{ mount, policies, now: () => new Date() },
      places: new Places([
        { name: 'staging', production: false, namespace: '' },
      ]),
      services: {
        ownersOf: async all => new Map(all.map(one => [one, undefined])),
      },
      vault: { services: async () => services.slice(0, 2) },
    });
    await expect(keeperOf.sweep()).rejects.toThrow('It is refused.');
    const { ours } = await policies.list();
    expect(ours).toHaveLength(3);
    for (const name of ours) await policies.remove(name);
  });

  it('may be roles that were once called otherwise, which are removed where they let nothing but that', async () => {
    const mount = `Teams.KV.${id}`;
    const roles = createWorkloadRoles(
      {
        ...{ ...settings, mount },
        workloads: [{ cluster: 'test', mount: 'kubernetes' }],
      },
      () => new Date(),
    ).get('test')!;
    const place = {
      ...{ service: services[0], environment: 'staging' },
      namespace: `cart-${id}-staging`,
    };
    const name = `highroad-service-teams.kv.${id}.cart-${id}.staging`;
    const policy = `${name}.workload`;
    const make = (more: object = {}) =>
      vault.request('POST', `auth/kubernetes/role/${name}`, {
        bound_service_account_names: ['*'],
        bound_service_account_namespaces: [place.namespace],
        ...{ token_no_default_policy: true, token_ttl: 1200 },
        ...{ token_policies: [policy], ...more },
      });
    const writePolicy = async (engine: string) => {
      const [[, text]] = policiesOf(
        {
          service: place.service,
          environments: [{ name: 'staging', production: false }],
        },
        engine,
      );
      await vault.request('PUT', `sys/policies/acl/${policy}`, {
        policy: text,
      });
    };
    await make();
    expect((await roles.list()).suspects).toContain(name);
    // That of its policy is gone: who it was bound to tells.
    expect(await roles.isEarlier(name, [place])).toBe(true);
    expect(await roles.isEarlier(name, [])).toBe(false);
    await writePolicy(mount);
    expect(await roles.isEarlier(name, [])).toBe(true);
    await writePolicy(mount.toLowerCase());
    expect(await roles.isEarlier(name, [place])).toBe(false);
    await writePolicy(mount);
    await make({ token_policies: [policy, 'default'] });
    expect(await roles.isEarlier(name, [place])).toBe(false);
    await vault.request('DELETE', `sys/policies/acl/${policy}`);
    await roles.remove(name);
  });

  it('keep what writes from reading, and what reads from doing anything else', async () => {
    const reachedAs = async (
      role: 'write' | 'reveal' | 'sync' | 'policies',
    ) => {
      const { auth } = tokenSchema.parse(
        await vault.request('POST', 'auth/approle/login', {
          role_id: vault.appRoles[role].roleId,
          secret_id: vault.appRoles[role].secretId,
        }),
      );
      return reachOf(vault, auth.client_token, paths);
    };
    const above = ['', ...environments.map(one => `${one}/`)];
    const everything = readsOnly(paths);
    const reads: Record<string, unknown> = {
      ...everything,
      'list keys': expect.arrayContaining([
        ...above,
        ...everything['list keys'],
      ]),
    };
    expect(await reachedAs('reveal')).toEqual(reads);
    expect(await reachedAs('sync')).toEqual(reads);
    expect(await reachedAs('policies')).toEqual({});
    const { 'read the value': _, ...rest } = reads;
    expect(await reachedAs('write')).toEqual({
      ...rest,
      'write the value': paths,
      'write metadata': paths,
      'put versions back': paths,
      'delete versions': paths,
    });
  });
});
