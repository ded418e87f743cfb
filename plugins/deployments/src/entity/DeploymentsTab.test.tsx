import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deployment, idOf } from '../__testUtils__/deployments';
import { showOnEntity } from '../__testUtils__/show';
import { deploymentsTab } from '../plugin';

const lines = async () =>
  within(await screen.findByRole('table', { name: 'Deployments' }))
    .getAllByRole('rowheader')
    .map(header => header.textContent);

describe('the tab of deployments', () => {
  it('lists what was deployed, and older ones when they are asked for', async () => {
    const list = jest
      .fn()
      .mockResolvedValueOnce({ items: [deployment()], next: idOf(1) })
      .mockRejectedValueOnce(new Error('The disk is gone.'))
      .mockResolvedValueOnce({
        items: [
          deployment({ id: idOf(2), kind: 'rollback', version: '1.3.0' }),
        ],
      });
    showOnEntity(deploymentsTab, { list });
    expect(await lines()).toEqual(['1.4.2 to staging']);
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    expect(
      await screen.findByText('Older deployments could not be read'),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    await waitFor(async () =>
      expect(await lines()).toEqual([
        '1.4.2 to staging',
        'back to 1.3.0 in staging',
      ]),
    );
    expect(list).toHaveBeenLastCalledWith(
      expect.objectContaining({ before: idOf(1) }),
    );
    expect(screen.queryByRole('button', { name: 'Older' })).toBeNull();
  });

  it('says what will be there before there is anything', async () => {
    showOnEntity(deploymentsTab, {});
    expect(
      await screen.findByText(/Each deployment will be listed here/),
    ).toBeVisible();
    expect(await screen.findByText('cart was never deployed')).toBeVisible();
  });

  it('has what was begun meanwhile on top, above the older ones that were read', async () => {
    let begun = false;
    const started = deployment({
      id: idOf(9),
      state: 'queued',
      version: '2.0',
    });
    const list = jest.fn(async ({ before }: { before?: string }) => {
      if (before)
        return { items: [deployment({ id: idOf(2), version: '1.3' })] };
      const items = begun ? [started, deployment()] : [deployment()];
      return { items, next: idOf(1) };
    });
    const place = {
      service: 'component:default/cart',
      environment: 'staging',
      running: deployment({ state: 'succeeded' }),
      latest: deployment({ id: idOf(8), state: 'applying', version: '1.9' }),
    };
    showOnEntity(deploymentsTab, {
      list,
      status: async () => ({
        items: [begun ? { ...place, latest: started } : place],
      }),
    });
    await lines();
    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await waitFor(async () => expect(await lines()).toHaveLength(2));
    begun = true;
    await waitFor(
      async () =>
        expect(await lines()).toEqual([
          '2.0 to staging',
          '1.4.2 to staging',
          '1.3 to staging',
        ]),
      { timeout: 10_000 },
    );
  });
});
