import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { actionsRegistryServiceMock } from '@backstage/backend-test-utils/alpha';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { component, group } from '../__testUtils__/startCatalog';
import { DependencyService } from '../dependencies/DependencyService';
import { DanglingReferences } from '../findings/DanglingReferences';
import { FindingsService } from '../findings/FindingsService';
import { registerDependentsAction } from './dependentsAction';
import { registerFindingsAction } from './findingsAction';

const credentials = mockCredentials.user();

function registry() {
  const base = component(
    'base',
    {},
    {
      annotations: { 'pagerduty.com/service-id': 'PX3YZ12' },
    },
  );
  const catalog = catalogServiceMock({
    entities: [
      group('payments-team'),
      {
        ...base,
        relations: [
          { type: 'dependencyOf', targetRef: 'component:default/web' },
        ],
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
    ],
  });
  const actions = actionsRegistryServiceMock();
  registerDependentsAction(
    actions,
    new DependencyService({
      catalog,
      pagerDutyUrl: 'https://acme.pagerduty.com',
    }),
  );
  registerFindingsAction(
    actions,
    new FindingsService({
      catalog,
      dangling: new DanglingReferences({ catalog, auth: mockServices.auth() }),
    }),
  );
  return actions;
}

describe('the actions of the catalog', () => {
  it('answer what depends on a component of a bare name, in a sentence and as data', async () => {
    const { output } = await registry().invoke({
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
    const { output } = await registry().invoke({
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
    const { output } = await registry().invoke({
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
      registry().invoke({
        id: 'test:dependents',
        input: { ref: 'component:' },
        credentials,
      }),
    ).rejects.toThrow('is not a reference');
    await expect(
      registry().invoke({
        id: 'test:dependents',
        input: { ref: 'nothing' },
        credentials,
      }),
    ).rejects.toThrow('There is no component:default/nothing');
  });

  it('only read', async () => {
    const { actions } = await registry().list();
    expect(actions.map(({ name, attributes }) => [name, attributes])).toEqual([
      ['dependents', { readOnly: true, destructive: false, idempotent: true }],
      ['findings', { readOnly: true, destructive: false, idempotent: true }],
    ]);
  });
});
