import { act, screen, waitFor, within } from '@testing-library/react';
import { SignalApi } from '@backstage/plugin-signals-react';
import userEvent from '@testing-library/user-event';
import { environment, inHours } from '../__testUtils__/environments';
import { show } from '../__testUtils__/show';
import { EnvironmentsApi } from '../api';
import { EnvironmentsPage } from './EnvironmentsPage';

const standing = [
  { name: 'staging', production: false, cluster: 'main' },
  { name: 'production', production: true },
];
const others = environment({
  ...{ name: 'pr-7-stock', owner: 'group:default/warehouse' },
  ...{ phase: 'waiting-for-image', url: undefined },
  message: 'The image myorg/stock:7 is not in the registry yet.',
  pullRequest: {
    ...{ host: 'github.com', repository: 'acme/stock', number: 7 },
    ...{ branch: 'shelves', commit: 'a'.repeat(40), fork: false },
    url: 'https://github.com/acme/stock/pull/7',
  },
});
const list = (items = [others, environment()]) => ({
  list: async () => ({ items, standing }),
});

describe('the page of environments', () => {
  it('shows the reader’s own first, with address, state in words and time left', async () => {
    show(<EnvironmentsPage />, list());
    const mine = await screen.findByRole('table', {
      name: 'Mine and my teams’',
    });
    const [row] = within(mine).getAllByRole('row').slice(1);
    expect(row).toHaveTextContent(
      /^cart-tryreadycart-try\.previews\.test.*2 d 2 h leftshopyesterday$/,
    );
    expect(
      within(row).getByRole('link', { name: /^cart-try\.previews\.test/ }),
    ).toHaveAttribute('href', 'https://cart-try.previews.test');
    const rest = screen.getByRole('table', { name: 'Other previews' });
    expect(rest).toHaveTextContent('waiting for image');
    expect(rest).toHaveTextContent('is not in the registry yet');
    expect(
      within(rest).getByRole('link', { name: /^acme\/stock#7/ }),
    ).toHaveAttribute('href', 'https://github.com/acme/stock/pull/7');
  });

  /** What a page listens to, and what tells it. */
  const signalling = () => {
    const listeners = new Map<string, () => void>();
    const signals: SignalApi = {
      subscribe: (channel, onMessage: (message: never) => void) => {
        listeners.set(channel, () => onMessage({} as never));
        return { unsubscribe: () => {} };
      },
    };
    return { signals, tell: (channel: string) => listeners.get(channel)?.() };
  };

  it('is told of what changes', async () => {
    const { signals, tell } = signalling();
    const asked = jest.fn(list().list);
    show(<EnvironmentsPage />, { list: asked }, { signals });
    expect(await screen.findByText('waiting for image')).toBeVisible();
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockImplementation(list([{ ...others, phase: 'degraded' }]).list);
    act(() => tell('environments:changed'));
    expect(await screen.findByText('degraded')).toBeVisible();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('is told of what is deployed to the standing ones', async () => {
    const { signals, tell } = signalling();
    const place = {
      ...{ service: 'component:default/cart', environment: 'staging' },
    };
    const runs = jest.fn<
      ReturnType<EnvironmentsApi['runs']>,
      Parameters<EnvironmentsApi['runs']>
    >(async () => [place]);
    show(<EnvironmentsPage />, { ...list(), runs }, { signals });
    const table = await screen.findByRole('table', { name: 'Standing' });
    expect(await within(table).findByText('no trouble known')).toBeVisible();
    const drift = { summary: '', at: '', changes: [] };
    runs.mockResolvedValue([
      { ...place, drift: { ...drift, state: 'differs' } },
    ]);
    act(() => tell('deployments:changed'));
    expect(await within(table).findByText('1 not as deployed')).toBeVisible();
    expect(runs).toHaveBeenCalledTimes(2);
  });

  it('names the standing ones beside them, with what runs there and how it is doing', async () => {
    const running = {
      ...{ service: 'component:default/cart', environment: 'staging' },
      drift: { state: 'differs' as const, summary: '', at: '', changes: [] },
    };
    show(<EnvironmentsPage />, { ...list(), runs: async () => [running] });
    const table = await screen.findByRole('table', { name: 'Standing' });
    expect(await within(table).findByText('1 not as deployed')).toBeVisible();
    const rows = within(table).getAllByRole('row').slice(1);
    expect(rows[0]).toHaveTextContent(/^stagingmain01 not as deployed$/);
    expect(rows[1]).toHaveTextContent(/^production0nothing was deployed yet$/);
  });

  it('says so where it is not known what runs in the standing ones', async () => {
    show(<EnvironmentsPage />, {
      ...list(),
      runs: async () => {
        throw new Error('The deployments are away.');
      },
    });
    const section = await screen.findByRole('region', { name: 'Standing' });
    expect(
      await within(section).findByText(/The deployments are away\./),
    ).toBeVisible();
    expect(within(section).getAllByText('could not be read')).toHaveLength(2);
  });

  it('keeps what is looked for in the address', async () => {
    const user = userEvent.setup();
    show(<EnvironmentsPage />, list(), { at: '/?q=stock' });
    await screen.findByRole('table', { name: 'Other previews' });
    expect(
      screen.queryByRole('table', { name: 'Mine and my teams’' }),
    ).not.toBeInTheDocument();
    await user.click(
      screen.getByRole('checkbox', { name: 'Only mine and my teams’' }),
    );
    expect(await screen.findByText(/No environment fits/)).toBeInTheDocument();
    expect(screen.getByLabelText('Address')).toHaveTextContent(
      '/?q=stock&owner=mine',
    );
    await user.click(screen.getByRole('button', { name: 'Show all 2' }));
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(/^\/$/),
    );
  });

  it('says what ends soon, and what is kept', async () => {
    show(
      <EnvironmentsPage />,
      list([
        environment({
          ...{ name: 'soon', expiresAt: inHours(1.5) },
          warnings: ['It ends within a day.'],
        }),
        environment({ name: 'for-ever', kept: true, expiresAt: undefined }),
      ]),
    );
    const mine = await screen.findByRole('table', {
      name: 'Mine and my teams’',
    });
    expect(mine).toHaveTextContent('1 h 29 min leftIt ends within a day.');
    expect(mine).toHaveTextContent('kept');
  });

  it('keeps room for the list while it is read', async () => {
    show(<EnvironmentsPage />, { list: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Reading environments' }),
    ).toBeInTheDocument();
  });

  it('says what will be here, and how to have the first', async () => {
    show(<EnvironmentsPage />, list([]));
    expect(
      await screen.findByText('There is no preview environment'),
    ).toBeInTheDocument();
    expect(
      screen.getByRole('link', { name: 'New environment' }),
    ).toHaveAttribute('href', '/environments/new');
  });

  it('says what to configure where no cluster is connected', async () => {
    show(<EnvironmentsPage />, {
      list: async () => ({
        ...{ items: [], standing, notConnected: 'No cluster is named.' },
      }),
    });
    expect(await screen.findByText(/No cluster is named\./)).toHaveTextContent(
      'names the cluster in app-config.yaml',
    );
    expect(
      screen.queryByRole('link', { name: 'New environment' }),
    ).not.toBeInTheDocument();
  });

  it('says what failed, what goes on, and asks again', async () => {
    const user = userEvent.setup();
    let fails = true;
    show(<EnvironmentsPage />, {
      list: async () => {
        if (fails) throw new Error('The network is gone.');
        return { items: [], standing: [] };
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The environments could not be readThe network is gone. They go on as they are.',
    );
    fails = false;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByText('There is no preview environment'),
    ).toBeInTheDocument();
  });
});
