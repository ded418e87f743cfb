import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { CatalogContacts } from './Contacts';

const component = (name: string, annotations = {}) => ({
  apiVersion: 'backstage.io/v1alpha1',
  kind: 'Component',
  metadata: { name, annotations },
  relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
});
const channel = (name: string) => ({
  'platform.myorg.com/slack-channel': name,
});

describe('contacts of a service', () => {
  it('are its owner, and its own channel or else its owner’s', async () => {
    const contacts = new CatalogContacts({
      auth: mockServices.auth(),
      catalog: catalogServiceMock({
        entities: [
          component('cart', channel('#cart')),
          component('shop'),
          {
            apiVersion: 'backstage.io/v1alpha1',
            kind: 'Group',
            metadata: { name: 'payments', annotations: channel('#payments') },
          },
        ],
      }),
    });
    const owner = 'group:default/payments';
    expect(await contacts.of('component:default/cart')).toEqual({
      owner,
      slackChannel: '#cart',
    });
    expect(await contacts.of('component:default/shop')).toEqual({
      owner,
      slackChannel: '#payments',
    });
    expect(await contacts.of('component:default/gone')).toEqual({});
  });
});
