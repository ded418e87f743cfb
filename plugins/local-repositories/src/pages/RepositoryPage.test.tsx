import { renderInTestApp } from '@backstage/frontend-test-utils';
import { screen, within } from '@testing-library/react';
import { Route, Routes } from 'react-router-dom';
import { apiWith, cart, commit } from '../__testUtils__/repositories';
import { localRepositoriesApiRef } from '../api';
import { RepositoriesRouter } from './RepositoriesRouter';

type Api = typeof localRepositoriesApiRef.T;

/** Mounts the pages where the portal has them. */
function show(address: string, answers: Partial<Api> = {}) {
  const tree = jest.fn<ReturnType<Api['tree']>, Parameters<Api['tree']>>(
    async (_, ref, path) => ({
      ref,
      path,
      entries: [
        { path: `${path}docs`, type: 'folder' },
        { path: `${path}main.go`, type: 'file', size: 2048 },
      ],
    }),
  );
  renderInTestApp(
    <Routes>
      <Route path="/repositories/*" element={<RepositoriesRouter />} />
    </Routes>,
    {
      apis: [
        [
          localRepositoriesApiRef,
          apiWith({
            get: async () => cart,
            commits: async () => [commit],
            tree,
            ...answers,
          }),
        ],
      ],
      initialRouteEntries: [address],
    },
  );
  return { tree };
}

describe('RepositoryPage', () => {
  it('takes the address of a repository for its root, on its default branch', async () => {
    const { tree } = show('/repositories/shop-team/cart');
    const files = await screen.findByRole('table', {
      name: 'Files of shop-team/cart',
    });
    expect(tree).toHaveBeenCalledWith(
      expect.objectContaining({ owner: 'shop-team', name: 'cart' }),
      'main',
      '',
    );
    expect(within(files).getByRole('link', { name: 'docs' })).toHaveAttribute(
      'href',
      '/repositories/shop-team/cart/tree/main/docs',
    );
    expect(
      within(files).getByRole('link', { name: 'main.go' }),
    ).toHaveAttribute('href', '/repositories/shop-team/cart/blob/main/main.go');
    expect(within(files).getByText('2.0 KiB')).toBeInTheDocument();
  });

  it('says how to clone it and what was committed last', async () => {
    show('/repositories/shop-team/cart');
    expect(
      await screen.findByText('git clone /srv/repositories/shop-team/cart.git'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('button', { name: 'Copy the command' }),
    ).toBeInTheDocument();
    expect(await screen.findByText('02d23e3')).toHaveAttribute(
      'title',
      commit.id,
    );
  });

  it('shows the README of a folder below its files', async () => {
    show('/repositories/shop-team/cart/tree/v1/docs', {
      tree: async (_, ref, path) => ({
        ref,
        path,
        entries: [{ path: 'docs/README.md', type: 'file', size: 10 }],
      }),
      file: async (_, ref, path) => ({
        path,
        size: 10,
        text: `# Read ${path} at ${ref}`,
      }),
    });
    expect(
      await screen.findByRole('heading', { name: 'Read docs/README.md at v1' }),
    ).toBeInTheDocument();
  });

  it('leads from a file up through its folders', async () => {
    show('/repositories/shop-team/cart/blob/feature%2Fx/cmd/cart/main.go', {
      file: async (_, __, path) => ({ path, size: 12, text: 'package main' }),
    });
    const way = await screen.findByRole('navigation', { name: 'Path' });
    expect(
      within(way)
        .getAllByRole('link')
        .map(link => link.getAttribute('href')),
    ).toEqual([
      '/repositories',
      '/repositories/shop-team/cart',
      '/repositories/shop-team/cart/tree/feature%2Fx/cmd',
      '/repositories/shop-team/cart/tree/feature%2Fx/cmd/cart',
    ]);
    expect(within(way).getByText('main.go')).toBeInTheDocument();
  });

  it('shows the text of a file, to be scrolled and copied without a mouse', async () => {
    show('/repositories/shop-team/cart/blob/main/cmd/main.go', {
      file: async (_, __, path) => ({ path, size: 12, text: 'package main' }),
    });
    const text = await screen.findByRole('group', {
      name: 'Text of cmd/main.go',
    });
    expect(text).toHaveTextContent('package main');
    expect(text).toHaveAttribute('tabindex', '0');
    expect(
      screen.getByRole('button', { name: 'Copy cmd/main.go' }),
    ).toBeInTheDocument();
  });

  it('says of a binary file how big it is, and how to look at it', async () => {
    show('/repositories/shop-team/cart/blob/main/logo.png', {
      file: async (_, __, path) => ({ path, size: 3 * 1024 * 1024 }),
    });
    expect(
      await screen.findByText(/logo\.png is 3\.0 MiB that cannot be shown/),
    ).toHaveTextContent('Clone the repository');
  });

  it('says that a file is not there, and keeps the way up and the clone command', async () => {
    show('/repositories/shop-team/cart/blob/main/gone.go', {
      file: async () => {
        throw new Error('There is no gone.go in main.');
      },
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('gone.go could not be read at main');
    expect(alert).toHaveTextContent('There is no gone.go in main.');
    expect(
      screen.getByRole('navigation', { name: 'Path' }),
    ).toBeInTheDocument();
    expect(screen.getByText(/git clone/)).toBeInTheDocument();
  });

  it('says that a folder is empty', async () => {
    show('/repositories/shop-team/cart', {
      tree: async (_, ref, path) => ({ ref, path, entries: [] }),
    });
    expect(
      await screen.findByText('There is nothing in it.'),
    ).toBeInTheDocument();
  });

  it('says which repository is missing', async () => {
    show('/repositories/shop-team/cart', {
      get: async () => {
        throw new Error('There is no repository shop-team/cart.');
      },
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('shop-team/cart could not be opened');
    expect(alert).toHaveTextContent('There is no repository shop-team/cart.');
  });

  it('shows the files where the commits cannot be read', async () => {
    show('/repositories/shop-team/cart', {
      commits: async () => {
        throw new Error('Git ended with 128.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The commits could not be read',
    );
    expect(
      await screen.findByRole('link', { name: 'main.go' }),
    ).toBeInTheDocument();
  });
});
