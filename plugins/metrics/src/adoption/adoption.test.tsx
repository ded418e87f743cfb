import {
  Adoption,
  AdoptionDetail,
  adoptionKeys,
} from '@highroad/plugin-metrics-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { point, scope, show } from '../__testUtils__/show';
import { signalling } from '../__testUtils__/signalling';
import { MetricsApi } from '../api';
import { MetricsPage } from '../page/MetricsPage';

const adoption: Adoption = {
  range: scope.range,
  example: false,
  onboarding: { state: 'value', part: 3, whole: 12 },
  goldenPath: { state: 'no-data', why: 'Nothing is connected.' },
  firstDeployment: {
    ...{ state: 'value', n: 2, median: 7_200, waiting: 1 },
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
  nps: { state: 'value', quarter: '2026-Q1', score: 40, n: 12, margin: 30 },
  previous: {
    range: scope.previous,
    onboarding: { state: 'value', part: 2, whole: 10 },
    goldenPath: { state: 'value', part: 1, whole: 2 },
    firstDeployment: { state: 'no-data', why: 'None was created.' },
    deviations: { state: 'value', n: 5, services: 2, guardrails: [] },
    deflection: { state: 'no-data', why: 'No tickets are known.' },
  },
};
const detail = (more: Partial<AdoptionDetail>): AdoptionDetail => ({
  ...{ service: 'component:default/cart', owner: 'group:default/shop' },
  ...{ counts: false, example: false, why: 'It is not there.' },
  ...more,
});
const told = {
  ...{ adoption, scope },
  series: adoptionKeys.map(key => ({
    key,
    points:
      key === 'golden-path'
        ? []
        : [
            point('2026-06-01', { value: 0.2, n: 10 }),
            point('2026-06-08', { value: 0.25, n: 12, complete: false }),
          ],
  })),
};
const answers = (more: Partial<MetricsApi> = {}): Partial<MetricsApi> => ({
  adoption: jest.fn(async () => told),
  ...more,
});
const card = (name: string) => screen.findByRole('region', { name });
const address = () => screen.getByLabelText('Address').textContent;

describe('adoption', () => {
  it('shows parts of wholes, what they were before, those not there yet apart, and "no data" where nothing tells', async () => {
    show(<MetricsPage />, answers(), { at: '/?tab=adoption' });
    expect(await card('Onboarded services')).toHaveTextContent(
      '25 %Better than 20 % in the period before3 of 12 services',
    );
    expect(await card('Golden-path share')).toHaveTextContent(
      'no dataNothing is connected.',
    );
    expect(await card('Time to first deployment')).toHaveTextContent(
      '2 hNothing before to compare withMedian',
    );
    expect(screen.getByText(/1 are not there yet/)).toBeVisible();
    expect(await card('Lifted guardrails')).toHaveTextContent(
      /3\s*5 at the end of the period before.* of 2 services.*limits: 2/,
    );
    expect(
      screen.getByText(/compared with 2026-01-01 to 2026-03-31/),
    ).toBeVisible();
    expect(
      screen.getAllByRole('img', { name: /Onboarded services over time/ }),
    ).toHaveLength(1);
  });

  it('is of the team, the time and the weeks that the address says, of production', async () => {
    const api = answers();
    show(<MetricsPage />, api, {
      at: '/?tab=adoption&of=group:default/shop&days=30&env=staging',
    });
    await card('Onboarded services');
    expect(api.adoption).toHaveBeenCalledWith({
      ...{ slice: 'group:default/shop', days: 30, bucket: 'week' },
    });
    // All that is shown comes in one answer.
    expect(api.adoption).toHaveBeenCalledTimes(1);
    expect(
      screen.getByRole('combobox', { name: 'Team, system or service' }),
    ).toHaveValue('shop');
    expect(screen.getByLabelText('By')).toBeVisible();
    expect(screen.queryByLabelText('Environment')).toBeNull();
  });

  it('draws the number that is chosen over time, as a chart and as a table', async () => {
    show(<MetricsPage />, answers(), { at: '/?tab=adoption' });
    const chart = await screen.findByRole('group', {
      name: 'How many of our services are on the platform?',
    });
    expect(
      within(chart).getByRole('button', { name: /25 %, of 12, not whole/ }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'As a table' }));
    const table = screen.getByRole('table', {
      name: 'How many of our services are on the platform?',
    });
    expect(
      within(table)
        .getAllByRole('row')
        .map(one => one.textContent),
    ).toEqual(expect.arrayContaining([expect.stringMatching(/20 %10Show/)]));
    const golden = await card('Golden-path share');
    await userEvent.click(
      within(golden).getByRole('button', { name: 'Chart' }),
    );
    expect(screen.getByText(/There is no data to draw/)).toBeVisible();
    expect(address()).toContain('number=golden-path');
  });

  it('leads from a number and from a bar to what counted, and why the rest did not', async () => {
    const adoptionDetails = jest.fn(
      async ({ before }: { before?: string }) => ({
        scope,
        items: before
          ? [detail({ service: 'component:default/stock', counts: true })]
          : [detail({ why: 'The platform has not deployed it.' })],
        ...(!before && { next: 'more' }),
      }),
    );
    show(<MetricsPage />, answers({ adoptionDetails }), {
      at: '/?tab=adoption',
    });
    const onboarded = await card('Onboarded services');
    await userEvent.click(
      within(onboarded).getByRole('button', { name: 'What counts' }),
    );
    const drawer = await screen.findByRole('dialog', {
      name: /Onboarded services: 2026-04-01 to 2026-06-30/,
    });
    expect(
      await within(drawer).findByText('The platform has not deployed it.'),
    ).toBeVisible();
    expect(within(drawer).getByText('not counted')).toBeVisible();
    expect(within(drawer).getByRole('link', { name: 'cart' })).toHaveAttribute(
      'href',
      '/catalog/default/component/cart',
    );
    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Show more' }),
    );
    expect(await within(drawer).findByText('counted')).toBeVisible();
    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Not counted' }),
    );
    await waitFor(() =>
      expect(adoptionDetails).toHaveBeenLastCalledWith(
        expect.objectContaining({ key: 'onboarding', counts: false }),
      ),
    );
    expect(address()).toMatch(/details=onboarding.*dcounts=no/);
    await userEvent.click(
      within(drawer).getByRole('button', { name: 'Close' }),
    );
    await userEvent.click(screen.getByRole('button', { name: /20 %, of 10/ }));
    await waitFor(() =>
      expect(adoptionDetails).toHaveBeenLastCalledWith(
        expect.objectContaining({ from: '2026-06-01', to: '2026-06-01' }),
      ),
    );
  });

  it('lists only what is asked for last, whichever answer comes first', async () => {
    const late = new Map<boolean | undefined, () => void>();
    const adoptionDetails = jest.fn(
      ({ counts }: { counts?: boolean; before?: string }) =>
        new Promise<{
          scope: typeof scope;
          items: AdoptionDetail[];
          next?: string;
        }>((answer, refuse) => {
          const items = [detail({ counts: true, why: 'It is all of them.' })];
          late.set(counts, () =>
            counts === false
              ? refuse(new Error('It is away.'))
              : answer({ scope, items, next: 'more of all' }),
          );
        }),
    );
    show(<MetricsPage />, answers({ adoptionDetails }), {
      at: '/?tab=adoption&details=onboarding',
    });
    const drawer = await screen.findByRole('dialog');
    await waitFor(() => expect(late.has(undefined)).toBe(true));
    const choose = (name: string) =>
      userEvent.click(within(drawer).getByRole('button', { name }));
    const isWaiting = () =>
      expect(
        within(drawer).getByLabelText('Reading the services'),
      ).toBeVisible();
    await choose('Not counted');
    await waitFor(() => expect(late.has(false)).toBe(true));
    await act(async () => late.get(undefined)?.());
    isWaiting();
    expect(within(drawer).queryByText('It is all of them.')).toBeNull();
    expect(
      within(drawer).queryByRole('button', { name: 'Show more' }),
    ).toBeNull();
    await choose('All');
    await waitFor(() => expect(adoptionDetails).toHaveBeenCalledTimes(3));
    await act(async () => late.get(undefined)?.());
    expect(within(drawer).getByText('It is all of them.')).toBeVisible();
    expect(
      within(drawer).getByRole('button', { name: 'Show more' }),
    ).toBeVisible();
    await choose('Not counted');
    await waitFor(() => expect(adoptionDetails).toHaveBeenCalledTimes(4));
    isWaiting();
    expect(within(drawer).queryByText('It is all of them.')).toBeNull();
    await act(async () => late.get(false)?.());
    expect(
      within(drawer).getByText('The services could not be read'),
    ).toBeVisible();
    expect(within(drawer).queryByText('It is all of them.')).toBeNull();
  });

  it('says from when on deployments are known, and that all is computed anew', async () => {
    const known = { ...scope, anew: true, knownFrom: '2026-02-01' };
    show(
      <MetricsPage />,
      answers({
        adoption: async () => ({ adoption, scope: known, series: [] }),
      }),
      { at: '/?tab=adoption' },
    );
    expect(
      await screen.findByText(/All numbers are being computed anew/),
    ).toBeVisible();
    expect(
      screen.getByText(/Deployments are known from 2026-02-01 on/),
    ).toBeVisible();
    expect(screen.getByText(/The last day is not over yet/)).toBeVisible();
  });

  it('shows deployments and tickets with the way to them', async () => {
    const id = '0192f0aa-0000-7000-8000-000000000001';
    show(
      <MetricsPage />,
      answers({
        adoptionDetails: async () => ({
          scope,
          items: [
            detail({
              ...{ counts: true, deployment: { id, version: '1.4.2' } },
              ticketCounts: { before: 60, after: 1 },
              tickets: [
                {
                  ...{ ticket: '12', url: 'https://git.test/12' },
                  ...{ at: '2026-03-01T12:00:00Z', window: 'before' as const },
                },
              ],
            }),
          ],
        }),
      }),
      { at: '/?tab=adoption&details=deflection' },
    );
    const drawer = await screen.findByRole('dialog');
    expect(
      await within(drawer).findByRole('link', { name: '1.4.2' }),
    ).toHaveAttribute('href', `/deployments/${id}`);
    expect(within(drawer).getByText('61 tickets')).toBeVisible();
    await userEvent.click(within(drawer).getByText('61 tickets'));
    expect(within(drawer).getByRole('link', { name: /12/ })).toHaveAttribute(
      'href',
      'https://git.test/12',
    );
    expect(within(drawer).getByText('and 60 more')).toBeVisible();
  });

  it('has no list behind what people say, but leads to the results of surveys', async () => {
    show(
      <MetricsPage />,
      answers({
        surveyResults: async () => ({ quarters: [], current: '2026-Q2' }),
      }),
      { at: '/?tab=adoption' },
    );
    const nps = await card('Developer NPS');
    expect(nps).toHaveTextContent(/40.*2026-Q1: 12 answers, ± 30/);
    expect(
      within(nps).queryByRole('button', { name: 'What counts' }),
    ).toBeNull();
    await userEvent.click(within(nps).getByRole('button', { name: 'Surveys' }));
    expect(screen.getByRole('tab', { name: 'Surveys' })).toHaveAttribute(
      'aria-selected',
      'true',
    );
  });

  it('shows what is new as soon as it is told, and keeps what was heard last where it cannot be read', async () => {
    const { signals, tell } = signalling();
    const read = jest.fn(async () => told);
    show(<MetricsPage />, answers({ adoption: read }), {
      ...{ signals, at: '/?tab=adoption' },
    });
    const onboarded = await card('Onboarded services');
    expect(onboarded).toHaveTextContent('3 of 12 services');
    read.mockResolvedValue({
      ...told,
      adoption: {
        ...adoption,
        onboarding: { state: 'value', part: 6, whole: 12 },
      },
    });
    tell();
    await waitFor(() => expect(onboarded).toHaveTextContent('6 of 12'), {
      timeout: 3_000,
    });
    read.mockRejectedValue(new Error('It is away.'));
    tell();
    expect(
      await screen.findByText(/last numbers that were heard/, undefined, {
        timeout: 3_000,
      }),
    ).toBeVisible();
    expect(onboarded).toHaveTextContent('6 of 12');
  }, 20_000);

  it('says why it cannot be read, and asks again', async () => {
    let isAway = true;
    show(
      <MetricsPage />,
      answers({
        adoption: async () => {
          if (isAway) throw new Error('It is away.');
          return told;
        },
      }),
      { at: '/?tab=adoption' },
    );
    expect(
      await screen.findByText('The numbers of adoption could not be read'),
    ).toBeVisible();
    isAway = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await card('Onboarded services')).toBeVisible();
  });
});
