import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { inHours } from '../__testUtils__/environments';
import { show } from '../__testUtils__/show';
import { Leftovers } from './Leftovers';

jest.setTimeout(120_000);

const LOST = {
  ...{ namespace: 'env-lost', environment: 'lost', home: 'environments' },
  ...{ owner: 'group:default/shop', createdAt: inHours(-26), ours: true },
};
const ODD = {
  ...LOST,
  ...{ namespace: 'env-odd', owner: undefined, ours: false },
};

describe('what is left of environments that are gone', () => {
  it('is removed where the platform made it, after it was said what goes', async () => {
    const user = userEvent.setup();
    let items = [LOST, ODD];
    const removed: string[] = [];
    show(<Leftovers />, {
      orphans: async () => ({ items }),
      removeOrphan: async ({ namespace }) => {
        removed.push(namespace);
        items = items.filter(one => one.namespace !== namespace);
        return { namespace };
      },
    });
    const table = await screen.findByRole('table', { name: 'Left over' });
    const [lost, odd] = within(table).getAllByRole('row').slice(1);
    expect(lost).toHaveTextContent(/^env-lostlostshopyesterday/);
    expect(odd).toHaveTextContent(
      'does not say that the platform made it. Look at it, then: kubectl delete namespace env-odd',
    );
    expect(within(odd).queryByRole('button')).not.toBeInTheDocument();
    await user.click(
      within(lost).getByRole('button', { name: 'Remove env-lost' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(
      'Destroys the namespace env-lost with all that is in it, and the databases of lost.',
    );
    await user.click(
      within(dialog).getByRole('button', { name: 'Remove env-lost' }),
    );
    await waitFor(() =>
      expect(screen.queryByText('env-lost')).not.toBeInTheDocument(),
    );
    expect(removed).toEqual(['env-lost']);
    expect(screen.getByText('env-odd')).toBeInTheDocument();
  });

  it('says why it could not be read', async () => {
    show(<Leftovers />, {
      orphans: async () => {
        throw new Error('The cluster is gone.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What is left of environments that are gone could not be readThe cluster is gone.',
    );
  });
});
