import { Attention } from '@highroad/plugin-secrets-common';
import { act, screen, within } from '@testing-library/react';
import { CART, listed, runbook, show } from '../__testUtils__/show';
import { SecretsPage } from './SecretsPage';

describe('the page of secrets', () => {
  /** Nothing needs anybody. */
  const quiet = { attention: async () => ({ items: [] }) };

  it('says what to connect where there is no Vault', async () => {
    show(<SecretsPage />, {
      status: async () => ({
        ...{ state: 'not-connected' as const, environments: [] },
        message: 'No Vault is configured.',
        fix: 'Add platform.vault to app-config.',
      }),
    });
    expect(await screen.findByText('No Vault is connected')).toBeVisible();
    expect(screen.getByText(/Add platform\.vault/)).toBeVisible();
  });

  it('says that Vault is sealed, and where it says what to do, until it is not', async () => {
    let state: 'sealed' | 'no answer' | 'ready' = 'sealed';
    const status = jest.fn(async () => {
      if (state === 'no answer') throw new Error('It is starting again.');
      return {
        ...{ state, message: 'Vault is sealed.', environments: [] },
        ...{ fix: 'Unseal it.', runbook: 'vault-sealed' },
      };
    });
    show(<SecretsPage />, { ...quiet, status });
    jest.useFakeTimers();
    try {
      expect(
        await screen.findByRole('link', { name: 'What to do about it' }),
      ).toHaveAttribute('href', runbook('vault-sealed'));
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.getByText(/Vault is sealed/)).toBeVisible();
      // Where the portal itself does not answer meanwhile, nothing is known to be well.
      state = 'no answer';
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.getByText(/Vault is sealed/)).toBeVisible();
      const asked = status.mock.calls.length;
      expect(asked).toBeGreaterThan(2);
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(status.mock.calls.length).toBeGreaterThan(asked);
      state = 'ready';
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.queryByText(/Vault is sealed/)).not.toBeInTheDocument();
    } finally {
      jest.useRealTimers();
    }
  });

  it('says what is not as it should be while the store answers', async () => {
    show(<SecretsPage />, {
      ...quiet,
      status: async () => ({
        ...{ state: 'ready' as const, message: '', environments: [] },
        warnings: ['qa is no longer configured for the cluster old.'],
      }),
    });
    expect(await screen.findByText(/qa is no longer configured/)).toBeVisible();
  });

  it('shows the service that the address names', async () => {
    show(
      <SecretsPage />,
      {
        ...listed(),
        status: async () => ({
          ...{ state: 'ready' as const, message: '', environments: [] },
        }),
      },
      { at: `/?service=${CART}` },
    );
    expect(await screen.findByText('Keys of cart')).toBeVisible();
  });

  describe('without a service', () => {
    const status = async () => ({
      ...{ state: 'ready' as const, message: '', environments: [] },
    });
    const of = (more: Partial<Attention>): Attention => ({
      ...{ service: CART, environment: 'staging', production: false },
      ...{ key: 'TOKEN', kind: 'overdue', message: 'It is late.', ...more },
    });

    it('says what needs somebody, with the way to each and to what helps, and more where there is more', async () => {
      const attention = jest.fn(async ({ from }: { from?: number }) =>
        from
          ? { items: [of({ kind: 'due', key: 'LAST' })] }
          : {
              items: [
                of({ kind: 'missing', message: 'Deployment cart needs it.' }),
                of({ dueAt: '2026-01-01T00:00:00.000Z' }),
                of({ kind: 'behind', key: undefined }),
              ],
              next: 3,
            },
      );
      show(<SecretsPage />, { status, attention });
      const table = await screen.findByRole('table', {
        name: 'What needs somebody',
      });
      const rows = () => within(table).getAllByRole('row').slice(1);
      expect(rows()[0]).toHaveTextContent(
        /^missing ?cart ?TOKEN ?staging ?Deployment cart needs it\./,
      );
      expect(
        within(rows()[0]).getByRole('link', { name: 'cart' }),
      ).toHaveAttribute('href', `/secrets?service=${encodeURIComponent(CART)}`);
      expect(rows()[1]).toHaveTextContent(/overdue.* ago ?It is late\./);
      expect(
        within(rows()[1]).getByRole('link', { name: 'What to do about it' }),
      ).toHaveAttribute('href', runbook('secret-not-replaced'));
      expect(rows()[2]).toHaveTextContent(/behind.*all keys/);
      screen.getByRole('button', { name: 'Show more' }).click();
      expect(await screen.findByText('LAST')).toBeVisible();
      expect(rows()).toHaveLength(4);
      expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
      expect(attention.mock.calls).toEqual([[{ from: 0 }], [{ from: 3 }]]);
    });

    it('says so where nothing needs anybody, and what cannot be seen', async () => {
      const missingUnknown = 'Which keys are missing cannot be seen now.';
      show(<SecretsPage />, {
        status,
        attention: async () => ({ items: [], missingUnknown }),
      });
      expect(await screen.findByText(/All well/)).toHaveTextContent(
        'All well: of the secrets that you may see, none is overdue, due today, behind.',
      );
      expect(screen.getByText(missingUnknown)).toBeVisible();
    });

    it('says why it cannot be seen', async () => {
      show(<SecretsPage />, {
        status,
        attention: async () => {
          throw new Error('The database is away.');
        },
      });
      expect(await screen.findByText(/The database is away/)).toBeVisible();
      expect(
        screen.getByText('What needs somebody cannot be seen'),
      ).toBeVisible();
    });
  });
});
