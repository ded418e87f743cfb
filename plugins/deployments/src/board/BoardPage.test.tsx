import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Environment } from '@highroad/plugin-environments-common';
import {
  ago,
  deployment,
  environment,
  idOf,
  VERSION_OF_COMMIT,
} from '../__testUtils__/deployments';
import { boardOf } from '../__testUtils__/boardOf';
import { show } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { BoardPage } from './BoardPage';

const CART = 'component:default/cart';
const STOCK = 'component:default/stock';

const full: Partial<DeploymentsApi> = {
  board: async () =>
    boardOf({
      items: [
        {
          service: CART,
          environment: 'staging',
          running: deployment({ id: idOf(1), version: VERSION_OF_COMMIT }),
          latest: deployment({
            id: idOf(2),
            state: 'failed',
            version: '1.5.0',
            summary: 'The image cannot be pulled.',
          }),
        },
        {
          service: STOCK,
          environment: 'production',
          running: deployment({ id: idOf(3), version: '2.0.0' }),
        },
      ],
    }),
};
const preview = (
  name: string,
  services: string[],
  phase: Environment['phase'] = 'ready',
): Environment => ({
  ...{ name, home: 'team', phase, message: '', createdAt: ago(60) },
  services: services.map(service => ({ name: service })),
  ...{ kept: false, warnings: [] },
});
/** Without looking of each whether it is to be seen, which takes long of many. */
const rowNames = () =>
  [...document.querySelectorAll('tbody th')].map(
    ({ textContent }) => textContent,
  );
const address = () => screen.getByLabelText('Address').textContent;

describe('the page of deployments', () => {
  it('tells first what failed, then what runs where, each with its way on', async () => {
    show(<BoardPage />, full);
    const first = await screen.findByRole('list', {
      name: 'In progress and failed',
    });
    expect(first).toHaveTextContent(
      /^failedcart1\.5\.0 to stagingThe image cannot be pulled\./,
    );
    expect(
      within(first).getByRole('link', { name: '1.5.0 to staging' }),
    ).toHaveAttribute('href', `/deployments/${idOf(2)}`);

    const table = screen.getByRole('table', { name: 'What runs where' });
    expect(
      within(table)
        .getAllByRole('columnheader')
        .map(header => header.textContent),
    ).toEqual(['Service', 'staging', 'production']);
    const [cart, stock] = within(table).getAllByRole('row').slice(1);
    expect(cart).toHaveTextContent(
      /^cart94c19f52 minutes agofailed: 1\.5\.0never deployed$/,
    );
    expect(stock).toHaveTextContent(/^stocknever deployed2\.0\.0/);
    expect(within(cart).getByTitle(VERSION_OF_COMMIT)).toBeVisible();
  });

  it('copies the whole of a version that is shown in short', async () => {
    const user = userEvent.setup();
    document.execCommand = jest.fn(() => true);
    show(<BoardPage />, full);
    await user.click(
      await screen.findByRole('button', {
        name: 'Copy version 94c19f5 of cart in staging',
      }),
    );
    expect(
      await screen.findByRole('button', { name: /^Copied version/ }),
    ).toBeInTheDocument();
  });

  it('filters by words, owner and problems, and keeps that in the address', async () => {
    show(<BoardPage />, full);
    await screen.findByRole('table', { name: 'What runs where' });
    await userEvent.type(
      screen.getByLabelText('Service, version or preview'),
      '2.0',
    );
    await waitFor(() => expect(rowNames()).toEqual(['stock']));
    expect(address()).toBe('/?q=2.0');

    await userEvent.click(screen.getByLabelText('Owner'));
    await userEvent.click(
      await screen.findByRole('option', { name: 'Me and my teams' }),
    );
    expect(await screen.findByText(/No service fits the filter/)).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show all 2' }));
    await waitFor(() => expect(rowNames()).toEqual(['cart', 'stock']));
    expect(address()).toBe('/');

    await userEvent.click(screen.getByLabelText(/going on or wrong/));
    await waitFor(() => expect(rowNames()).toEqual(['cart']));
    expect(address()).toBe('/?problems=only');
  });

  it('begins with the filter of the address', async () => {
    show(<BoardPage />, full, { at: '/?owner=group:default/warehouse' });
    await screen.findByRole('table', { name: 'What runs where' });
    expect(rowNames()).toEqual(['stock']);
  });

  it('narrows to a system, which stands in the address', async () => {
    show(<BoardPage />, full);
    await screen.findByRole('table', { name: 'What runs where' });
    await userEvent.click(await screen.findByLabelText('System'));
    await userEvent.click(
      await screen.findByRole('option', { name: 'storefront' }),
    );
    await waitFor(() => expect(rowNames()).toEqual(['cart']));
    expect(address()).toBe('/?system=system%3Adefault%2Fstorefront');
  });

  it('shows the matrix without owners where the catalog does not answer', async () => {
    show(<BoardPage />, full, { at: '/?owner=mine', brokenCatalog: true });
    expect(
      await screen.findByText('The catalog does not say who owns what'),
    ).toBeVisible();
    expect(rowNames()).toEqual(['cart', 'stock']);
  });

  it('counts the previews of each service, leads to them, and finds a service by one of its previews', async () => {
    show(<BoardPage />, {
      ...full,
      previews: async () => ({
        items: [
          preview('shop-12', ['cart', 'stock']),
          preview('shop-13', ['cart'], 'failed'),
          preview('lone', ['nowhere']),
        ],
        standing: [],
      }),
    });
    const all = await screen.findByRole('link', {
      name: '3 previews, 1 in trouble',
    });
    expect(all).toHaveAttribute('href', '/environments');
    expect(
      screen.getByRole('link', { name: '2 previews, 1 in trouble' }),
    ).toHaveAttribute('href', '/catalog/default/component/cart/environments');
    expect(screen.getByRole('link', { name: '1 preview' })).toHaveAttribute(
      'href',
      '/catalog/default/component/stock/environments',
    );
    await userEvent.type(
      screen.getByLabelText('Service, version or preview'),
      'shop-13',
    );
    await waitFor(() => expect(rowNames()).toEqual(['cart']));
  });

  it('has a row for a service of the catalog that is in previews only', async () => {
    show(<BoardPage />, {
      board: async () => boardOf({ items: [] }),
      previews: async () => ({
        items: [preview('shop-14', ['stock', 'nowhere'])],
        standing: [],
      }),
    });
    expect(
      await screen.findByRole('row', {
        name: 'stock never deployed never deployed 1 preview',
      }),
    ).toBeVisible();
    expect(rowNames()).toEqual(['stock']);
  });

  it('shows what runs where the previews cannot be read, and says so', async () => {
    show(<BoardPage />, {
      ...full,
      previews: async () => {
        throw new Error('The cluster is away.');
      },
    });
    expect(
      await screen.findByText('The previews could not be read'),
    ).toBeVisible();
    expect(rowNames()).toEqual(['cart', 'stock']);
    expect(screen.queryByRole('columnheader', { name: 'Previews' })).toBeNull();
  });

  it('says that all is well where it is', async () => {
    show(<BoardPage />, {
      board: async () =>
        boardOf({
          items: [
            { service: CART, environment: 'staging', running: deployment() },
          ],
        }),
    });
    expect(await screen.findByText(/^All well/)).toBeVisible();
  });

  it('says which version was put back because a newer one failed', async () => {
    const running = deployment({
      kind: 'rollback',
      door: 'system',
      version: '1.4.1',
      undoes: idOf(7),
    });
    show(<BoardPage />, {
      board: async () =>
        boardOf({
          items: [{ service: CART, environment: 'staging', running }],
        }),
    });
    expect(
      await screen.findByRole('link', { name: '1.4.1 is back in staging' }),
    ).toHaveAttribute('href', `/deployments/${idOf(7)}`);
    expect(screen.getByText('put back after a failure')).toBeVisible();
  });

  it('leads to what was changed by hand, also among what is wrong', async () => {
    const place = (name: string, state: 'same' | 'differs') => ({
      service: `component:default/${name}`,
      environment: 'staging',
      running: deployment({ service: `component:default/${name}` }),
      drift: { state, summary: 'replicas is 5', at: ago(9), changes: [] },
    });
    show(<BoardPage />, {
      board: async () =>
        boardOf({
          items: [place('cart', 'differs'), place('stock', 'same')],
        }),
    });
    expect(
      await screen.findByRole('link', { name: 'changed by hand' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/cart/operate?env=staging',
    );
    await userEvent.click(
      screen.getByLabelText('Only where something is going on or wrong'),
    );
    await waitFor(() => expect(rowNames()).toEqual(['cart']));
  });

  it('says how pods are, what is down before what goes on, and where that is not known', async () => {
    const place = (name: string, wanted: number, ready: number) => ({
      service: `component:default/${name}`,
      environment: 'staging',
      running: deployment({ service: `component:default/${name}` }),
      pods: { wanted, ready },
    });
    const problem = 'The cluster main cannot be watched: connection refused';
    show(<BoardPage />, {
      board: async () =>
        boardOf({
          items: [
            place('cart', 2, 0),
            place('stock', 3, 1),
            place('mail', 1, 1),
            place('jobs', 0, 0),
          ],
          unwatched: [{ environment: 'production', problem }],
        }),
    });
    const table = within(
      await screen.findByRole('table', { name: 'What runs where' }),
    );
    for (const words of [
      'none of 2 pods ready',
      ...['1 of 3 pods ready', '1 pod ready', 'scaled to no pods'],
    ]) {
      expect(table.getByText(words)).toBeVisible();
    }
    expect(screen.getByText('1 down')).toBeVisible();
    const [line] = within(
      screen.getByRole('list', { name: 'In progress and failed' }),
    ).getAllByRole('listitem');
    expect(line).toHaveTextContent(/down.*cart.*none of 2 pods ready/);
    expect(
      within(line).getByRole('link', { name: '1.4.2 in staging' }),
    ).toHaveAttribute(
      'href',
      '/catalog/default/component/cart/operate?env=staging',
    );
    expect(
      screen.getByText(/^How many pods are ready in production is known/),
    ).toHaveTextContent(problem);
  });

  it('draws a hundred of many services, and more when they are asked for', async () => {
    show(<BoardPage />, {
      board: async () =>
        boardOf({
          items: Array.from({ length: 1_150 }, (_, number) => ({
            service: `component:default/s${String(number).padStart(4, '0')}`,
            environment: 'staging',
            running: deployment({ id: idOf(number) }),
          })),
        }),
    });
    expect(await screen.findByText('100 of 1,150 services')).toBeVisible();
    expect(rowNames()).toHaveLength(100);
    await userEvent.click(
      screen.getByRole('button', { name: 'Show 100 more' }),
    );
    expect(rowNames()).toHaveLength(200);
    await userEvent.click(screen.getByLabelText('Service, version or preview'));
    await userEvent.paste('s1149');
    await waitFor(() => expect(rowNames()).toEqual(['s1149']));
  });

  it('shows what to configure where there is nowhere to deploy to', async () => {
    show(<BoardPage />, { environments: async () => ({ items: [] }) });
    expect(
      await screen.findByRole('heading', {
        name: 'No environment is configured',
      }),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Deploy…' })).toBeNull();
  });

  it('offers the first step where nothing was ever deployed', async () => {
    show(<BoardPage />, {
      environments: async () => ({ items: [environment('test')] }),
    });
    expect(
      await screen.findByRole('heading', { name: 'Nothing was ever deployed' }),
    ).toBeVisible();
    expect(screen.getAllByRole('button', { name: 'Deploy…' })).toHaveLength(2);
  });

  it('keeps room while it reads, says why it cannot, and tries again', async () => {
    let broken = true;
    show(<BoardPage />, {
      board: async () => {
        if (broken) throw new Error('No connection.');
        return full.board!({});
      },
    });
    expect(
      await screen.findByText('What runs where could not be read'),
    ).toBeVisible();
    expect(screen.getByText(/No connection/)).toBeVisible();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await screen.findByRole('table', { name: 'What runs where' });
  });

  it('shows where the rows will be before there is an answer', async () => {
    show(<BoardPage />, { board: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Reading what runs where' }),
    ).toBeVisible();
  });
});
