import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { answers, detail, show, value } from './__testUtils__/show';
import { signalling } from './__testUtils__/signalling';
import { DeliveryCard } from './home/DeliveryCard';
import { MetricsPage } from './page/MetricsPage';

/** After a change an open page has asked by then, in milliseconds: what the backend needs before makes five seconds of it. */
const SOON_MS = 2_000;

describe('an open page', () => {
  beforeEach(() => jest.useFakeTimers());
  afterEach(() => {
    jest.useRealTimers();
    jest.restoreAllMocks();
  });
  const user = () =>
    userEvent.setup({ advanceTimers: time => jest.advanceTimersByTime(time) });
  const pass = (ms: number) => act(() => jest.advanceTimersByTimeAsync(ms));

  it('shows the numbers of a new deployment soon after it is told, and asks nothing as long as nothing changes', async () => {
    const { signals, tell } = signalling();
    let share = 0.125;
    const asked = jest.fn(async (input: object) =>
      answers({ 'change-failure-rate': value(share) }).summary!(input),
    );
    show(<MetricsPage />, answers({}, { summary: asked }), { signals });
    expect(await screen.findByText('12.5 %')).toBeVisible();
    await pass(20_000);
    expect(asked).toHaveBeenCalledTimes(1);
    share = 0.25;
    tell();
    await pass(SOON_MS);
    expect(screen.getByText('25 %')).toBeVisible();
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('asks at most once a second while everything changes all the time, and more seldom where answers take long', async () => {
    const { signals, tell } = signalling();
    let tookMs = 0;
    const asked = jest.fn(async (input: object) => {
      await new Promise(resolve => {
        setTimeout(resolve, tookMs);
      });
      return answers().summary!(input);
    });
    show(<MetricsPage />, answers({}, { summary: asked }), { signals });
    const change = setInterval(tell, 100);
    await pass(10_000);
    const quick = asked.mock.calls.length;
    expect(quick).toBeGreaterThan(5);
    expect(quick).toBeLessThanOrEqual(11);
    tookMs = 2_000;
    await pass(30_000);
    expect(asked.mock.calls.length - quick).toBeLessThanOrEqual(4);
    clearInterval(change);
  });

  it('asks nothing while nobody looks, and at once when somebody does', async () => {
    const { signals, tell } = signalling();
    const asked = jest.fn(answers().summary!);
    show(<MetricsPage />, answers({}, { summary: asked }), { signals });
    await pass(2_000);
    const hidden = jest.spyOn(document, 'hidden', 'get');
    hidden.mockReturnValue(true);
    tell();
    await pass(60_000);
    expect(asked).toHaveBeenCalledTimes(1);
    hidden.mockReturnValue(false);
    await act(async () => {
      document.dispatchEvent(new Event('visibilitychange'));
    });
    expect(asked).toHaveBeenCalledTimes(2);
  });

  it('asks every other second where the portal passes on no word', async () => {
    const asked = jest.fn(answers().summary!);
    show(<MetricsPage />, answers({}, { summary: asked }));
    await pass(10_000);
    expect(asked.mock.calls.length).toBeGreaterThanOrEqual(3);
    expect(asked.mock.calls.length).toBeLessThanOrEqual(4);
  });

  it('has what is new in an open list too, with all pages of it that were read', async () => {
    const { signals, tell } = signalling();
    const all = ['d4', 'd3', 'd2', 'd1'];
    const details = jest.fn(async ({ before }: { before?: string }) => {
      const from = before ? all.indexOf(before) + 1 : 0;
      const items = all
        .slice(from, from + 2)
        .map(deployment => detail({ deployment, version: deployment }));
      return {
        ...{ scope: (await answers().summary!({})).scope, items },
        next: all[from + 2] && all[from + 1],
      };
    });
    show(<MetricsPage />, answers({}, { details }), {
      ...{ signals, at: '/?details=frequency' },
    });
    const dialog = await screen.findByRole('dialog');
    const names = () =>
      within(dialog)
        .getAllByText(/^cart d/)
        .map(one => one.textContent);
    await within(dialog).findByText('cart d4');
    await user().click(
      within(dialog).getByRole('button', { name: 'Show more' }),
    );
    await within(dialog).findByText('cart d1');
    expect(details.mock.calls.map(([one]) => one.before)).toEqual([
      ...[undefined, 'd3'],
    ]);
    all.unshift('d5');
    await pass(2_000);
    tell();
    await pass(SOON_MS);
    expect(names()).toEqual(['cart d5', 'cart d4', 'cart d3', 'cart d2']);
  });

  it('has it on the card of the home page, and asks again by itself for what could not be read', async () => {
    const { signals, tell } = signalling();
    let share = 0.125;
    let works = true;
    const summary = jest.fn(async (input: object) => {
      if (!works) throw new Error('It is away.');
      return answers({ 'change-failure-rate': value(share) }).summary!(input);
    });
    show(<DeliveryCard />, { summary }, { signals });
    await screen.findByText('12.5 %');
    await pass(2_000);
    works = false;
    tell();
    await pass(SOON_MS);
    // What was heard last stays.
    expect(screen.getByText('12.5 %')).toBeVisible();
    works = true;
    share = 0.25;
    await pass(6_000);
    expect(screen.getByText('25 %')).toBeVisible();
    expect(summary).toHaveBeenCalledTimes(3);
  });
});
