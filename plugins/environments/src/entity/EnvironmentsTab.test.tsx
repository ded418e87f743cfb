import { screen } from '@testing-library/react';
import { environment } from '../__testUtils__/environments';
import { showOnEntity } from '../__testUtils__/show';
import { environmentsTab } from '../plugin';

jest.setTimeout(40_000);

describe('the tab of environments', () => {
  it('shows those that the service is in, and no others', async () => {
    const list = jest.fn(async () => ({
      ...{ items: [environment()], standing: [] },
    }));
    showOnEntity(environmentsTab, { list });
    expect(
      await screen.findByRole('table', { name: 'Environments of cart' }),
    ).toHaveTextContent('cart-try');
    expect(list).toHaveBeenCalledWith({ service: 'cart' }, expect.anything());
    expect(
      screen.getByRole('link', { name: 'New environment with cart' }),
    ).toHaveAttribute('href', '/environments/new?service=cart');
  });

  it('says how to have the first', async () => {
    showOnEntity(environmentsTab, {
      list: async () => ({ items: [], standing: [] }),
    });
    expect(
      await screen.findByText('cart is in no preview environment'),
    ).toBeInTheDocument();
  });

  it('says what to configure where there can be none', async () => {
    showOnEntity(environmentsTab, {
      list: async () => ({
        ...{ items: [], standing: [], notConnected: 'No cluster is named.' },
      }),
    });
    expect(await screen.findByText(/No cluster is named\./)).toBeVisible();
  });

  it('says what failed', async () => {
    showOnEntity(environmentsTab, {
      list: async () => {
        throw new Error('The network is gone.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The environments of cart could not be read',
    );
  });
});
