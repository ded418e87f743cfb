import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CART,
  ENVIRONMENTS,
  FORBIDDEN,
  listed,
  secret,
  show,
} from '../__testUtils__/show';
import { ServiceSecrets } from './ServiceSecrets';

describe('comparing', () => {
  const places = [{ name: 'dev', production: false }, ...ENVIRONMENTS];
  const everywhere = (...keys: string[]) => ({
    ...listed(),
    list: jest.fn(async () => ({
      environments: places,
      items: keys.flatMap(key =>
        places.map(({ name }) => secret({ key, environment: name })),
      ),
      ...{ sync: [], lent: [], unseen: [], provided: [] },
    })),
  });
  const rows = async () => {
    const table = await screen.findByRole('table', {
      name: 'Keys by environment',
    });
    return within(table).getAllByRole('row').slice(1);
  };

  it('needs nobody to ask for it, and reads no value', async () => {
    const answer = (to: string, right: string) => ({
      ...{ from: 'dev', to },
      items: [
        {
          ...{ key: 'API_KEY', outcome: 'differs' as const },
          ...{ left: 'one', right },
        },
        {
          ...{ key: 'URL', outcome: 'same' as const },
          ...{ left: 'url', right: 'url' },
        },
      ],
    });
    const diff = jest.fn(async () => answer('staging', 'two'));
    const diffProduction = jest.fn(async () => answer('production', 'two'));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...everywhere('API_KEY', 'URL'), diff, diffProduction },
    });
    // Also between the two that were not compared with each other, whose values are the same.
    await waitFor(async () =>
      expect((await rows())[0]).toHaveTextContent(
        /API_KEY.*differs from staging, production.*differs from dev.*differs from dev$/,
      ),
    );
    expect((await rows())[1]).not.toHaveTextContent('differs');
    const asked = { service: CART, from: 'dev', kept: true };
    expect(diff.mock.calls).toEqual([[{ ...asked, to: 'staging' }]]);
    expect(diffProduction.mock.calls).toEqual([
      [{ ...asked, to: 'production' }],
    ]);
  });

  it('is left out for who may not read values, who is shown the rest', async () => {
    const diff = jest.fn();
    show(<ServiceSecrets service={FORBIDDEN} />, {
      ...{ ...everywhere('API_KEY'), diff, diffProduction: diff },
    });
    expect(await rows()).toHaveLength(1);
    expect(diff).not.toHaveBeenCalled();
    expect(screen.queryByRole('button', { name: 'Compare…' })).toBeNull();
  });

  it('says what it is at, what it cannot say, and of which values it cannot', async () => {
    let answered: (error?: Error) => void = () => {};
    const diff = () =>
      new Promise<never>((_, reject) => {
        answered = () => reject(new Error('Vault is sealed.'));
      });
    const { unmount } = show(<ServiceSecrets service={CART} />, {
      ...{ ...everywhere('API_KEY'), diff },
    });
    expect(await screen.findByText('Comparing environments')).toBeVisible();
    expect(await rows()).toHaveLength(1);
    await act(async () => answered());
    expect(
      await screen.findByText(
        'Which values differ cannot be seen now: Vault is sealed.',
      ),
    ).toBeVisible();
    expect(await rows()).toHaveLength(1);
    unmount();

    show(<ServiceSecrets service={CART} />, {
      ...everywhere('STRAIGHT'),
      diff: async () => ({
        ...{ from: 'dev', to: 'staging' },
        items: [
          {
            ...{ key: 'STRAIGHT', outcome: 'not-comparable' as const },
            ...{ foreignIn: ['staging'], left: 'one' },
          },
        ],
      }),
    });
    expect(
      await screen.findByText(
        /Not compared, since no fingerprint of it is kept yet: STRAIGHT in staging\./,
      ),
    ).toBeVisible();
  });

  it('says which keys differ, and asks for the permission of production', async () => {
    const diffProduction = jest.fn(async () => ({
      ...{ from: 'staging', to: 'production' },
      items: [
        {
          ...{ key: 'API_KEY', outcome: 'differs' as const },
          ...{ left: 'one', right: 'two' },
        },
        {
          ...{ key: 'SHAPE', outcome: 'not-comparable' as const },
          ...{ foreignIn: ['staging'], refusedIn: ['production'] },
        },
        { key: 'TOKEN', outcome: 'missing-right' as const },
        { key: 'URL', outcome: 'same' as const },
      ],
    }));
    const items = ['API_KEY', 'URL'].flatMap(key =>
      ENVIRONMENTS.map(({ name }) => secret({ key, environment: name })),
    );
    show(<ServiceSecrets service={CART} />, {
      ...listed(items),
      diffProduction,
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Compare…' }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Compare' }));
    const table = await screen.findByRole('table', {
      name: 'How keys compare',
    });
    const texts = within(table)
      .getAllByRole('row')
      .map(row => row.textContent);
    expect(texts.slice(1)).toEqual([
      'API_KEYdiffer',
      'SHAPEnot comparable: in a shape of its own in staging, refused by Vault in production',
      'TOKENmissing in production',
      'URLthe same',
    ]);
    expect(diffProduction).toHaveBeenLastCalledWith({
      ...{ service: CART, from: 'staging', to: 'production' },
    });
    // What was found stays in the table, until something is changed.
    await userEvent.click(screen.getByRole('button', { name: 'Cancel' }));
    const keys = await screen.findByRole('table', {
      name: 'Keys by environment',
    });
    const [, differs, same] = within(keys).getAllByRole('row');
    expect(differs).toHaveTextContent(
      /API_KEY.*differs from production.*differs from staging/,
    );
    expect(same).toHaveTextContent('URL');
    expect(same).not.toHaveTextContent('differs');
  });
});
