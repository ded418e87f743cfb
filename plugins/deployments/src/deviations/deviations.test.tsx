import { SignalApi } from '@backstage/plugin-signals-react';
import {
  Deviation,
  DEVIATIONS_CHANNEL,
} from '@highroad/plugin-deployments-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { boardOf } from '../__testUtils__/boardOf';
import { deployment, idOf } from '../__testUtils__/deployments';
import { component, show, showOnEntity } from '../__testUtils__/show';
import { BoardPage } from '../board/BoardPage';
import { deploymentsTab } from '../plugin';
import { countText, latest } from './latest';

const deviation = (rest: Partial<Deviation> = {}): Deviation => ({
  id: idOf(100),
  guardrail: 'readiness-probe',
  service: 'component:default/cart',
  environment: 'staging',
  reason: 'It works through a queue',
  state: 'active',
  createdBy: 'user:default/jonas.lind',
  createdAt: '2026-11-01T10:00:00.000Z',
  expiresAt: '2027-01-31T23:59:59.999Z',
  ...rest,
});
const expired = deviation({
  id: idOf(101),
  guardrail: 'limits',
  state: 'expired',
  expiresAt: '2026-11-10T23:59:59.999Z',
});

describe('deviations on the tab of a service', () => {
  it('are shown with reason, end and who, and what expired is said to hold again', async () => {
    showOnEntity(deploymentsTab, {
      deviations: async () => ({ items: [deviation(), expired] }),
    });
    const table = await screen.findByRole('table', {
      name: 'Lifted guardrails',
    });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(
      /readiness-probe.*staging.*2027-01-31.*It works through a queue/,
    );
    expect(second).toHaveTextContent(/limits.*expired 2026-11-10, holds again/);
  });

  it('are there as soon as the backend tells of them', async () => {
    const listeners = new Map<string, () => void>();
    const signals: SignalApi = {
      subscribe: (channel, onMessage: (message: never) => void) => {
        listeners.set(channel, () => onMessage({} as never));
        return { unsubscribe: () => {} };
      },
    };
    const list = jest
      .fn()
      .mockResolvedValueOnce({ items: [] })
      .mockResolvedValue({ items: [deviation()] });
    showOnEntity(deploymentsTab, { deviations: list }, undefined, { signals });
    expect(await screen.findByText(/All guardrails hold/)).toBeVisible();
    act(() => listeners.get(DEVIATIONS_CHANNEL)?.());
    expect(
      await screen.findByRole('table', { name: 'Lifted guardrails' }),
    ).toBeVisible();
    expect(list).toHaveBeenCalledTimes(2);
  });

  it('can be ended by those who may', async () => {
    const endDeviation = jest.fn(async () => ({
      deviation: deviation({ state: 'ended' }),
    }));
    const list = jest
      .fn()
      .mockResolvedValueOnce({ items: [deviation()] })
      .mockResolvedValue({ items: [] });
    showOnEntity(deploymentsTab, { deviations: list, endDeviation });
    await userEvent.click(
      await screen.findByRole('button', {
        name: 'End: readiness-probe in staging',
      }),
    );
    await userEvent.click(
      screen.getByRole('button', { name: 'End it in staging' }),
    );
    expect(await screen.findByText(/All guardrails hold/)).toBeVisible();
    expect(endDeviation).toHaveBeenCalledWith({
      id: idOf(100),
      reason: undefined,
    });
  });

  it('are lifted with a guardrail, a reason and an end, and not without', async () => {
    const addDeviation = jest.fn(async () => ({ deviation: deviation() }));
    showOnEntity(deploymentsTab, { addDeviation });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Lift a guardrail…' }),
    );
    expect(screen.getByText('Choose a guardrail.')).toBeVisible();
    await userEvent.click(screen.getByLabelText('Guardrail'));
    await userEvent.click(
      screen.getByRole('option', { name: 'readiness-probe' }),
    );
    const submit = screen.getByRole('button', {
      name: 'Lift readiness-probe in staging',
    });
    expect(submit).toBeDisabled();
    await userEvent.type(
      screen.getByLabelText('Why it cannot be as the rule says'),
      'It works through a queue',
    );
    await userEvent.click(submit);
    await waitFor(() =>
      expect(addDeviation).toHaveBeenCalledWith({
        service: 'component:default/cart',
        environment: 'staging',
        guardrail: 'readiness-probe',
        reason: 'It works through a queue',
        until: expect.stringMatching(/^\d{4}-\d{2}-\d{2}$/),
      }),
    );
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('offer nothing to those who may not', async () => {
    showOnEntity(
      deploymentsTab,
      { deviations: async () => ({ items: [deviation()] }) },
      component('vault', 'shop'),
    );
    await screen.findByRole('table', { name: 'Lifted guardrails' });
    expect(screen.queryByRole('button', { name: /^End/ })).toBeNull();
    expect(
      screen.queryByRole('button', { name: 'Lift a guardrail…' }),
    ).toBeNull();
  });

  it('say so where they cannot be read, instead of that there are none', async () => {
    showOnEntity(deploymentsTab, {
      deviations: async () => {
        throw new Error('The disk is gone.');
      },
    });
    expect(
      await screen.findByText('Which guardrails are lifted could not be read'),
    ).toBeVisible();
    expect(screen.queryByText(/All guardrails hold/)).toBeNull();
  });
});

describe('deviations on the page of all deployments', () => {
  const board = async () =>
    boardOf({
      items: ['cart', 'stock'].map((name, at) => {
        const service = `component:default/${name}`;
        return {
          ...{ service, environment: 'staging' },
          running: deployment({ id: idOf(at + 1), service }),
        };
      }),
    });

  it('are counted, and lead to the services that have them', async () => {
    show(<BoardPage />, {
      board,
      deviations: async () => ({ items: [deviation(), expired] }),
    });
    expect(
      await screen.findByText(/1 guardrail is lifted, 1 deviation has expired/),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: 'stock' })).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Show where' }));
    await waitFor(() =>
      expect(screen.queryByRole('link', { name: 'stock' })).toBeNull(),
    );
    expect(screen.getByRole('link', { name: 'cart' })).toBeVisible();
    expect(screen.getByLabelText('Address')).toHaveTextContent(
      '?deviations=only',
    );
  });

  it('are said not to be known where they cannot be read', async () => {
    show(<BoardPage />, {
      board,
      deviations: async () => {
        throw new Error('The disk is gone.');
      },
    });
    expect(
      await screen.findByText(/Which guardrails are lifted is not known/),
    ).toBeVisible();
  });
});

describe('deviations in words', () => {
  it('count what was added again once', () => {
    const again = deviation({ id: idOf(102), guardrail: 'limits' });
    expect(latest([again, expired])).toEqual([again]);
    expect(countText([again, deviation()])).toBe('2 guardrails are lifted');
    expect(countText([])).toBe('');
  });
});
