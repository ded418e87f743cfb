import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { inHours } from '../__testUtils__/environments';
import { show } from '../__testUtils__/show';
import { Leftovers } from './Leftovers';

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
      orphans: async () => ({ items, databases: [], problems: [] }),
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

  it('is databases too, removed where they are of this cluster; and which server could not be asked is said', async () => {
    const user = userEvent.setup();
    const uid = '0d9c1a52-6f0e-4a53-9d35-1c2b8f6f5b11';
    const left = { environmentUid: uid, driver: 'server', ours: true };
    let databases = [
      { ...left, names: ['env_lost_main_1'] },
      {
        ...left,
        environmentUid: 'another',
        names: ['env_odd_main_2'],
        ours: false,
      },
    ];
    show(<Leftovers />, {
      orphans: async () => ({
        ...{ items: [], databases },
        problems: ['The other server could not be asked.'],
      }),
      removeOrphanDatabases: async ({ environmentUid }) => {
        databases = databases.filter(
          one => one.environmentUid !== environmentUid,
        );
        return { names: ['env_lost_main_1'] };
      },
    });
    const table = await screen.findByRole('table', {
      name: 'Databases left over',
    });
    expect(
      screen.getByText('The other server could not be asked.'),
    ).toBeVisible();
    const [lost, odd] = within(table).getAllByRole('row').slice(1);
    expect(within(odd).queryByRole('button')).not.toBeInTheDocument();
    await user.click(
      within(lost).getByRole('button', { name: 'Remove env_lost_main_1' }),
    );
    const dialog = await screen.findByRole('dialog');
    await user.click(
      within(dialog).getByRole('button', { name: 'Remove the databases' }),
    );
    await waitFor(() =>
      expect(screen.queryByText('env_lost_main_1')).not.toBeInTheDocument(),
    );
    expect(screen.getByText('env_odd_main_2')).toBeVisible();
  });

  it('says what keeps one that is being removed', async () => {
    const ending = { since: inHours(-2), blocker: 'a pod has a finalizer.' };
    show(<Leftovers />, {
      orphans: async () => ({
        ...{ items: [{ ...LOST, ending }], databases: [], problems: [] },
      }),
    });
    const table = await screen.findByRole('table', { name: 'Left over' });
    expect(table).toHaveTextContent(
      /Its removal began 2 hours ago\. What keeps it: a pod has a finalizer\./,
    );
    expect(within(table).queryByRole('button')).not.toBeInTheDocument();
    expect(
      within(table).getByRole('link', { name: 'What to do' }),
    ).toHaveAttribute('href', expect.stringContaining('does-not-end'));
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
