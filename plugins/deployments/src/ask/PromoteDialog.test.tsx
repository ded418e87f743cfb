import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deployment, environment, idOf } from '../__testUtils__/deployments';
import { show } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { PromoteDialog } from './PromoteDialog';

describe('asking for a promotion', () => {
  it('takes over what was changed by hand where it goes, if that is said', async () => {
    const promote = jest.fn(async () => ({
      deployment: deployment({ id: idOf(4) }),
    }));
    const drift = {
      ...{ state: 'differs' as const, summary: 'spec.replicas', changes: [] },
      at: '2026-01-01T00:00:00Z',
    };
    show(
      <PromoteDialog
        running={deployment()}
        environments={[
          environment('staging'),
          environment('qa'),
          environment('production'),
        ]}
        onClose={() => {}}
      />,
      {
        promote,
        status: async () => ({
          items: ['staging', 'production'].map(name => ({
            ...{ service: 'component:default/cart', environment: name, drift },
          })),
        }),
      },
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(await dialog.findByLabelText(/Environment/)).toHaveTextContent('qa');
    expect(dialog.queryByLabelText(/Take over/)).toBeNull();
    await userEvent.click(dialog.getByLabelText(/Environment/));
    await userEvent.click(
      await screen.findByRole('option', { name: /production/ }),
    );
    await userEvent.click(await dialog.findByLabelText(/Take over/));
    await userEvent.click(
      dialog.getByRole('button', { name: 'Promote 1.4.2 to production' }),
    );
    expect(promote).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ from: 'staging', environment: 'production', takeOver: true },
      }),
    );
  });

  const open = async (rest: Partial<DeploymentsApi>) => {
    show(
      <PromoteDialog
        running={deployment()}
        environments={[environment('staging'), environment('production')]}
        onClose={() => {}}
      />,
      rest,
    );
    return within(await screen.findByRole('dialog'));
  };

  it('says beforehand whether the checks hold there, and what would differ', async () => {
    const known = { known: true as const };
    const preview = jest.fn<
      ReturnType<DeploymentsApi['preview']>,
      Parameters<DeploymentsApi['preview']>
    >(async (_, onCheck) => {
      const image = {
        ...{ name: 'image', state: 'succeeded' as const, evidence: [] },
        summary: 'It is there',
      };
      onCheck(image);
      return {
        ...{ ok: true, version: '1.4.2', summary: 'All checks hold' },
        checks: [image],
        commits: { ...known, added: [], removed: [], more: false },
        manifests: { ...known, diff: '-replicas: 1\n+replicas: 2\n' },
      };
    });
    const dialog = await open({ preview, status: async () => ({ items: [] }) });
    await userEvent.click(
      await dialog.findByRole('button', { name: 'Check and compare' }),
    );
    expect(await dialog.findByText('image: It is there')).toBeVisible();
    expect(await dialog.findByText(/\+replicas: 2/)).toBeVisible();
    expect(preview.mock.calls.map(([asked]) => asked)).toEqual([
      {
        service: 'component:default/cart',
        ...{ environment: 'production', from: 'staging' },
      },
    ]);
  });

  it('says that it is not known what runs where that cannot be read, and reads it again', async () => {
    let isAway = true;
    const dialog = await open({
      status: async () => {
        if (isAway) throw new Error('The database is locked.');
        return { items: [] };
      },
    });
    expect(
      await dialog.findByText('What runs of cart could not be read'),
    ).toBeVisible();
    isAway = false;
    await userEvent.click(dialog.getByRole('button', { name: 'Try again' }));
    await waitFor(() =>
      expect(dialog.queryByText(/could not be read/)).toBeNull(),
    );
  });
});
