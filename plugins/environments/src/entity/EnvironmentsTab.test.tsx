import { screen, within } from '@testing-library/react';
import { environment, inHours } from '../__testUtils__/environments';
import { showOnEntity } from '../__testUtils__/show';
import { EnvironmentsApi } from '../api';
import { environmentsTab } from '../plugin';

describe('the tab of environments', () => {
  it('shows those that the service is in, those of its pull requests, and no others', async () => {
    const pullRequest = {
      ...{ host: 'git.test', repository: 'Acme/cart', number: 7 },
      ...{ branch: 'x', commit: 'a'.repeat(40), fork: false },
    };
    const services = [{ name: 'api', image: 'myorg/api:1' }];
    showOnEntity(environmentsTab, {
      list: async () => ({
        items: [
          environment(),
          environment({
            ...{ name: 'pr-7', services, pullRequest },
            createdAt: inHours(-27),
          }),
          environment({
            ...{ name: 'other', services },
            pullRequest: { ...pullRequest, repository: 'acme/cart-two' },
          }),
        ],
        standing: [],
      }),
    });
    const table = await screen.findByRole('table', {
      name: 'Environments of cart',
    });
    const names = within(table)
      .getAllByRole('rowheader')
      .map(one => one.textContent);
    expect(names).toEqual(['cart-try', 'pr-7']);
    expect(
      screen.getByRole('link', { name: 'New environment with cart' }),
    ).toHaveAttribute('href', '/environments/new?service=cart');
  });

  it('asks for no others, however many there are, and shows what is in both answers once', async () => {
    const pullRequest = {
      ...{ host: 'git.test', repository: 'acme/cart', number: 7 },
      ...{ branch: 'x', commit: 'a'.repeat(40), fork: false },
    };
    const list = jest.fn<
      ReturnType<EnvironmentsApi['list']>,
      Parameters<EnvironmentsApi['list']>
    >(async () => ({
      items: [environment({ name: 'pr-7', pullRequest })],
      standing: [],
    }));
    showOnEntity(environmentsTab, { list });
    expect(await screen.findAllByRole('rowheader')).toHaveLength(1);
    expect(list.mock.calls.map(([asked]) => asked)).toEqual([
      { service: 'cart' },
      {
        repository: [
          'url:https://git.test/acme/cart/src/branch/main/catalog-info.yaml',
        ],
      },
    ]);
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
