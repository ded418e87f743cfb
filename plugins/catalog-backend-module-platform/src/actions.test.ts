import { createServiceFactory } from '@backstage/backend-plugin-api';
import { actionsRegistryServiceRef } from '@backstage/backend-plugin-api/alpha';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
  TestBackend,
} from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogProcessingExtensionPoint } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import catalogModulePlatform from '.';
import { component, group } from './__testUtils__/startCatalog';

const credentials = mockCredentials.user();

function entities() {
  const base = component(
    'base',
    {},
    {
      annotations: { 'pagerduty.com/service-id': 'PX3YZ12' },
    },
  );
  return [
    group('payments-team'),
    {
      ...base,
      relations: [{ type: 'dependencyOf', targetRef: 'component:default/web' }],
    },
    {
      ...component('web', {
        dependsOn: ['component:base', 'component:none'],
      }),
      relations: [
        { type: 'dependsOn', targetRef: 'component:default/base' },
        { type: 'dependsOn', targetRef: 'component:default/none' },
      ],
    },
  ];
}

describe('the actions of the catalog', () => {
  const registry = actionsRegistryServiceMock();
  let backend: TestBackend;

  beforeAll(async () => {
    backend = await startTestBackend({
      extensionPoints: [
        [
          catalogProcessingExtensionPoint,
          {
            addProcessor: jest.fn(),
            addEntityProvider: jest.fn(),
            addPlaceholderResolver: jest.fn(),
            setOnProcessingErrorHandler: jest.fn(),
          },
        ],
      ],
      features: [
        catalogModulePlatform,
        catalogServiceMock.factory({ entities: entities() }),
        mockServices.rootConfig.factory({
          data: {
            platform: {
              catalog: { pagerDutyUrl: 'https://acme.pagerduty.com' },
            },
          },
        }),
        createServiceFactory({
          service: actionsRegistryServiceRef,
          deps: {},
          factory: () => registry,
        }),
      ],
    });
  });
  afterAll(() => backend.stop());

  it('answer what depends on a component of a bare name, in a sentence and as data', async () => {
    const { output } = await registry.invoke({
      id: 'test:dependents',
      input: { ref: 'base' },
      credentials,
    });
    expect(output).toMatchObject({
      summary: '1 thing breaks if base breaks.',
      items: [
        {
          ref: 'component:default/web',
          path: ['component:default/base', 'component:default/web'],
        },
      ],
    });
  });

  it('answer what a component needs, with who is on call for it', async () => {
    const { output } = await registry.invoke({
      id: 'test:dependents',
      input: { ref: 'component:default/web', direction: 'dependencies' },
      credentials,
    });
    expect(output).toMatchObject({
      summary: 'web needs 1 thing.',
      items: [
        { onCallUrl: 'https://acme.pagerduty.com/service-directory/PX3YZ12' },
      ],
      unresolved: [{ ref: 'component:default/none' }],
    });
  });

  it('list findings by owner', async () => {
    const { output } = await registry.invoke({
      id: 'test:findings',
      input: {},
      credentials,
    });
    expect(output).toMatchObject({
      total: 1,
      owners: [
        {
          owner: 'group:default/payments-team',
          entities: [{ ref: 'component:default/web' }],
        },
      ],
    });
  });

  it('refuse what is not a reference, and what is not there', async () => {
    await expect(
      registry.invoke({
        id: 'test:dependents',
        input: { ref: 'component:' },
        credentials,
      }),
    ).rejects.toThrow('is not a reference');
    await expect(
      registry.invoke({
        id: 'test:dependents',
        input: { ref: 'nothing' },
        credentials,
      }),
    ).rejects.toThrow('There is no component:default/nothing');
  });

  it('only read', async () => {
    const { actions } = await registry.list();
    expect(actions.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['dependents', { readOnly: true, destructive: false, idempotent: true }],
      ['findings', { readOnly: true, destructive: false, idempotent: true }],
    ]);
  });
});
