import { SecretSync } from '@highroad/plugin-secrets-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CART,
  FORBIDDEN,
  listed,
  rotation,
  runbook,
  secret,
  show,
} from '../__testUtils__/show';
import { ServiceSecrets } from './ServiceSecrets';

describe('the secrets of a service', () => {
  it('stand in a table, by key and environment, with what is missing or behind', async () => {
    show(
      <ServiceSecrets service={CART} />,
      listed([
        secret({ sync: 'behind' }),
        secret({
          ...{ key: 'TOKEN', environment: 'production', state: 'deleted' },
          ...{ deletedAt: '2026-05-02T10:00:00.000Z', deletedBy: 'jonas' },
        }),
      ]),
    );
    const table = await screen.findByRole('table', {
      name: 'Keys by environment',
    });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(
      /API_KEY.*version 3, not in the cluster yet.*missing/,
    );
    expect(second).toHaveTextContent(/TOKEN.*missing.*deleted.* by jonas/);
  });

  it('say which are deleted, and still in the cluster', async () => {
    const deleted = { state: 'deleted', sync: 'behind' } as const;
    show(<ServiceSecrets service={CART} />, listed([secret(deleted)]));
    const [, row] = within(await screen.findByRole('table')).getAllByRole(
      'row',
    );
    expect(row).toHaveTextContent('deleted, still in the cluster');
    expect(within(row).getByTestId('SyncProblemOutlinedIcon')).toBeVisible();
  });

  it('say which are brought nowhere any more', async () => {
    show(<ServiceSecrets service={CART} />, listed([secret({ sync: 'left' })]));
    const [, row] = within(await screen.findByRole('table')).getAllByRole(
      'row',
    );
    expect(row).toHaveTextContent('version 3, brought nowhere any more');
  });

  it('say which cannot be seen and why, and call none of these missing', async () => {
    const reference = { object: 'Deployment cart', secret: 'cart' };
    show(<ServiceSecrets service={CART} />, {
      ...listed(
        [secret()],
        [],
        [],
        [
          { environment: 'staging', key: 'TOKEN', why: 'Vault refused it.' },
          { environment: 'production', why: 'Vault refused all.' },
        ],
      ),
      uses: async () => [
        {
          ...{ environment: 'staging', version: '1.5.0', at: '2026-05-01' },
          references: [
            { ...reference, key: 'TOKEN', optional: false },
            { ...reference, optional: false },
          ],
        },
      ],
    });
    const [, first, second] = within(
      await screen.findByRole('table'),
    ).getAllByRole('row');
    expect(first).toHaveTextContent(
      /^API_KEYversion 3.*unknown: Vault refuses it$/,
    );
    expect(second).toHaveTextContent(
      /^TOKENunknown: Vault refuses itunknown: Vault refuses it$/,
    );
    const alert = screen.getByText(/TOKEN in staging cannot be seen/);
    expect(alert).toHaveTextContent('Vault refused it. What to do about it');
    expect(within(alert).getByRole('link')).toHaveAttribute(
      ...(['href', runbook('vault-permission-denied')] as const),
    );
    expect(
      screen.getByText(/What there is in production cannot be seen: Vault/),
    ).toBeVisible();
    expect(screen.queryByText(/none is set in/)).toBeNull();
  });

  it('say why a cluster is behind, and where it says what to do', async () => {
    const sync: SecretSync = {
      ...{ environment: 'staging', cluster: 'main', secret: 'cart' },
      ...{ namespace: 'cart-staging', state: 'behind' },
      message: 'The cluster does not answer. It is tried again by itself.',
    };
    show(<ServiceSecrets service={CART} />, listed([secret()], [sync]));
    const alert = await screen.findByText(/staging is behind/);
    // When it is tried again differs, so it is part of what is answered.
    expect(alert).toHaveTextContent(
      'staging is behind (cart-staging): The cluster does not answer. It is tried again by itself. What to do about it',
    );
    expect(
      within(alert).getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', runbook('secrets-behind'));
  });

  it('say what uses them, and first of all what programs lack, before it is deployed', async () => {
    const reference = { object: 'Deployment cart', secret: 'cart' };
    show(<ServiceSecrets service={CART} />, {
      ...listed([secret(), secret({ environment: 'production' })]),
      uses: async () => [
        {
          ...{ environment: 'staging', version: '1.5.0', at: '2026-05-01' },
          references: [
            { ...reference, key: 'API_KEY', optional: false },
            { ...reference, key: 'ZONE', optional: false },
          ],
        },
      ],
    });
    const [, first, second] = within(
      await screen.findByRole('table'),
    ).getAllByRole('row');
    expect(first).toHaveTextContent(
      /ZONE.*missing.*Deployment cart of 1\.5\.0 needs it.*missing.*needs it \(deployed to staging\)/,
    );
    expect(second).toHaveTextContent(
      /API_KEY.*version 3.*used by Deployment cart.*version 3/,
    );
    expect(
      screen.getByRole('button', { name: 'Set ZONE in production' }),
    ).toBeVisible();
  });

  it('are not said to be lacked where the platform makes them with the first deployment', async () => {
    const reference = { object: 'Deployment cart', secret: 'cart' };
    show(<ServiceSecrets service={CART} />, {
      ...listed([secret()], [], [], [], ['API_KEY']),
      uses: async () => [
        {
          ...{ environment: 'staging', version: '1.5.0', at: '2026-05-01' },
          references: [{ ...reference, key: 'API_KEY', optional: false }],
        },
      ],
    });
    const [, row] = within(await screen.findByRole('table')).getAllByRole(
      'row',
    );
    expect(row).toHaveTextContent(
      /API_KEY.*version 3.*made with the first deployment/,
    );
    expect(row).not.toHaveTextContent(/missing|needs it/);
  });

  it('are said to be lacked where programs take all there are and there is none', async () => {
    show(<ServiceSecrets service={CART} />, {
      ...listed([secret()]),
      uses: async () => [
        {
          ...{ environment: 'staging', version: '1.5.0', at: '2026-05-01' },
          references: [
            { object: 'Deployment cart', secret: 'cart', optional: false },
            { object: 'Job move', secret: 'cart', optional: true },
          ],
        },
      ],
    });
    expect(
      await screen.findByText(/takes every key that there is/),
    ).toHaveTextContent(
      'Deployment cart of 1.5.0 takes every key that there is, and none is set in production: it cannot start there, and a deploy of it is refused.',
    );
  });

  it('are said to be lacked by what was looked at for an environment since it was last deployed there', async () => {
    const at = { environment: 'production', version: '1.4.0' };
    show(<ServiceSecrets service={CART} />, {
      ...listed([secret()]),
      uses: async () => [
        { ...at, at: '2026-04-01', references: [] },
        {
          ...{ ...at, version: '1.5.0', at: '2026-05-01', checked: true },
          references: [
            { object: 'Deployment cart', secret: 'cart', optional: false },
          ],
        },
      ],
    });
    expect(
      await screen.findByText(/takes every key that there is/),
    ).toHaveTextContent(/Deployment cart of 1\.5\.0 .*set in production/);
  });

  it('are shown also where nobody can say what uses them', async () => {
    show(<ServiceSecrets service={CART} />, {
      ...listed(),
      uses: async () => {
        throw new Error('It does not answer.');
      },
    });
    expect(
      await screen.findByText(/programs use these keys cannot be seen/),
    ).toBeVisible();
    expect(screen.getByText('API_KEY')).toBeVisible();
  });

  it('are said to be none, with what happens when one is set', async () => {
    show(<ServiceSecrets service={CART} />, listed([]));
    expect(await screen.findByText(/cart has no secrets yet/)).toBeVisible();
  });

  it('cannot be changed by who may only look', async () => {
    show(<ServiceSecrets service={FORBIDDEN} />, listed());
    await screen.findByRole('table');
    expect(screen.queryByRole('button', { name: 'Set a secret' })).toBeNull();
    await userEvent.click(
      screen.getByRole('button', { name: /What to do with/ }),
    );
    expect(
      (await screen.findAllByRole('menuitem')).map(item => item.textContent),
    ).toEqual(['History…']);
  });

  it('say what is wrong where they cannot be read', async () => {
    show(<ServiceSecrets service={CART} />, {
      list: async () => {
        throw new Error('Vault is sealed.');
      },
    });
    expect(await screen.findByText(/Vault is sealed/)).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', runbook('platform-does-not-answer'));
  });

  it('is shown with its rule, where it is due and where something keeps it from happening', async () => {
    const api = listed([
      ...['API_KEY', 'TOKEN', 'TODAY'].map(key => secret({ key })),
      secret({ key: 'UNUSED', state: 'deleted' }),
    ]);
    api.rotations.mockResolvedValue({
      items: [
        rotation(),
        rotation({
          ...{ key: 'TODAY', everyDays: undefined, cron: '0 3 * * *' },
          dueAt: new Date(Date.now() + 5.5 * 3_600_000).toISOString(),
        }),
        rotation({
          ...{ key: 'TOKEN', overdue: true, problem: 'Vault is sealed.' },
          dueAt: new Date(Date.now() - 2.5 * 86_400_000).toISOString(),
        }),
        rotation({
          ...{ key: 'UNUSED', waiting: true },
          dueAt: new Date(Date.now() - 2.5 * 86_400_000).toISOString(),
        }),
      ],
    });
    show(<ServiceSecrets service={CART} />, api);
    // What needs somebody first.
    const [, late, today, first, deleted] = within(
      await screen.findByRole('table'),
    ).getAllByRole('row');
    expect(first).toHaveTextContent('replaced every 30 days, next in 5 days');
    expect(today).toHaveTextContent(
      'replaced at "0 3 * * *" (UTC), due in 5 hours',
    );
    expect(late).toHaveTextContent(
      /every 30 days, overdue, was due 2 days ago: Vault is sealed\./,
    );
    expect(deleted).toHaveTextContent(
      'every 30 days, waits until it is put back, due 2 days ago',
    );
    expect(
      within(late).getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', runbook('secret-not-replaced'));
  });

  it('stand with what needs somebody first, and with what is lent to which environments on demand', async () => {
    const api = listed(
      ['FINE', 'LATE', 'BEHIND', 'LENT'].map(key =>
        secret({ key, sync: key === 'BEHIND' ? 'behind' : 'synced' }),
      ),
      [],
      [
        {
          ...{ environment: 'staging', key: 'LENT' },
          to: ['pr-1', 'pr-2', 'pr-3', 'pr-4', 'pr-5'],
        },
      ],
    );
    api.rotations.mockResolvedValue({
      items: [rotation({ key: 'LATE', overdue: true })],
    });
    show(<ServiceSecrets service={CART} />, {
      ...api,
      uses: async () => [
        {
          ...{ environment: 'staging', version: '1.5.0', checked: true },
          ...{ at: new Date(Date.now() - 3.5 * 3_600_000).toISOString() },
          references: [
            {
              ...{ object: 'Deployment cart', secret: 'cart', key: 'NEEDED' },
              optional: false,
            },
          ],
        },
      ],
    });
    const rows = within(await screen.findByRole('table')).getAllByRole('row');
    expect(
      rows.slice(1).map(row => within(row).getByRole('rowheader').textContent),
    ).toEqual(['NEEDED', 'LATE', 'BEHIND', 'FINE', 'LENT']);
    expect(rows[5]).toHaveTextContent('lent to pr-1, pr-2, pr-3 and 2 more');
    expect(
      screen.getByText(/What its programs need is known from/),
    ).toHaveTextContent('1.5.0 (looked at for staging 3 hours ago).');
  });

  it('say that it is not known what programs need where nobody looked at their manifests', async () => {
    show(<ServiceSecrets service={CART} />, listed());
    expect(
      await screen.findByText(/What its programs need is not known yet/),
    ).toBeVisible();
  });
});
