import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { ConfigReader } from '@backstage/config';
import { carOperations } from '../__testUtils__/cars';
import { Gate } from './Gate';
import { MachineAccess } from './MachineAccess';

const [CART, SHOP] = ['component:default/cart', 'component:default/shop'];
const gate = (services: string[]) =>
  new Gate({
    auth: mockServices.auth(),
    // As Backstage answers for tokens: everything is allowed.
    permissions: mockServices.permissions(),
    machines: MachineAccess.fromConfig(
      new ConfigReader({
        platform: {
          access: {
            machines: [{ subject: 'external:ci', services, operations: ['x'] }],
          },
        },
      }),
    ),
  });

describe('what a machine may see of a list that goes by services', () => {
  const asked = async (services: string[], subject = 'external:ci') =>
    gate(services).allowed(
      carOperations.drive,
      [CART, SHOP],
      mockCredentials.service(subject),
    );

  it('is what is of the services that it is limited to', async () => {
    expect(await asked([CART])).toEqual([CART]);
    expect(await asked(['*'])).toEqual([CART, SHOP]);
  });

  it('is all of it for a plugin of the backend itself', async () => {
    expect(await asked([CART], 'plugin:search')).toEqual([CART, SHOP]);
  });
});
