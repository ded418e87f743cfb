import { ResponseError } from '@backstage/errors';
import { act, screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CART,
  choose,
  listed,
  runbook,
  show,
  VALUE,
} from '../__testUtils__/show';
import { ServiceSecrets } from '../matrix/ServiceSecrets';
import { runbookFor } from '../runbooks';

describe('secrets of a service', () => {
  it('are revealed for a reason, and hidden again by themselves', async () => {
    const reveal = jest.fn(async () => ({
      ...{ value: VALUE, encoding: 'text' as const, version: 3 },
    }));
    show(<ServiceSecrets service={CART} />, { ...listed(), reveal });
    await choose('Reveal…');
    const button = screen.getByRole('button', { name: 'Reveal it' });
    expect(button).toBeDisabled();
    await userEvent.type(
      screen.getByLabelText('Why do you need to see it?'),
      'looking into 12',
    );
    jest.useFakeTimers();
    try {
      await act(async () => button.click());
      expect(screen.getByText(VALUE)).toBeVisible();
      await act(async () => jest.advanceTimersByTime(31_000));
      expect(document.body.innerHTML).not.toContain(VALUE);
    } finally {
      jest.useRealTimers();
    }
    expect(reveal).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      reason: 'looking into 12',
    });
    expect(
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    ).not.toContain(VALUE);
    expect(window.location.href).not.toContain(VALUE);
  });

  it('are said to be base64 where what is revealed is no text', async () => {
    show(<ServiceSecrets service={CART} />, {
      ...listed(),
      reveal: async () => ({
        ...{ value: 'AAEC/w==', encoding: 'base64' as const, version: 3 },
      }),
    });
    await choose('Reveal…');
    await userEvent.type(screen.getByLabelText(/Why do you need/), 'looking');
    await userEvent.click(screen.getByRole('button', { name: 'Reveal it' }));
    expect(await screen.findByText('AAEC/w==')).toBeVisible();
    expect(screen.getByText(/this is its base64/)).toBeVisible();
  });

  it('have a history, from which an earlier value is put back', async () => {
    const restore = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 4 },
          outcome: 'restored' as const,
        },
      ],
      sync: [],
      leftOut: [],
    }));
    const history = async () => ({
      items: [
        {
          ...{ version: 3, at: '2026-05-01T10:00:00.000Z' },
          ...{ state: 'current' as const, by: 'user:default/mona' },
        },
        {
          ...{ version: 2, at: '2026-04-01T10:00:00.000Z' },
          ...{ state: 'superseded' as const, undeletedBy: 'jonas' },
          undeletedAt: '2026-04-02T10:00:00.000Z',
        },
      ],
      keeps: 10,
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), history, restore });
    await choose('History…');
    expect(
      screen.getByRole('link', { name: /Who accessed it/ }),
    ).toHaveAttribute(
      'href',
      `/audit?service=${encodeURIComponent(
        CART,
      )}&environment=staging&key=API_KEY`,
    );
    expect(
      await screen.findByText(
        'Vault keeps the newest 10 only: what was before version 2 is gone.',
      ),
    ).toBeVisible();
    const versions = screen.getByRole('table', { name: 'Versions' });
    expect(versions).toHaveTextContent(/put back .* by jonas/);
    expect(within(versions).getByRole('link', { name: /mona/ })).toBeVisible();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Put version 2 back' }),
    );
    expect(restore).not.toHaveBeenCalled();
    const asked = await screen.findByRole('dialog', {
      name: 'Put back version 2 of API_KEY in staging',
    });
    await userEvent.type(
      within(asked).getByLabelText(/^Why\?/),
      ' the login fails ',
    );
    await userEvent.click(
      within(asked).getByRole('button', { name: 'Put it back in staging' }),
    );
    expect(await screen.findByText('API_KEY: Done in staging.')).toBeVisible();
    expect(restore).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      ...{ version: 2, ifVersion: 3, reason: 'the login fails' },
    });
  });

  it('are put back for no click alone: what is asked can be left, and says why it was not done', async () => {
    const restore = jest.fn(async () => {
      throw new Error('It is at version 4 by now.');
    });
    const items = [3, 2].map(version => ({
      ...{ version, at: '2026-05-01T10:00:00.000Z' },
      state: version === 3 ? ('current' as const) : ('superseded' as const),
    }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), restore, history: async () => ({ items }) },
    });
    await choose('History…');
    const put = () =>
      screen.findByRole('button', { name: 'Put version 2 back' });
    await userEvent.click(await put());
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    await userEvent.click(await put());
    expect(restore).not.toHaveBeenCalled();
    await userEvent.click(
      screen.getByRole('button', { name: 'Put it back in staging' }),
    );
    expect(await screen.findByText(/It is at version 4 by now/)).toBeVisible();
  });

  it('are deleted as they were seen, and not what was set since', async () => {
    const remove = jest.fn(async () => {
      throw new Error('It is at version 4 by now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), delete: remove });
    await choose('Delete…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete it in staging' }),
    );
    expect(await screen.findByText(/It is at version 4 by now/)).toBeVisible();
    expect(remove).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      ifVersion: 3,
    });
  });

  it('lead to the page that helps with what was refused', async () => {
    const refusal = (status: number, message: string) =>
      ResponseError.fromResponse(
        new Response(
          JSON.stringify({
            ...{ error: { name: 'Error', message } },
            request: { method: 'POST', url: '/' },
            response: { statusCode: status },
          }),
          { status, headers: { 'Content-Type': 'application/json' } },
        ),
      );
    const pages = await Promise.all(
      [
        refusal(409, 'TOKEN in qa is at version 2.'),
        refusal(401, 'Who are you?'),
        refusal(503, 'Vault is sealed. See docs/runbooks/vault-sealed.md.'),
        refusal(500, 'It broke.'),
      ].map(async error => runbookFor(await error)),
    );
    expect(pages).toEqual(
      [
        ...['secret-refused', 'platform-not-signed-in', 'vault-sealed'],
        'platform-does-not-answer',
      ].map(runbook),
    );
    const undo = jest.fn(async () => {
      throw await refusal(409, 'It is at version 4 by now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), delete: undo });
    await choose('Delete…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete it in staging' }),
    );
    expect(
      await screen.findByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', runbook('secret-refused'));
  });
});
