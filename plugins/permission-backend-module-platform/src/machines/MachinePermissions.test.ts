import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import {
  catalogEntityDeletePermission,
  catalogEntityReadPermission,
  catalogLocationDeletePermission,
} from '@backstage/plugin-catalog-common/alpha';
import {
  kubernetesProxyPermission,
  kubernetesResourcesReadPermission,
} from '@backstage/plugin-kubernetes-common';
import {
  AuthorizePermissionRequest,
  AuthorizeResult,
} from '@backstage/plugin-permission-common';
import { MachineAccess } from '@highroad/plugin-platform-node';
import { MachinePermissions } from './MachinePermissions';

const { ALLOW, DENY, CONDITIONAL } = AuthorizeResult;
const CART = 'component:default/cart';

const machines = MachineAccess.fromConfig(
  mockServices.rootConfig({
    data: {
      platform: {
        access: {
          machines: [
            {
              subject: 'ci-cart',
              services: [CART],
              operations: [
                'catalog.entity.delete',
                'catalog.location.delete',
                'kubernetes.proxy',
              ],
            },
            {
              subject: 'robot',
              services: ['*'],
              operations: ['catalog.location.delete'],
            },
            {
              subject: 'watcher',
              services: ['*'],
              operations: ['kubernetes.proxy'],
            },
          ],
        },
      },
    },
  }),
);

const removeLocation = { permission: catalogLocationDeletePermission };
const remove = (resourceRef: string) => ({
  permission: catalogEntityDeletePermission,
  resourceRef,
});

async function ask(
  subject: string,
  request: AuthorizePermissionRequest,
  inner: AuthorizeResult.ALLOW | AuthorizeResult.DENY = ALLOW,
) {
  const permissions = new MachinePermissions({
    auth: mockServices.auth(),
    inner: mockServices.permissions({ result: inner }),
    machines,
  });
  const [{ result }] = await permissions.authorize([request], {
    credentials: mockCredentials.service(subject),
  });
  return result;
}

describe('MachinePermissions', () => {
  it('lets a token do what it names to what it names', async () => {
    expect(await ask('ci-cart', remove(CART))).toBe(ALLOW);
    expect(await ask('ci-cart', remove('component:default/payment'))).toBe(
      DENY,
    );
  });

  it('does not let a token that is limited to services do what is about none', async () => {
    expect(await ask('ci-cart', removeLocation)).toBe(DENY);
    expect(await ask('robot', removeLocation)).toBe(ALLOW);
    expect(await ask('robot', remove(CART))).toBe(DENY);
  });

  it('lets a token that is known read what everyone reads, and says to one that is not where to name it', async () => {
    const read = {
      permission: catalogEntityReadPermission,
      resourceRef: 'component:default/payment',
    };
    expect(await ask('robot', read)).toBe(ALLOW);
    await expect(ask('stranger', read)).rejects.toThrow(
      'This token (stranger) is not named under platform.access.machines',
    );
  });

  it('lets a token see pods, and reach into a cluster for their logs only if it is named and limited to no services', async () => {
    const pods = { permission: kubernetesResourcesReadPermission };
    const logs = { permission: kubernetesProxyPermission };
    for (const subject of ['robot', 'ci-cart', 'watcher']) {
      expect(await ask(subject, pods)).toBe(ALLOW);
    }
    expect(await ask('robot', logs)).toBe(DENY);
    expect(await ask('ci-cart', logs)).toBe(DENY);
    expect(await ask('watcher', logs)).toBe(ALLOW);
  });

  it('gives nothing that the token’s own restrictions forbid', async () => {
    expect(await ask('robot', removeLocation, DENY)).toBe(DENY);
  });

  it('leaves plugins of this backend and people to Backstage', async () => {
    expect(await ask('plugin:search', removeLocation)).toBe(ALLOW);
    const permissions = new MachinePermissions({
      auth: mockServices.auth(),
      inner: mockServices.permissions.mock({
        authorizeConditional: async () => [
          {
            result: CONDITIONAL,
            pluginId: 'catalog',
            resourceType: 'catalog-entity',
            conditions: { rule: 'X', resourceType: 'catalog-entity' },
          },
        ],
      }),
      machines,
    });
    const [{ result }] = await permissions.authorizeConditional(
      [{ permission: catalogEntityReadPermission }],
      { credentials: mockCredentials.user() },
    );
    expect(result).toBe(CONDITIONAL);
  });

  it('denies a list that would have to be limited to services, rather than showing all', async () => {
    const permissions = new MachinePermissions({
      auth: mockServices.auth(),
      inner: mockServices.permissions({ result: ALLOW }),
      machines,
    });
    const [{ result }] = await permissions.authorizeConditional(
      [{ permission: catalogEntityDeletePermission }],
      { credentials: mockCredentials.service('ci-cart') },
    );
    expect(result).toBe(DENY);
  });
});

describe('the configuration of machines', () => {
  const read = (machine: object) => () =>
    MachineAccess.fromConfig(
      mockServices.rootConfig({
        data: { platform: { access: { machines: [machine, machine] } } },
      }),
    );

  it('stops the start with the path of each bad key', () => {
    expect(read({ subject: 'ci', services: ['cart'] })).toThrow(
      /platform\.access\.machines\[0\]\.services\[0\]: use a whole reference/,
    );
    expect(read({ subject: 'ci', services: ['*'], operation: ['x'] })).toThrow(
      /machines\[0\]: Unrecognized key\(s\) in object: 'operation'/,
    );
  });

  it('refuses the same subject twice, which would hide one of them', () => {
    expect(read({ subject: 'ci', services: ['*'] })).toThrow(
      /machines\[1\]\.subject: "ci" is there twice/,
    );
  });
});
