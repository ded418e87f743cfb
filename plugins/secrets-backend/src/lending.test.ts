import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { NotAllowedError, ServiceUnavailableError } from '@backstage/errors';
import { BackstageCredentials } from '@backstage/backend-plugin-api';
import { actorOf, Call } from '@highroad/plugin-platform-node';
import { Places } from '@highroad/plugin-platform-node/kubernetes';
import {
  secretOperations,
  secretRevealPermission,
} from '@highroad/plugin-secrets-common';
import knex from 'knex';
import { z } from 'zod';
import { RotationStore } from './database/RotationStore';
import { secretImplementations } from './implementations';
import { Recorder } from './service/Recorder';
import { Generators } from './service/rotation/Generators';
import { notConnected, StoreStatus } from './service/StoreStatus';

describe('lending secrets to an environment', () => {
  const { lend, newest } = secretImplementations({
    generators: new Generators(),
    readThemselves: () => false,
    now: () => new Date(),
    // None is asked for.
    rotations: new RotationStore(
      knex({ client: 'better-sqlite3', useNullAsDefault: true }),
    ),
    places: new Places([
      ...['staging', 'production'].map(name => ({
        ...{ name, production: name === 'production', cluster: 'main' },
        namespace: '{service}-{environment}',
      })),
    ]),
    permissions: mockServices.permissions(),
    status: new StoreStatus({}),
    syncs: { behind: async () => [] },
    ...{ reader: notConnected, rotator: notConnected, secrets: notConnected },
    ...{ attention: notConnected, loans: notConnected, keys: notConnected },
    recorder: new Recorder({ auditor: mockServices.auditor.mock() }),
  });
  const asked = async (
    credentials: BackstageCredentials,
    what: Pick<typeof lend, 'handle'> | Pick<typeof newest, 'handle'> = lend,
  ) => {
    // Whoever gets so far has the right to see values.
    const [decision] = await mockServices
      .permissions()
      .authorizeConditional([{ permission: secretRevealPermission }], {
        credentials,
      });
    const call: Call<z.output<typeof secretOperations.lend.input>> = {
      input: {
        ...{ service: 'component:default/cart', environment: 'staging' },
        ...{ keys: ['URL'], to: 'pr-1' },
      },
      ...{ credentials, actor: actorOf(credentials), door: 'api' },
      ...{ correlation: 'one', signal: new AbortController().signal },
      decision,
      visible: async () => undefined,
      note: () => {},
    };
    return what.handle(call);
  };

  it.each([
    ['a person', mockCredentials.user('user:default/ann')],
    ['a machine', mockCredentials.service('ci-cart')],
    ['a machine of another system', mockCredentials.service('external:ci')],
  ])('is refused to %s, who is told what to do instead', async (_, who) => {
    const loan = asked(who);
    await expect(loan).rejects.toThrow(NotAllowedError);
    await expect(loan).rejects.toThrow(/reveal.*run/);
  });

  it.each([
    ['a person', mockCredentials.user('user:default/ann')],
    ['a machine', mockCredentials.service('external:ci')],
  ])(
    'does not tell %s the newest versions, which is not recorded',
    async (_, who) => {
      const told = asked(who, newest);
      await expect(told).rejects.toThrow(NotAllowedError);
      await expect(told).rejects.toThrow(/platform secrets list/);
    },
  );

  it.each([
    ['lends', lend],
    ['tells the newest versions', newest],
  ])('%s to a plugin of the platform', async (_, what) => {
    // There is no store here: it is what is asked next.
    await expect(
      asked(mockCredentials.service('plugin:environments'), what),
    ).rejects.toThrow(ServiceUnavailableError);
  });
});
