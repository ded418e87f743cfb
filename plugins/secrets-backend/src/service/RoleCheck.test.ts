import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  platformPolicies,
  policyText,
  probesOf,
} from '../drivers/vault/platformPolicies';
import { VaultError } from '../drivers/vault/vaultErrors';
import { VaultRole, vaultRoles } from '../drivers/vault/VaultSettings';
import { RoleCheck } from './RoleCheck';

const environments = ['staging', 'production'];
const mount = 'secret';
const policies = platformPolicies(mount, ['kubernetes']);

/** A Vault whose roles may do what their policies say, but for some paths. */
function check(
  change: (path: string, role: VaultRole) => string[] | undefined = () =>
    undefined,
) {
  const asked: string[] = [];
  let now = 1_800_000_000_000;
  const roles = new RoleCheck({
    async capabilities(role, paths) {
      asked.push(role);
      const probes = probesOf(policies[role], { mount, environments });
      return new Map(
        paths.map(path => {
          const { wanted = [] } = probes.find(one => one.path === path) ?? {};
          const usual = wanted.length > 0 ? wanted : ['deny'];
          return [path, change(path, role) ?? usual];
        }),
      );
    },
    ...{ environments, mount, methods: ['kubernetes'] },
    ...{ now: () => new Date(now), roles: [...vaultRoles] },
  });
  return {
    asked,
    pass: (ms: number) => {
      now += ms;
    },
    messages: async () =>
      (await roles.findings()).map(({ message }) => message),
    roles,
  };
}

describe('what the platform may do in Vault', () => {
  it('is nothing to speak of where it is what it has to be, and is asked once a minute', async () => {
    const { asked, messages, pass } = check();
    expect(await messages()).toEqual([]);
    await messages();
    expect(asked).toEqual([...vaultRoles]);
    pass(60_000);
    await messages();
    expect(asked).toHaveLength(2 * vaultRoles.length);
  });

  it('is said to be too little, with the path', async () => {
    const { messages, roles } = check((path, role) =>
      role === 'write' && path.startsWith('secret/data/production/')
        ? ['create']
        : undefined,
    );
    expect(await messages()).toEqual([
      'The role "write" may not update secret/data/production/highroad-probe/PROBE, which the platform needs. Compare its policy with docs/reference/secrets.md.',
    ]);
    const [{ policy }] = await roles.findings();
    expect(policy).toContain(
      'path "secret/data/*" { capabilities = ["create","update"] }',
    );
  });

  it.each(['data', 'metadata', 'delete', 'undelete', 'destroy'])(
    'is said to be too much below %s',
    async below => {
      const { messages } = check((path, role) =>
        role === 'sync' && path.startsWith(`secret/${below}/staging/`)
          ? ['create', 'update', 'read', 'list', 'delete', 'sudo']
          : undefined,
      );
      const [message, ...others] = await messages();
      expect(others).toEqual([]);
      expect(message).toMatch(
        new RegExp(
          `^The role "sync" may also .*sudo secret/${below}/staging/.*does not need`,
        ),
      );
    },
  );

  it('is everything for the token of root, which is said', async () => {
    const { messages } = check((_, role) =>
      role === 'reveal' ? ['root'] : undefined,
    );
    expect(await messages()).toEqual([
      expect.stringMatching(/^The token of the role "reveal" is root's/),
    ]);
  });

  it.each([
    ['its token may not ask', new VaultError('refused', 'Vault said no.')],
    ['Vault says something else', new Error('Vault said no.')],
  ])('is said not to be known where %s', async (_, error) => {
    const { messages } = check((__, role) => {
      if (role !== 'policies') return undefined;
      throw error;
    });
    expect(await messages()).toEqual([
      expect.stringMatching(
        /^What the role "policies" may do in Vault could not be compared .*Vault said no\./,
      ),
    ]);
  });

  it('never is to destroy, nor to write what is read, nor to read what is written', () => {
    for (const rules of Object.values(policies)) {
      expect(Object.keys(rules).join()).not.toContain('/destroy/');
      const values = rules['secret/data/*'] ?? [];
      expect(values.includes('read') && values.length > 1).toBe(false);
      expect(policyText(rules)).not.toMatch(/sudo|root/);
    }
  });

  it('is what the reference says', () => {
    const page = readFileSync(
      join(__dirname, '../../../../docs/reference/secrets.md'),
      'utf8',
    );
    const row = (role: string) =>
      page.split('\n').find(line => line.startsWith(`| \`${role}\` |`)) ?? '';
    for (const role of ['write', 'reveal', 'policies'] as const) {
      for (const [path, some] of Object.entries(policies[role])) {
        const named = path.replace(/^secret\//, '<mount>/');
        expect(row(role)).toContain(`\`${named}\``);
        for (const one of some) expect(row(role)).toContain(one);
      }
    }
  });
});
