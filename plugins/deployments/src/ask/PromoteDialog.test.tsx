import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deployment, environment, idOf } from '../__testUtils__/deployments';
import { show } from '../__testUtils__/show';
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
});
