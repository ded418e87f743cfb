import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { apiWith, cart } from '../__testUtils__/repositories';
import { localRepositoriesApiRef } from '../api';
import { RepositoriesPage } from './RepositoriesPage';

function show(list: (typeof localRepositoriesApiRef.T)['list']) {
  renderInTestApp(<RepositoriesPage />, {
    apis: [[localRepositoriesApiRef, apiWith({ list })]],
    config: { app: { title: 'Highroad' } },
  });
}

describe('RepositoriesPage', () => {
  it('lists each repository with its last commit, and leads to its page', async () => {
    show(async () => [cart]);
    expect(
      await screen.findByRole('link', { name: 'shop-team/cart' }),
    ).toHaveAttribute('href', '/repositories/shop-team/cart');
    expect(
      screen.getByText('Create the service from its template'),
    ).toBeInTheDocument();
    expect(document.title).toBe('Repositories | Highroad');
  });

  it('says that a repository has nothing in it yet', async () => {
    show(async () => [{ ...cart, lastCommit: undefined }]);
    expect(await screen.findByText('Nothing yet')).toBeInTheDocument();
  });

  it('keeps room for the list while it is on its way', async () => {
    show(() => new Promise(() => {}));
    expect(
      await screen.findByRole('status', { name: 'Listing the repositories' }),
    ).toBeInTheDocument();
  });

  it('says why there are none, and offers the first step', async () => {
    show(async () => []);
    expect(await screen.findByText(/No repositories yet/)).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'Create a service' }),
    ).toHaveAttribute('href', '/create/templates/default/service');
  });

  it('says what failed and what still holds, and asks again on request', async () => {
    const list = jest
      .fn()
      .mockRejectedValueOnce(new Error('The disk is gone.'))
      .mockResolvedValue([cart]);
    show(list);
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The repositories could not be listed');
    expect(alert).toHaveTextContent('The disk is gone.');
    expect(alert).toHaveTextContent('can be cloned');
    expect(screen.queryByText(/No repositories yet/)).not.toBeInTheDocument();

    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByRole('link', { name: 'shop-team/cart' }),
    ).toBeInTheDocument();
    expect(screen.queryByRole('alert')).not.toBeInTheDocument();
  });
});
