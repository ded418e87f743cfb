import { mockApis, renderInTestApp } from '@backstage/frontend-test-utils';
import { AuthorizeResult } from '@backstage/plugin-permission-common';
import { screen } from '@testing-library/react';
import { ledger } from '../__testUtils__/records';
import { auditApiRef } from '../api';
import { ChainStatus } from './ChainStatus';

jest.setTimeout(120_000);

// In a file of its own: what one may do is remembered between tests.
describe('the chain, for those who may not verify it', () => {
  it('says how it is doing, and offers no verifying', async () => {
    renderInTestApp(<ChainStatus />, {
      apis: [
        [auditApiRef, ledger()],
        mockApis.permission({ authorize: AuthorizeResult.DENY }),
      ],
    });
    expect(await screen.findByText(/1,234 records in the chain/)).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Verify' })).toBeNull();
  });
});
