import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationDeletePermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  AuthorizeResult,
  createPermission,
  Permission,
} from '@backstage/plugin-permission-common';
import {
  taskCreatePermission,
  taskReadPermission,
  templateManagementPermission,
} from '@backstage/plugin-scaffolder-common/alpha';
import {
  auditPermissions,
  auditRecordReadPermission,
} from '@highroad/plugin-audit-common';
import { PlatformPolicy } from './PlatformPolicy';
import { ownersDo } from './owners';
import { readRoles } from './readRoles';

const ADMINS = 'group:default/platform-team';
const AUDITORS = 'group:default/revision';

const operate = createPermission({
  name: 'platform.deployment.create',
  attributes: { action: 'create' },
  resourceType: 'catalog-entity',
});
const notListed = createPermission({
  name: 'platform.service.sell',
  attributes: { action: 'update' },
  resourceType: 'catalog-entity',
});
const unheardOf = createPermission({
  name: 'elsewhere.thing.change',
  attributes: { action: 'update' },
});

/** `owner`: of a thing in the catalog; `own`: of what one did oneself; `some`: of records. */
type Answer = 'yes' | 'no' | 'owner' | 'own' | 'some';

async function ask(permission: Permission, ...claims: string[]) {
  const policy = new PlatformPolicy({
    roles: { admins: [ADMINS], auditors: [AUDITORS] },
    claims: { of: async () => claims },
  });
  const user = claims.length
    ? {
        credentials: mockCredentials.user('user:default/anna'),
        info: {
          userEntityRef: 'user:default/anna',
          ownershipEntityRefs: claims,
        },
      }
    : undefined;
  return policy.handle({ permission }, user);
}

async function answer(
  permission: Permission,
  ...claims: string[]
): Promise<Answer> {
  const decision = await ask(permission, ...claims);
  if (decision.result === AuthorizeResult.ALLOW) return 'yes';
  if (!('conditions' in decision)) return 'no';
  const text = JSON.stringify(decision.conditions);
  if (text.includes('IS_ENTITY_OWNER')) return 'owner';
  return text.includes('IS_TASK_OWNER') ? 'own' : 'some';
}

describe('PlatformPolicy', () => {
  const [ME, TEAM] = ['user:default/anna', 'group:default/payments-team'];

  it.each<[string, Permission, Answer, Answer, Answer, Answer]>([
    // permission, nobody, somebody, auditor, platform team
    [
      'read the catalog',
      catalogEntityReadPermission,
      'no',
      'yes',
      'yes',
      'yes',
    ],
    ['create a service', taskCreatePermission, 'no', 'yes', 'yes', 'yes'],
    ['see a creation', taskReadPermission, 'no', 'own', 'own', 'yes'],
    ['manage templates', templateManagementPermission, 'no', 'no', 'no', 'yes'],
    ['deploy', operate, 'no', 'owner', 'owner', 'yes'],
    [
      'unregister',
      catalogEntityDeletePermission,
      'no',
      'owner',
      'owner',
      'yes',
    ],
    [
      'drop a location',
      catalogLocationDeletePermission,
      'no',
      'no',
      'no',
      'yes',
    ],
    ['read records', auditRecordReadPermission, 'no', 'some', 'yes', 'yes'],
    ['what nothing says', unheardOf, 'no', 'no', 'no', 'yes'],
    ['what is ours, but not listed', notListed, 'no', 'no', 'no', 'yes'],
  ])(
    'answers to "%s"',
    async (_, permission, nobody, somebody, auditor, admin) => {
      expect({
        nobody: await answer(permission),
        somebody: await answer(permission, ME, TEAM),
        auditor: await answer(permission, ME, AUDITORS),
        admin: await answer(permission, ME, ADMINS),
      }).toEqual({ nobody, somebody, auditor, admin });
    },
  );

  it('has an owner be whoever is in a group that owns, or in one within it', async () => {
    expect(await ask(operate, ME, TEAM, 'group:default/commerce')).toEqual({
      result: AuthorizeResult.CONDITIONAL,
      pluginId: 'catalog',
      resourceType: 'catalog-entity',
      conditions: {
        resourceType: 'catalog-entity',
        rule: 'IS_ENTITY_OWNER',
        params: { claims: [ME, TEAM, 'group:default/commerce'] },
      },
    });
  });

  it('lists what owners may do, each by its name', async () => {
    expect(ownersDo.map(({ name }) => name).sort()).toEqual([
      'catalog.entity.delete',
      'platform.deployment.approve',
      'platform.deployment.create',
      'platform.deployment.rollback',
      'platform.deviation.change',
      'platform.secret.read',
      'platform.secret.reveal',
      'platform.secret.reveal-production',
      'platform.secret.set',
    ]);
    for (const permission of ownersDo) {
      expect(await answer(permission, ME, TEAM)).toBe('owner');
    }
  });

  it('lets auditors do all that auditing takes', async () => {
    for (const permission of auditPermissions) {
      expect(await answer(permission, ME, AUDITORS)).toBe('yes');
    }
  });
});

describe('readRoles', () => {
  const config = (access: object | null) =>
    mockServices.rootConfig({ data: { platform: { access } } });

  it('takes references in any case, and nothing for nobody', () => {
    expect(readRoles(config({ admins: ['Group:Default/Ops'] }))).toEqual({
      admins: ['group:default/ops'],
      auditors: [],
    });
    expect(readRoles(mockServices.rootConfig())).toEqual({
      admins: [],
      auditors: [],
    });
  });

  it('stops the start with the path of a bad key', () => {
    expect(() =>
      readRoles(config({ auditors: ['group:default/a', 'ops'] })),
    ).toThrow(/platform\.access\.auditors\[1\]: use a whole reference/);
  });
});
