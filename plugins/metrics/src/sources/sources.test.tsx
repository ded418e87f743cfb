import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { show } from '../__testUtils__/show';
import { MetricsPage } from '../page/MetricsPage';

jest.setTimeout(120_000);

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
              lastHeardAt: '2026-06-01T12:00:00Z',
            },
            {
              ...{ source: '/plugins/deployments', events: 0, kinds: [] },
              ...{ example: false, problem: 'The feed cannot be read' },
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
    expect(
      screen.getByText('cart in production, 7 times: No commit is known.'),
    ).toBeVisible();
    expect(
      screen.getByText('3 services and days are being brought up to date.'),
    ).toBeVisible();
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
});

describe('adoption', () => {
  it('shows parts of wholes, what they were before, those not there yet apart, and "no data" where nothing tells', async () => {
    show(
      <MetricsPage />,
      {
        adoption: async () => ({
          adoption: {
            range: { from: '2026-04-01', to: '2026-06-30' },
            example: false,
            onboarding: { state: 'value', part: 3, whole: 12 },
            goldenPath: { state: 'no-data', why: 'Nothing is connected.' },
            firstDeployment: {
              ...{ state: 'value', n: 2, median: 7_200 },
              censored: [{ service: 'component:default/new', seconds: 3_600 }],
            },
            deviations: {
              ...{ state: 'value', n: 3, services: 2 },
              guardrails: [
                { guardrail: 'limits', n: 2 },
                { guardrail: 'liveness-probe', n: 1 },
              ],
            },
            deflection: { state: 'no-data', why: 'No tickets are known.' },
            previous: {
              range: { from: '2026-01-01', to: '2026-03-31' },
              onboarding: { state: 'value', part: 2, whole: 10 },
              goldenPath: { state: 'value', part: 1, whole: 2 },
              firstDeployment: { state: 'no-data', why: 'None was created.' },
              deviations: {
                ...{ state: 'value', n: 5, services: 2, guardrails: [] },
              },
            },
          },
        }),
      },
      { at: '/?tab=adoption' },
    );
    expect(
      await screen.findByRole('region', { name: 'Onboarded services' }),
    ).toHaveTextContent(
      '25 %Better than 20 % in the period before3 of 12 services',
    );
    expect(
      screen.getByRole('region', { name: 'Golden-path share' }),
    ).toHaveTextContent('no dataNothing is connected.');
    expect(
      screen.getByRole('region', { name: 'Time to first deployment' }),
    ).toHaveTextContent('2 hNothing before to compare withMedian');
    expect(screen.getByText(/1 are not there yet/)).toBeVisible();
    const lifted = screen.getByRole('region', { name: 'Lifted guardrails' });
    expect(lifted).toHaveTextContent(
      /3\s*5 at the end of the period before.* of 2 services.*limits: 2/,
    );
    expect(
      screen.getByText(/compared with 2026-01-01 to 2026-03-31/),
    ).toBeVisible();
  });
});
