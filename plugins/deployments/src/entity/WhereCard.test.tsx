import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  ago,
  deployment,
  environment as environmentOf,
  idOf,
} from '../__testUtils__/deployments';
import { component, showOnEntity } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { whereCard } from '../plugin';

const service = 'component:default/cart';
const before = deployment({
  id: idOf(2),
  version: '1.4.1',
  manifestsDigest: 'ee'.repeat(32),
  requestedAt: ago(9_000),
  endedAt: ago(8_900),
});
const full: Partial<DeploymentsApi> = {
  status: async () => ({
    items: [{ service, environment: 'staging', running: deployment() }],
  }),
  list: async () => ({ items: [deployment(), before] }),
  rollbackTargets: async () => ({
    ...{ undone: deployment(), proposed: before, offered: [before] },
  }),
};
const rowOf = async (environment: string) => {
  const header = await screen.findByRole('rowheader', { name: environment });
  return within(header.closest('tr')!);
};

describe('the card of what runs where', () => {
  it('has each environment with its version, also where nothing runs', async () => {
    showOnEntity(whereCard, full);
    expect(
      (await rowOf('staging')).getByRole('link', { name: '1.4.2' }),
    ).toBeVisible();
    expect(
      (await rowOf('production')).getByText('never deployed'),
    ).toBeVisible();
  });

  it('rolls back with two clicks', async () => {
    const rollback = jest.fn(async () => ({ deployment: before }));
    showOnEntity(whereCard, { ...full, rollback });
    await rowOf('staging');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Roll back cart in staging',
    });
    expect(
      await within(dialog).findByText(/1\.4\.1 takes the place of 1\.4\.2/),
    ).toBeVisible();
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Put 1.4.1 back' }),
    );
    expect(rollback).toHaveBeenCalledWith({
      service,
      environment: 'staging',
      to: idOf(2),
      reason: undefined,
    });
  });

  it('takes what runs in one environment to the next', async () => {
    const promote = jest.fn(async () => ({ deployment: deployment() }));
    showOnEntity(whereCard, { ...full, promote });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Promote…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Promote cart from staging',
    });
    expect(dialog).toHaveTextContent(
      /exactly the image that runs in staging, 1\.4\.2 \(sha256:abababababab\), to production/,
    );
    await userEvent.click(
      within(dialog).getByRole('button', {
        name: 'Promote 1.4.2 to production',
      }),
    );
    expect(promote).toHaveBeenCalledWith(
      expect.objectContaining({ from: 'staging', environment: 'production' }),
    );
  });

  it('shows what is being deployed beside what runs', async () => {
    showOnEntity(whereCard, {
      ...full,
      status: async () => ({
        items: [
          {
            service,
            environment: 'staging',
            running: deployment(),
            latest: deployment({
              id: idOf(3),
              state: 'waiting-for-approval',
              version: '1.5.0',
            }),
          },
        ],
      }),
    });
    expect(
      (await rowOf('staging')).getByText('waiting for approval: 1.5.0'),
    ).toBeVisible();
  });

  it('says what was changed by hand, and what is not known, and nothing where all is as deployed', async () => {
    const drift = (state: 'same' | 'differs' | 'unknown') => ({
      ...{ state, summary: `It is ${state}`, at: ago(9), changes: [] },
    });
    showOnEntity(whereCard, {
      ...full,
      environments: async () => ({
        items: ['test', 'staging', 'production'].map(name =>
          environmentOf(name),
        ),
      }),
      status: async () => ({
        items: (
          [
            ['test', 'same'],
            ['staging', 'differs'],
            ['production', 'unknown'],
          ] as const
        ).map(([name, state]) => ({
          ...{ service, environment: name, running: deployment() },
          drift: drift(state),
        })),
      }),
    });
    expect((await rowOf('staging')).getByText('changed by hand')).toBeVisible();
    expect((await rowOf('staging')).getByTitle('It is differs')).toBeVisible();
    expect(
      (await rowOf('production')).getByText('not known if changed'),
    ).toBeVisible();
    expect((await rowOf('test')).queryByText(/changed/)).toBeNull();
  });

  it('says how pods are, and where what stands there may be old', async () => {
    showOnEntity(whereCard, {
      ...full,
      status: async () => ({
        items: [
          {
            ...{ service, environment: 'staging', running: deployment() },
            pods: { wanted: 2, ready: 1 },
          },
        ],
        unwatched: [{ environment: 'staging', problem: 'It is away.' }],
      }),
    });
    expect(
      (await rowOf('staging')).getByText('1 of 2 pods ready'),
    ).toBeVisible();
    expect(
      screen.getByText(/^How many pods are ready in staging .* It is away\.$/),
    ).toBeVisible();
  });

  it('offers the first step where it was never deployed', async () => {
    showOnEntity(whereCard, {});
    expect(
      await screen.findByRole('heading', { name: 'cart was never deployed' }),
    ).toBeVisible();
    expect(
      await screen.findByRole('button', { name: 'Deploy…' }),
    ).toBeVisible();
  });

  it('shows what to configure where there is nowhere to deploy to', async () => {
    showOnEntity(whereCard, { environments: async () => ({ items: [] }) });
    expect(
      await screen.findByText('No environment is configured'),
    ).toBeVisible();
  });

  it('offers no change to those who may not', async () => {
    const vault = 'component:default/vault';
    showOnEntity(
      whereCard,
      {
        status: async () => ({
          items: [
            {
              service: vault,
              environment: 'staging',
              running: deployment({ service: vault }),
            },
          ],
        }),
      },
      component('vault', 'safe'),
    );
    await rowOf('staging');
    expect(screen.queryByRole('button', { name: /…$/ })).toBeNull();
  });

  it('says why it cannot be read', async () => {
    showOnEntity(whereCard, {
      status: async () => {
        throw new Error('The line is cut.');
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'What runs of cart could not be read',
    );
  });

  it('puts back another of those that are offered, where none is proposed', async () => {
    const rollback = jest.fn(async () => ({ deployment: before }));
    const oldest = deployment({ id: idOf(3), version: '1.4.0' });
    const why = '1.4.1 is being put back already.';
    showOnEntity(whereCard, {
      ...full,
      rollback,
      rollbackTargets: async () => ({
        undone: deployment({ kind: 'rollback', state: 'applying' }),
        ...{ offered: [before, oldest], why },
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      await dialog.findByText(`${why} Choose what to put back.`),
    ).toBeVisible();
    expect(dialog.getByRole('button', { name: 'Put back' })).toBeDisabled();
    await userEvent.click(dialog.getByRole('radio', { name: /^1\.4\.0/ }));
    expect(
      dialog.getByText(/The deployment under way is stopped/),
    ).toBeVisible();
    await userEvent.click(
      dialog.getByRole('button', { name: 'Put 1.4.0 back' }),
    );
    expect(rollback).toHaveBeenCalledWith(
      expect.objectContaining({ to: idOf(3) }),
    );
  });

  it('says when there is nothing to roll back to, and offers no such button', async () => {
    const why =
      'Nothing to roll back to: there is no version of component:default/cart in staging before 1.4.2.';
    showOnEntity(whereCard, {
      ...full,
      rollbackTargets: async () => ({
        ...{ undone: deployment(), offered: [], why },
      }),
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back…' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(await within(dialog).findByText(why)).toBeVisible();
    expect(
      within(dialog)
        .getAllByRole('button')
        .map(button => button.textContent),
    ).toEqual(['Close']);
  });
});
