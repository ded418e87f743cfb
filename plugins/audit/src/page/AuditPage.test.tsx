import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { LedgerRecord } from '@highroad/plugin-audit-common';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { useLocation } from 'react-router-dom';
import { ledger, record } from '../__testUtils__/records';
import { AuditApi, auditApiRef } from '../api';
import { AuditPage } from './AuditPage';

function Address() {
  return <output aria-label="Address">{useLocation().search}</output>;
}

function show(api: Partial<AuditApi>, options: { search?: string } = {}) {
  const { search = '' } = options;
  renderInTestApp(
    <>
      <AuditPage />
      <Address />
    </>,
    {
      apis: [
        [auditApiRef, ledger(api)],
        mockApis.permission({ authorize: AuthorizeResult.ALLOW }),
      ],
      initialRouteEntries: [`/${search}`],
    },
  );
}

/** The cells of each row, in the order in which they are read. */
const rows = async () =>
  (await screen.findAllByRole('row')).slice(1).map(row => {
    const cells = within(row).getAllByRole('cell');
    const [what] = within(row).getAllByRole('rowheader');
    return [...cells.slice(0, 2), what, ...cells.slice(2)]
      .map(cell => cell.textContent)
      .join(' | ');
  });

describe('the audit page', () => {
  it('says in one line a record who did what to what, where, how and how it ended', async () => {
    show({
      search: async () => ({
        items: [
          record(3, { outcome: 'refused' }),
          record(2, { phase: 'intent', outcome: undefined, door: 'portal' }),
        ],
      }),
    });
    expect(await rows()).toEqual([
      '1 minute ago | jonas.lind | version deploy (deployments) | payment-service | staging | cli | refused',
      '1 minute ago | jonas.lind | version deploy (deployments) | payment-service | staging | portal | not ended',
    ]);
  });

  it('marks a record that is not what was sealed, in words, in the list and beside it', async () => {
    const message = 'Record 3 was changed: it is not what was sealed.';
    const forged = record(3, { suspect: { kind: 'changed', message } });
    show({
      search: async () => ({ items: [forged, record(2)] }),
      record: async () => ({ record: forged, prev: 'a'.repeat(64) }),
    });
    expect((await rows()).map(row => row.split(' | ').pop())).toEqual([
      'suspect: changed',
      'succeeded',
    ]);
    expect(screen.getByTitle(message)).toBeVisible();
    await userEvent.click(
      screen.getAllByRole('button', { name: /^version deploy/ })[0],
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(
      `suspect: changed${message} Do not rely on what it says.`,
    );
    expect(within(alert).getByText('What to do')).toHaveAttribute(
      'href',
      expect.stringContaining('audit-chain-broken'),
    );
  });

  it('keeps what is looked for in the address, and asks for just that', async () => {
    const search = jest.fn(ledger().search);
    show({ search });
    await screen.findByText(/Nothing is recorded yet/);
    await userEvent.type(screen.getByLabelText('Service'), 'cart');
    await userEvent.type(screen.getByLabelText('Who'), 'token:ci');
    await waitFor(() =>
      expect(search).toHaveBeenLastCalledWith(
        { service: 'component:default/cart', actor: 'ci' },
        expect.anything(),
      ),
    );
    expect(screen.getByLabelText('Address')).toHaveTextContent(
      '?service=cart&actor=token%3Aci',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show everything' }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(/^$/),
    );
  });

  it('begins with what the address says', async () => {
    const search = jest.fn(ledger().search);
    show({ search }, { search: '?outcome=failed&range=day' });
    await screen.findByText(/Nothing fits the filter/);
    expect(search.mock.calls[0][0]).toEqual({
      outcome: 'failed',
      since: expect.stringMatching(/^20.*Z$/),
    });
  });

  it('narrows to a time from and until, in the address, in the list and in exports', async () => {
    const search = jest.fn(ledger().search);
    const file = jest.fn(async () => new Blob());
    jest.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation();
    URL.createObjectURL = () => 'blob:x';
    URL.revokeObjectURL = () => {};
    show({ search, file });
    await screen.findByText(/Nothing is recorded yet/);
    await userEvent.click(screen.getByLabelText('When'));
    await userEvent.click(screen.getByRole('option', { name: /^From/ }));
    const [from, until] = ['2026-01-01T10:00', '2026-01-02T11:30'];
    fireEvent.change(await screen.findByLabelText('From'), {
      target: { value: from },
    });
    const window = {
      since: new Date(from).toISOString(),
      until: new Date(until).toISOString(),
    };
    await waitFor(() =>
      expect(search).toHaveBeenLastCalledWith(
        { since: window.since },
        expect.anything(),
      ),
    );
    fireEvent.change(screen.getByLabelText('Until'), {
      target: { value: until },
    });
    await waitFor(() =>
      expect(search).toHaveBeenLastCalledWith(window, expect.anything()),
    );
    const address = new URLSearchParams(
      screen.getByLabelText('Address').textContent ?? '',
    );
    expect(Object.fromEntries(address)).toEqual({
      ...{ range: 'between', from: window.since, until: window.until },
    });
    await userEvent.click(screen.getByRole('button', { name: 'Export' }));
    await userEvent.click(await screen.findByText('CSV'));
    expect(file).toHaveBeenCalledWith('csv', window);

    fireEvent.change(screen.getByLabelText('Until'), {
      target: { value: from },
    });
    expect(await screen.findByText(/nothing fits/)).toBeVisible();
    await userEvent.click(screen.getByLabelText('When'));
    await userEvent.click(screen.getByRole('option', { name: 'Any time' }));
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(/^$/),
    );
  });

  it('shows and exports nothing in the name of an address that it does not understand', async () => {
    const search = jest.fn(ledger().search);
    const tail = jest.fn(ledger().tail);
    const made = '?door=window&from=yesterday&until=2026-02-01';
    show({ search, tail }, { search: made });
    expect(await screen.findByText(/^Nothing is listed, since/)).toBeVisible();
    expect(screen.getByText('“window” is none of these')).toBeVisible();
    expect(screen.getByText(/^“yesterday” is no time/)).toBeVisible();
    const until = screen.getByLabelText<HTMLInputElement>('Until');
    expect(new Date(until.value).toISOString()).toBe(
      '2026-02-01T00:00:00.000Z',
    );
    expect(screen.getByRole('button', { name: 'Export' })).toBeDisabled();
    expect(screen.queryByLabelText('Reading the records')).toBeNull();
    for (const asked of [search, tail]) expect(asked).not.toHaveBeenCalled();

    await userEvent.click(screen.getByRole('button', { name: /everything/ }));
    await screen.findByText(/Nothing is recorded yet/);
    expect(search).toHaveBeenLastCalledWith({}, expect.anything());
    expect(screen.getByRole('button', { name: 'Export' })).toBeEnabled();
  });

  it('puts on top what is done meanwhile, and the end of something in place of its beginning', async () => {
    const begun = record(7, { phase: 'intent', outcome: undefined });
    let happen: (items: LedgerRecord[]) => void = () => {};
    show({
      search: async () => ({ items: [begun, record(6)] }),
      tail: input =>
        input.after === undefined
          ? Promise.resolve({ items: [], next: 7 })
          : new Promise(done => {
              happen = items => done({ items, next: 8 });
            }),
    });
    expect(await rows()).toHaveLength(2);
    await waitFor(() => expect(happen.length).toBe(1));
    happen([record(8, { intent: begun.id, outcome: 'failed' })]);
    await waitFor(async () =>
      expect((await rows()).map(row => row.split(' | ').pop())).toEqual([
        'failed',
        'succeeded',
      ]),
    );
    expect(screen.getByText('1 new since you came')).toBeInTheDocument();
  });

  it('says that records are missing at the end of the chain, also if that is found while one looks on', async () => {
    let find: () => void = () => {};
    const message = 'Record 7 and all that follow up to 9 are missing.';
    show({
      search: async () => ({ items: [record(6)] }),
      tail: input =>
        input.after === undefined
          ? Promise.resolve({ items: [], next: 9 })
          : new Promise(done => {
              const cut = { kind: 'cut tail' as const, message };
              find = () => done({ items: [], next: 9, cut });
            }),
    });
    expect(await rows()).toHaveLength(1);
    expect(screen.queryByText(/may be missing/)).not.toBeInTheDocument();
    await waitFor(() => {
      find();
      expect(
        screen.getByText(/^Records may be missing\. Record 7 and all/),
      ).toBeVisible();
    });
    expect(screen.getByText('What to do about it')).toHaveAttribute(
      'href',
      expect.stringContaining('audit-chain-broken'),
    );
  });

  it('lists once what was done between asking where to go on from and what there is', async () => {
    show({
      search: async () => ({ items: [record(6), record(5)] }),
      tail: input => {
        if (input.after === undefined)
          return Promise.resolve({ items: [], next: 5 });
        return input.after === 5
          ? Promise.resolve({ items: [record(6), record(7)], next: 7 })
          : new Promise(() => {});
      },
    });
    expect(await screen.findByText('1 new since you came')).toBeInTheDocument();
    expect(await rows()).toHaveLength(3);
  });

  it('lists once what was begun and has ended since the last answer', async () => {
    const begun = record(8, { phase: 'intent', outcome: undefined });
    show({
      search: async () => ({ items: [record(7)] }),
      tail: input => {
        if (input.after === undefined)
          return Promise.resolve({ items: [], next: 7 });
        return input.after === 7
          ? Promise.resolve({
              items: [begun, record(9, { intent: begun.id })],
              next: 9,
            })
          : new Promise(() => {});
      },
    });
    expect(await screen.findByText('1 new since you came')).toBeInTheDocument();
    expect((await rows()).map(row => row.split(' | ').pop())).toEqual([
      'succeeded',
      'succeeded',
    ]);
  });

  it('goes on to show what was meant beside an end that is not what was sealed', async () => {
    const begun = record(8, { phase: 'intent', outcome: undefined });
    const suspect = { kind: 'recomputed' as const, message: 'was made up' };
    show({
      search: async () => ({ items: [record(7)] }),
      tail: input => {
        if (input.after === undefined)
          return Promise.resolve({ items: [], next: 7 });
        return input.after === 7
          ? Promise.resolve({
              items: [begun, record(9, { intent: begun.id, suspect })],
              next: 9,
            })
          : new Promise(() => {});
      },
    });
    expect(await screen.findByText('2 new since you came')).toBeInTheDocument();
    expect((await rows()).map(row => row.split(' | ').pop())).toEqual([
      ...['suspect: not sealed by the ledger', 'not ended', 'succeeded'],
    ]);
  });

  it('offers to look for what is listed, in the words that the filter takes', async () => {
    show({
      search: async () => ({
        items: [
          record(3, {
            plugin: 'audit',
            event: 'verify',
            service: 'component:shop/cart',
            actor: { kind: 'service', ref: 'ci-cart' },
          }),
          record(2),
          record(1),
        ],
      }),
    });
    await rows();
    const offered = (label: string) => {
      const list = screen.getByLabelText(label).getAttribute('list');
      return [...(document.getElementById(list ?? '')?.children ?? [])].map(
        option => [option.getAttribute('value'), option.getAttribute('label')],
      );
    };
    expect(offered('Who')).toEqual([
      ['token:ci-cart', null],
      ['jonas.lind', null],
    ]);
    expect(offered('Service')).toEqual([
      ['component:shop/cart', null],
      ['payment-service', null],
    ]);
    expect(offered('Did what')[0]).toEqual([
      'audit.verify',
      'verified the records',
    ]);
  });

  it('reads the state of the chain again when there are new records', async () => {
    const { chain } = ledger();
    const asked = jest.fn(chain);
    let happen: () => void = () => {};
    show({
      chain: asked,
      tail: input =>
        input.after === undefined
          ? Promise.resolve({ items: [], next: 1 })
          : new Promise(done => {
              happen = () => done({ items: [record(2)], next: 2 });
            }),
    });
    await screen.findByText(/Nothing is recorded yet/);
    await waitFor(() => expect(asked).toHaveBeenCalledTimes(2));
    await waitFor(() => {
      happen();
      expect(asked).toHaveBeenCalledTimes(3);
    });
  });

  it('says in one line that the state of the chain is not known, and lists records all the same', async () => {
    show({
      chain: async () => {
        throw new Error('No connection.');
      },
      search: async () => ({ items: [record(1)] }),
    });
    expect(
      await screen.findByText(
        'How the chain is doing is not known: No connection.',
      ),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeVisible();
    expect(await rows()).toHaveLength(1);
  });

  it('reads older ones when they are asked for, and says when they cannot be read', async () => {
    const search = jest
      .fn()
      .mockResolvedValueOnce({ items: [record(9)], next: 9 })
      .mockRejectedValueOnce(new Error('The disk is gone.'))
      .mockResolvedValueOnce({ items: [record(8)] });
    show({ search });
    await userEvent.click(await screen.findByRole('button', { name: 'Older' }));
    expect(
      await screen.findByText('Older records could not be read'),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(async () => expect(await rows()).toHaveLength(2));
    expect(search.mock.calls[2][0]).toEqual({ before: 9 });
    expect(screen.queryByRole('button', { name: 'Older' })).toBeNull();
  });

  it('does not list older ones of another filter that come too late', async () => {
    let answer: () => void = () => {};
    const search = jest.fn(async (input: Parameters<AuditApi['search']>[0]) => {
      if (input.before !== undefined) {
        await new Promise<void>(done => {
          answer = done;
        });
        return { items: [record(8)], next: 8 };
      }
      return input.actor
        ? { items: [record(4)], next: 4 }
        : { items: [record(9)], next: 9 };
    });
    show({ search });
    await userEvent.click(await screen.findByRole('button', { name: 'Older' }));
    await userEvent.type(screen.getByLabelText('Who'), 'ann');
    await waitFor(() =>
      expect(search).toHaveBeenLastCalledWith(
        { actor: 'user:default/ann' },
        expect.anything(),
      ),
    );
    await waitFor(async () => expect(await rows()).toHaveLength(1));
    await act(async () => answer());
    expect(await rows()).toHaveLength(1);
    // Of this one, older ones are listed as ever.
    await userEvent.click(await screen.findByRole('button', { name: 'Older' }));
    expect(search.mock.lastCall?.[0]).toEqual({
      ...{ actor: 'user:default/ann', before: 4 },
    });
    await act(async () => answer());
    await waitFor(async () => expect(await rows()).toHaveLength(2));
  });

  it('shows all of one record beside the list, and leads to what belongs to it', async () => {
    const whole = record(3, {
      reason: 'the release was late',
      correlation: 'trip-000001',
      error: { name: 'ConflictError', message: 'It is being deployed.' },
      outcome: 'failed',
      meta: { version: '1.4.2' },
    });
    const search = jest.fn(async () => ({ items: [whole] }));
    show({
      search,
      record: async () => ({ record: whole, prev: 'a'.repeat(64) }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: /version deploy/ }),
    );
    const drawer = await screen.findByRole('dialog', { name: 'Record' });
    for (const words of [
      'the release was late',
      'ConflictError: It is being deployed.',
      /"version": "1\.4\.2"/,
      whole.hash,
      'a'.repeat(64),
    ]) {
      expect(await within(drawer).findByText(words)).toBeVisible();
    }
    // The list stays as it is, with whatever older ones it has.
    expect(search).toHaveBeenCalledTimes(1);
    await userEvent.click(
      within(drawer).getByRole('button', { name: /same request/ }),
    );
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        '?correlation=trip-000001',
      ),
    );
  });

  it('shows what was done to one secret of a service, as its address says', async () => {
    const search = jest.fn(async () => ({ items: [record(1)] }));
    show({ search }, { search: '?service=cart&environment=qa&key=API_KEY' });
    expect(await screen.findByLabelText('Secret')).toHaveValue('API_KEY');
    await waitFor(() =>
      expect(search).toHaveBeenCalledWith(
        expect.objectContaining({
          ...{ service: 'component:default/cart', environment: 'qa' },
          key: 'API_KEY',
        }),
        expect.anything(),
      ),
    );
    fireEvent.change(screen.getByLabelText('Secret'), {
      target: { value: '' },
    });
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        '?service=cart&environment=qa',
      ),
    );
  });

  it('says why records cannot be read, and tries again', async () => {
    let broken = true;
    show({
      search: async () => {
        if (broken) throw new Error('No connection.');
        return { items: [record(1)] };
      },
    });
    expect(
      await screen.findByText('The records could not be read'),
    ).toBeVisible();
    expect(screen.getByText(/Recording goes on/)).toBeVisible();
    broken = false;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await rows()).toHaveLength(1);
  });
});

describe('the chain on the audit page', () => {
  it('is verified on request, and names what is wrong', async () => {
    show({
      verify: async () => ({
        ok: false,
        summary: 'Record 17 was changed.',
        checked: 16,
        checkpoints: 1,
        from: 1,
        to: 1234,
        tookMs: 5,
      }),
    });
    expect(await screen.findByText(/1,234 records in the chain/)).toBeVisible();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Verify' }),
    );
    expect(await screen.findByText(/Record 17 was changed/)).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('audit-chain-broken'));
  });

  it('is not said to be well where something is to be looked into', async () => {
    show({
      verify: async () => ({
        ok: true,
        summary: '16 records are as they were written. A file lacks some.',
        warnings: ['A file lacks some.'],
        ...{ checked: 16, checkpoints: 1, from: 1, to: 16, tookMs: 5 },
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Verify' }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(/A file lacks some\. ?What to do about it/);
    expect(
      within(alert).getByTestId('ReportProblemOutlinedIcon'),
    ).toBeVisible();
  });

  it('says when nothing can be recorded, and what that stops', async () => {
    const state = await ledger().chain({});
    show({
      chain: async () => ({
        ...state,
        intake: { writes: false, problem: 'the disk is full', spooled: 4 },
        rejected: 2,
        unsealed: {
          count: 5,
          oldestAt: new Date(Date.now() - 120_000).toISOString(),
        },
      }),
    });
    expect(
      await screen.findByText(
        /Nothing can be recorded at this moment: the disk is full/,
      ),
    ).toHaveTextContent('4 records are kept aside');
    expect(
      screen.getByText(/2 records were put into the ledger/),
    ).toBeVisible();
    expect(screen.getByText(/5 records wait for their place/)).toBeVisible();
  });
});
