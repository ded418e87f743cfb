import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  answers,
  detail,
  noData,
  nothing,
  row,
  scope,
  show,
  value,
} from '../__testUtils__/show';
import { Measure } from '@highroad/plugin-metrics-common';
import { MetricsPage } from './MetricsPage';

const address = () => screen.getByLabelText('Address').textContent;
const card = async (name: string) => screen.findByRole('region', { name });

describe('MetricsPage', () => {
  it('answers at a glance: each key with its value, comparison and a sentence', async () => {
    show(<MetricsPage />, answers({ 'change-failure-rate': value(0.125) }));
    const failures = await card('Change failure rate');
    expect(failures).toHaveTextContent('12.5 %');
    expect(failures).toHaveTextContent(
      '12.5 % of the deployments needed intervention',
    );
    expect(failures).toHaveTextContent('Nothing before to compare with');
    expect(await card('Deployment frequency')).toHaveTextContent('1 a week');
    expect(screen.getByText(/Nothing here is counted by person/)).toBeVisible();
  });

  it('says how far durations are spread, of those and of nothing else', async () => {
    const spread = { ...value(3_600), p75: 7_200, p90: 90_000 } as Measure;
    show(<MetricsPage />, answers({ 'lead-time': spread }));
    expect(await card('Lead time for changes')).toHaveTextContent(
      'p75 2 h, p90 1 d 1 h',
    );
    expect(await card('Rework rate')).not.toHaveTextContent('p75');
  });

  it('says that all is being computed anew, as long as it is', async () => {
    const anew = { ...scope, anew: true };
    const { summary, ...others } = answers();
    show(<MetricsPage />, {
      ...others,
      summary: async input => ({ ...(await summary!(input)), scope: anew }),
    });
    expect(
      await screen.findByText(/All numbers are being computed anew/),
    ).toBeVisible();
  });

  it('never draws "no data" as zero', async () => {
    show(<MetricsPage />, answers({ 'lead-time': noData, recovery: nothing }));
    const lead = await card('Lead time for changes');
    expect(lead).toHaveTextContent('no data');
    expect(lead).toHaveTextContent('Nothing tells.');
    expect(
      within(lead).queryByRole('button', { name: 'Deployments' }),
    ).toBeNull();
    const recovery = await card('Failed deployment recovery time');
    expect(recovery).toHaveTextContent('none');
    expect(recovery).toHaveTextContent('Nothing failed in this time.');
  });

  it('says what to connect where nothing is, and offers an example', async () => {
    const loaded = jest.fn(async () => ({ accepted: 5 }));
    show(
      <MetricsPage />,
      answers(
        {
          ...{ frequency: noData, 'lead-time': noData, recovery: noData },
          ...{ 'change-failure-rate': noData, rework: noData },
        },
        { loadExample: loaded },
      ),
    );
    expect(
      await screen.findByRole('heading', { name: 'No source is connected' }),
    ).toBeVisible();
    await userEvent.click(
      screen.getByRole('button', { name: 'Show an example history' }),
    );
    expect(loaded).toHaveBeenCalled();
  });

  it('marks example data, and removes it by one click', async () => {
    const removed = jest.fn(async () => ({ removed: 9 }));
    const { summary } = answers();
    show(
      <MetricsPage />,
      answers(
        {},
        {
          removeExample: removed,
          summary: async input => ({
            ...(await summary!(input)),
            scope: { ...scope, example: true },
          }),
        },
      ),
    );
    expect(await screen.findByText('Example data')).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Remove it' }));
    expect(removed).toHaveBeenCalled();
  });

  it('has the whole view in its address, and begins with it', async () => {
    const asked: object[] = [];
    const { summary } = answers();
    show(
      <MetricsPage />,
      answers(
        {},
        {
          summary: async input => {
            asked.push(input);
            return summary!(input);
          },
        },
      ),
      {
        at: '/?of=group:default/shop&from=2026-01-01&to=2026-01-31&key=rework&env=staging',
      },
    );
    expect(
      await screen.findByRole('heading', {
        name: 'How much of what we deploy repairs?',
      }),
    ).toBeVisible();
    expect(asked[0]).toMatchObject({
      ...{ slice: 'group:default/shop', from: '2026-01-01', to: '2026-01-31' },
      environment: 'staging',
    });
    expect(screen.getByLabelText('Environment')).toHaveTextContent('staging');
    const lead = await card('Lead time for changes');
    await userEvent.click(within(lead).getByRole('button', { name: 'Chart' }));
    expect(address()).toContain('key=lead-time');
    expect(
      await screen.findByRole('region', { name: 'How many took how long' }),
    ).toHaveTextContent('to 1 h7');
  });

  it('leads from a bar to the deployments behind it, by keyboard too', async () => {
    const details = jest.fn(async () => ({
      scope,
      items: [
        detail({
          why: 'Incident i1 began within the window after it.',
          incidents: [{ incident: 'i1', detectedAt: '2026-06-01T13:00:00Z' }],
        }),
      ],
    }));
    show(<MetricsPage />, answers({}, { details }));
    const bar = await screen.findByRole('button', { name: /^Jun 1: 4/ });
    bar.focus();
    await userEvent.keyboard('{Enter}');
    const drawer = await screen.findByRole('dialog');
    await waitFor(() =>
      expect(drawer).toHaveTextContent(
        'Incident i1 began within the window after it.',
      ),
    );
    expect(drawer).toHaveTextContent('Incident i1, still open');
    expect(details).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ key: 'frequency', from: '2026-06-01', to: '2026-06-01' },
      }),
    );
    expect(address()).toContain('details=frequency');
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    expect(address()).not.toContain('details');
  });

  it('leads from a number to what is behind it in the whole range that is looked at', async () => {
    const details = jest.fn(async () => ({ scope, items: [detail()] }));
    show(<MetricsPage />, answers({}, { details }), { at: '/?days=365' });
    const shown = await card('Rework rate');
    await userEvent.click(
      within(shown).getByRole('button', { name: 'Deployments' }),
    );
    const { from, to } = scope.range;
    const drawer = await screen.findByRole('dialog');
    expect(drawer).toHaveAccessibleName(`Rework rate: ${from} to ${to}`);
    expect(details).toHaveBeenCalledWith(
      expect.objectContaining({ key: 'rework', from, to }),
    );
  });

  it('leads from how many took how long to what took so long, and has it in its address', async () => {
    const details = jest.fn(async () => ({ scope, items: [detail()] }));
    show(<MetricsPage />, answers({}, { details }), { at: '/?key=lead-time' });
    await userEvent.click(
      await screen.findByRole('button', { name: '7, to 1 h' }),
    );
    const { from, to } = scope.range;
    expect(await screen.findByRole('dialog')).toHaveAccessibleName(
      `Lead time for changes: ${from} to ${to}, less than 1 h`,
    );
    expect(details).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ key: 'lead-time', from, to, atLeast: 0, below: 3_600 },
      }),
    );
    expect(address()).toContain('details=lead-time');
    expect(address()).toContain('datleast=0&dbelow=3600');
  });

  it('leads from the time to restore to all incidents behind it', async () => {
    const incidents = jest.fn(async ({ before }: { before?: string }) => ({
      scope,
      items: [
        {
          ...{ service: 'component:default/cart', environment: 'production' },
          ...{ incident: before ? 'i1' : 'i2', title: before && 'No carts' },
          ...{ detectedAt: '2026-06-01T13:00:00Z', example: false },
          ...{ counts: true, restoreSeconds: 7_200 },
          why: 'It was over after 2 h. No deployment is blamed for it.',
        },
      ],
      ...(!before && { next: 'more' }),
    }));
    const restored = {
      ...{ name: 'median time to restore of all incidents', value: 7_200 },
      ...{ unit: 'seconds', behind: 'incidents' },
    } as const;
    const recovery = { ...nothing, beside: [restored] } as Measure;
    show(<MetricsPage />, answers({ recovery }, { incidents }));
    const shown = await card('Failed deployment recovery time');
    await userEvent.click(
      within(shown).getByRole('button', { name: 'All incidents' }),
    );
    const drawer = await screen.findByRole('dialog');
    await waitFor(() => expect(drawer).toHaveTextContent('cart: i2'));
    await userEvent.click(screen.getByRole('button', { name: 'Show more' }));
    await waitFor(() => expect(drawer).toHaveTextContent('cart: No carts'));
    expect(drawer).toHaveTextContent('It was over after 2 h. No deployment');
    expect(drawer).toHaveTextContent('cart: i2');
    expect(incidents).toHaveBeenCalledWith(
      expect.objectContaining({ ...scope.range, before: 'more' }),
    );
    expect(address()).toContain('details=incidents');
  });

  it('leads from a recovery time to the failures that are open, of whenever', async () => {
    const recovery: Measure = {
      ...{ state: 'nothing', why: 'Nothing failed in this time.' },
      beside: [
        {
          ...{ name: 'still open', value: 1, unit: 'count' },
          behind: 'open-failures',
        },
        {
          ...{ name: 'age of the oldest that is open', unit: 'seconds' },
          value: 130 * 86_400,
        },
      ],
    };
    const details = jest.fn(async () => ({
      scope,
      items: [detail({ why: 'It failed itself. It is still open.' })],
    }));
    show(<MetricsPage />, answers({ recovery }, { details }));
    const shown = await card('Failed deployment recovery time');
    expect(shown).toHaveTextContent(
      'still open: 1; age of the oldest that is open: 130 d',
    );
    await userEvent.click(
      within(shown).getByRole('button', { name: 'Open failures' }),
    );
    const drawer = await screen.findByRole('dialog', {
      name: 'Open failures up to 2026-06-30',
    });
    await waitFor(() => expect(drawer).toHaveTextContent('It failed itself.'));
    expect(details).toHaveBeenCalledWith(
      expect.objectContaining({ key: 'recovery', open: true }),
    );
    expect(address()).toContain('details=open-failures');
  });

  it('draws a gap as a gap, says what is not whole, and shows the same as a table', async () => {
    show(<MetricsPage />, answers());
    expect(
      await screen.findByRole('button', { name: 'Jun 15: 9, not whole' }),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Jun 1: 4, before 2 (May 25)' }),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Jun 8/ })).toBeNull();
    await userEvent.click(screen.getByRole('button', { name: 'As a table' }));
    const table = screen.getByRole('table', {
      name: 'How often do we deliver to production?',
    });
    expect(
      within(table)
        .getAllByRole('row')
        .map(one => one.textContent),
    ).toEqual([
      'FromValueOfBandIn the period before',
      'Jun 14' + '4high2 (May 25)Show',
      'Jun 8—0——',
      'Jun 1599elite—Shownot whole',
    ]);
    expect(address()).toContain('table=yes');
  });

  it('has teams sorted by any number, and the order in its address', async () => {
    const { teams } = answers();
    const asked = jest.fn(teams);
    show(<MetricsPage />, answers({}, { teams: asked }));
    const table = await screen.findByRole('table', { name: 'Compared' });
    const names = () =>
      within(table)
        .getAllByRole('row')
        .slice(1)
        .map(one => within(one).getByRole('rowheader').textContent);
    expect(names()).toEqual(['b', 'a', 'c']);
    expect(asked).toHaveBeenLastCalledWith(
      expect.objectContaining({ sort: 'name', order: 'asc', limit: 50 }),
    );
    for (const [order, shown] of [
      ['asc', 'ascending'],
      ['desc', 'descending'],
    ]) {
      await userEvent.click(within(table).getByText('Lead time'));
      await waitFor(() =>
        expect(asked).toHaveBeenLastCalledWith(
          expect.objectContaining({ sort: 'lead-time', order }),
        ),
      );
      expect(
        within(table).getByRole('columnheader', { name: 'Lead time' }),
      ).toHaveAttribute('aria-sort', shown);
    }
    expect(address()).toMatch(/sort=lead-time&descending=yes/);
    await userEvent.click(within(table).getByRole('button', { name: 'b' }));
    expect(address()).toContain('of=group%3Adefault%2Fb');
  });

  it('shows of very many the first ones, and more by a click', async () => {
    const all = Array.from({ length: 60 }, (_, number) =>
      row(`component:default/s${String(number).padStart(3, '0')}`, value(1)),
    );
    show(
      <MetricsPage />,
      answers(
        {},
        {
          teams: async ({ limit }) => ({
            ...{ scope, rows: all.slice(0, limit), total: all.length },
          }),
        },
      ),
    );
    const table = await screen.findByRole('table', { name: 'Compared' });
    const shown = () => within(table).getAllByText(/^s\d{3}$/).length;
    expect(shown()).toBe(50);
    expect(screen.getByText(/50 of 60, sorted as above/)).toBeVisible();
    await userEvent.click(screen.getByText('Show more'));
    await waitFor(() => expect(shown()).toBe(60));
    expect(screen.queryByText('Show more')).toBeNull();
    expect(address()).toContain('rows=100');
  });

  it('says why the comparison cannot be read, beside the numbers that can', async () => {
    show(
      <MetricsPage />,
      answers(
        {},
        { teams: async () => Promise.reject(new Error('Too busy.')) },
      ),
    );
    expect(
      await screen.findByText('The comparison could not be read'),
    ).toBeVisible();
    expect(await card('Deployment frequency')).toBeVisible();
  });

  it('asks for a range of days, when they are whole', async () => {
    const summary = jest.fn(answers().summary);
    show(<MetricsPage />, { ...answers(), summary });
    await card('Deployment frequency');
    expect(summary).toHaveBeenLastCalledWith(
      expect.objectContaining({ days: 90 }),
    );
    await userEvent.click(screen.getByLabelText('Time'));
    await userEvent.click(
      screen.getByRole('option', { name: 'From a day to another' }),
    );
    fireEvent.change(screen.getByLabelText('From'), {
      target: { value: '0002-01-01' },
    });
    fireEvent.change(screen.getByLabelText('From'), {
      target: { value: '2026-01-01' },
    });
    await waitFor(() =>
      expect(summary).toHaveBeenLastCalledWith(
        expect.objectContaining({ from: '2026-01-01' }),
      ),
    );
    expect(JSON.stringify(summary.mock.calls)).not.toContain('0002');
  });

  it('says that it cannot read the numbers, and offers to try again', async () => {
    show(<MetricsPage />, {});
    expect(
      await screen.findByText('The numbers could not be read'),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Try again' })).toBeVisible();
  });

  it('shows where the numbers will be before there is an answer', async () => {
    const never = () => new Promise<never>(() => {});
    show(<MetricsPage />, { summary: never, teams: never });
    expect(
      await screen.findByRole('status', { name: 'Reading the numbers' }),
    ).toBeVisible();
  });
});
