import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '../__testUtils__/show';
import { signalling } from '../__testUtils__/signalling';
import { MetricsPage } from '../page/MetricsPage';

const at = '/?tab=sources';
const empty = { items: [], gaps: [], pending: 0, quarantined: 0 };

describe('data quality', () => {
  it('says who tells of what, what is wrong with it, and what is missing', async () => {
    show(
      <MetricsPage />,
      {
        sources: async () => ({
          ...empty,
          pending: 3,
          items: [
            {
              ...{ source: '/git', events: 1234, kinds: [], example: false },
              ...{ lastHeardAt: '2026-06-01T12:00:00Z', state: 'heard' },
            },
            {
              ...{ source: '/plugins/deployments', events: 0, kinds: [] },
              ...{ example: false, problem: 'The feed cannot be read' },
              state: 'failing',
            },
            {
              ...{ source: '/ci', events: 9, kinds: [], example: false },
              ...{ state: 'silent', expectedHours: 72 },
              silentSince: '2026-06-01T12:00:00Z',
            },
            {
              ...{ source: '/pagerduty', events: 0, kinds: [] },
              ...{ example: false, state: 'waiting' },
            },
          ],
          gaps: [
            {
              ...{ service: 'component:default/cart', n: 7 },
              ...{ environment: 'production', problem: 'No commit is known' },
            },
          ],
        }),
      },
      { at },
    );
    const table = await screen.findByRole('table', { name: 'Sources' });
    expect(table).toHaveTextContent('/git 1,234');
    expect(table).toHaveTextContent('✖ The feed cannot be read');
    expect(table).toHaveTextContent(/⚠ silent since .*, expected every 3 d/);
    expect(table).toHaveTextContent('… connected, nothing came yet.');
    expect(
      within(table).getAllByRole('link', { name: 'What to do about it' }),
    ).toHaveLength(3);
    expect(
      screen.getByText('cart in production, 7 times: No commit is known.'),
    ).toBeVisible();
    expect(
      screen.getByText('3 services and days are being brought up to date.'),
    ).toBeVisible();
  });

  it('says whose numbers are not up to date, and that lists go on', async () => {
    show(
      <MetricsPage />,
      {
        sources: async () => ({
          ...empty,
          items: [
            {
              ...{ source: '/git', events: 1, kinds: [], example: false },
              state: 'heard',
            },
          ],
          itemsInAll: 5003,
          gaps: [
            {
              ...{ service: 'component:default/cart', n: 7 },
              ...{ environment: 'production', problem: 'No commit is known' },
            },
          ],
          gapsInAll: 340,
          aside: ['component:default/stock'],
        }),
      },
      { at },
    );
    expect(await screen.findByText(/^1 of 5,003, those that/)).toBeVisible();
    expect(screen.getByText('1 of 340, by service.')).toBeVisible();
    const alert = screen.getByRole('alert');
    expect(alert).toHaveTextContent(
      'The numbers of stock could not be brought up to date.',
    );
    expect(within(alert).getByRole('link')).toHaveAttribute(
      'href',
      expect.stringContaining('runbooks/metrics-recompute'),
    );
  });

  it('shows the quarantine with reasons, and tries it again', async () => {
    const replay = jest.fn(async () => ({ accepted: 1, remaining: 0 }));
    show(
      <MetricsPage />,
      {
        replay,
        sources: async () => ({ ...empty, quarantined: 1 }),
        quarantine: async () => ({
          items: [
            {
              ...{ id: crypto.randomUUID(), source: '/ci', tries: 1 },
              ...{ reason: 'data.outcome is missing', payload: '{}' },
              receivedAt: '2026-06-01T12:00:00Z',
            },
          ],
        }),
      },
      { at },
    );
    expect(await screen.findByText(/data\.outcome is missing/)).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Try all again' }),
    );
    expect(await screen.findByText('1 were taken, 0 remain.')).toBeVisible();
  });

  it('shows the quarantine a page at a time', async () => {
    const of = (name: string) => ({
      ...{ id: crypto.randomUUID(), source: '/ci', tries: 1 },
      ...{ reason: `${name} is missing`, payload: '{}', times: 3 },
      ...{ event: `run of ${name}`, service: 'component:default/cart' },
      receivedAt: '2026-06-01T12:00:00Z',
    });
    const quarantine = jest.fn(async ({ before }: { before?: string }) =>
      before === undefined
        ? { items: [of('first')], next: 'here' }
        : { items: [of('second')] },
    );
    show(
      <MetricsPage />,
      { quarantine, sources: async () => ({ ...empty, quarantined: 2 }) },
      { at },
    );
    expect(await screen.findByText('first is missing')).toBeVisible();
    expect(screen.getByText('3 times')).toBeVisible();
    expect(screen.getByText('run of first, cart')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    expect(await screen.findByText('second is missing')).toBeVisible();
    expect(screen.getByText('first is missing')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('dismisses one of them only with a reason', async () => {
    const dismiss = jest.fn(async (_: object) => ({
      ...{ dismissed: 1, remaining: 0 },
    }));
    const id = crypto.randomUUID();
    let items = [
      {
        ...{ id, source: '/ci', tries: 1, reason: 'data.outcome is missing' },
        ...{ payload: '{}', receivedAt: '2026-06-01T12:00:00Z' },
      },
    ];
    show(
      <MetricsPage />,
      {
        sources: async () => ({ ...empty, quarantined: 1 }),
        quarantine: async () => ({ items }),
        dismiss: async input => {
          items = [];
          return dismiss(input);
        },
      },
      { at },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Dismiss' }),
    );
    const dialog = await screen.findByRole('dialog');
    const submit = within(dialog).getByRole('button', { name: 'Dismiss' });
    expect(submit).toBeDisabled();
    await userEvent.type(
      within(dialog).getByLabelText('Why is nothing to be done?'),
      'A test of ours',
    );
    await userEvent.click(submit);
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
    expect(dismiss).toHaveBeenCalledWith({
      ids: [id],
      reason: 'A test of ours',
    });
    expect(screen.queryByText(/data\.outcome is missing/)).toBeNull();
  });

  it('follows how far computing anew has come', async () => {
    show(
      <MetricsPage />,
      {
        sources: async () => ({
          ...empty,
          recompute: {
            ...{ state: 'running', total: 10, done: 4 },
            startedAt: '2026-06-01T12:00:00Z',
          },
        }),
      },
      { at },
    );
    expect(
      await screen.findByText('Computed anew: 4 of 10 services and days.'),
    ).toBeVisible();
  });

  it('says so where all is computed anew by itself, by the rules of another version', async () => {
    show(
      <MetricsPage />,
      {
        sources: async () => ({
          ...empty,
          recompute: {
            ...{ state: 'running', total: 10, done: 4, because: 'rules' },
            startedAt: '2026-06-01T12:00:00Z',
          },
        }),
      },
      { at },
    );
    expect(
      await screen.findByText(
        'Computed anew by the rules of this version of the portal: 4 of 10 services and days.',
      ),
    ).toBeVisible();
  });

  it('shows what is new as soon as it is told, asks nothing before, and keeps what was heard last', async () => {
    const { signals, tell } = signalling();
    const sources = jest.fn(async () => ({ ...empty, pending: 3 }));
    show(<MetricsPage />, { sources }, { at, signals });
    await screen.findByText(/^3 services and days/);
    const soon = { timeout: 3_000 };
    sources.mockResolvedValue(empty);
    await new Promise(resolve => {
      setTimeout(resolve, 6_000);
    });
    expect(sources).toHaveBeenCalledTimes(1);
    tell();
    expect(
      await screen.findByText('All numbers are up to date.', undefined, soon),
    ).toBeVisible();
    sources.mockRejectedValue(new Error('It is away.'));
    tell();
    expect(
      await screen.findByText(/heard last: It is away/, undefined, soon),
    ).toBeVisible();
    expect(screen.getByText('All numbers are up to date.')).toBeVisible();
  }, 20_000);
});
