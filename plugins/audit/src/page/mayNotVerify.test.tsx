import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { act, screen, waitFor } from '@testing-library/react';
import { ReactElement } from 'react';
import { ledger } from '../__testUtils__/records';
import { AuditApi, auditApiRef } from '../api';
import { ChainStatus } from './ChainStatus';
import { Records } from './Records';

const show = (
  page: ReactElement,
  options: { api?: Partial<AuditApi>; at?: string } = {},
) =>
  renderInTestApp(page, {
    apis: [
      [auditApiRef, ledger(options.api)],
      mockApis.permission({ authorize: AuthorizeResult.DENY }),
    ],
    initialRouteEntries: [options.at ?? '/'],
  });

// In a file of its own: what one may do is remembered between tests.
describe('the chain, for those who may not verify it', () => {
  afterEach(() => jest.useRealTimers());

  it('says how it is doing and which key exports are verified with, and offers no verifying', async () => {
    const publicKey = 'ab'.repeat(32);
    const { chain } = ledger();
    show(<ChainStatus />, {
      api: {
        chain: async () => ({
          ...(await chain({})),
          publicKeys: [{ keyId: 'abab', publicKey }],
        }),
      },
    });
    expect(await screen.findByText(/1,234 records in the chain/)).toBeVisible();
    // In pieces, and not before the page has what draws it.
    await waitFor(() =>
      expect(
        screen.getByRole('region', { name: 'Chain of records' }),
      ).toHaveTextContent(`--key ${publicKey}`),
    );
    expect(screen.queryByRole('button', { name: 'Verify' })).toBeNull();
  });

  it('says that nothing can be recorded as soon as that is so, although there are no new records', async () => {
    jest.useFakeTimers({ advanceTimers: true });
    const { chain } = ledger();
    let writes = true;
    show(<ChainStatus newest={7} />, {
      api: {
        chain: async () => ({
          ...(await chain({})),
          intake: { writes, spooled: 0 },
        }),
      },
    });
    await screen.findByText(/1,234 records in the chain/);
    writes = false;
    expect(screen.queryByText(/Nothing can be recorded/)).toBeNull();
    await act(() => jest.advanceTimersByTimeAsync(11_000));
    expect(await screen.findByText(/Nothing can be recorded/)).toBeVisible();
  });
});

describe('the list, for those who may not see everything', () => {
  it('does not say of an empty list that nothing happened', async () => {
    show(<Records service="component:default/cart" />);
    expect(
      await screen.findByText(
        /^There is nothing here that you may see\. .* shown to its owners/,
      ),
    ).toBeVisible();
  });

  it('does not say so of a filter either', async () => {
    show(<Records />, { at: '/?service=cart' });
    expect(
      await screen.findByText(/^Nothing that you may see fits the filter/),
    ).toBeVisible();
  });
});
