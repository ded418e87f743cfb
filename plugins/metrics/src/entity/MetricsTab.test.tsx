import { EntityProvider } from '@backstage/plugin-catalog-react';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { answers, detail, scope, show } from '../__testUtils__/show';
import { metricsPlugin } from '../plugin';
import { MetricsTab } from './MetricsTab';

const CART = 'component:default/cart';

describe('the tab of a service', () => {
  const open = (more: Parameters<typeof answers>[1] = {}, at = '/') => {
    const summary = jest.fn(answers().summary!);
    const teams = jest.fn(answers().teams!);
    show(
      <EntityProvider
        entity={{
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: { name: 'cart', namespace: 'default' },
        }}
      >
        <MetricsTab />
      </EntityProvider>,
      answers({}, { summary, teams, ...more }),
      { at },
    );
    return { summary, teams };
  };
  const card = (name: string) => screen.findByRole('region', { name });

  it('is one of those that the plugin brings', () => {
    expect(
      metricsPlugin.getExtension('entity-content:metrics/metrics'),
    ).toBeDefined();
  });

  it('has all numbers of that service and no table, and nothing else can be chosen', async () => {
    const { summary, teams } = open({}, '/?days=30&of=group:default/shop');
    expect(await card('Deployment frequency')).toBeVisible();
    expect(await card('Rework rate')).toBeVisible();
    expect(summary.mock.calls).toEqual([
      [expect.objectContaining({ slice: CART, days: 30 })],
    ]);
    expect(teams).not.toHaveBeenCalled();
    expect(screen.queryByRole('table')).toBeNull();
    expect(
      screen.queryByRole('combobox', { name: 'Team, system or service' }),
    ).toBeNull();
    expect(screen.getByLabelText('Time')).toBeVisible();
  });

  it('leads to what is behind a number of the service', async () => {
    const details = jest.fn(async () => ({ scope, items: [detail()] }));
    open({ details });
    const frequency = await card('Deployment frequency');
    await userEvent.click(
      within(frequency).getByRole('button', { name: 'Deployments' }),
    );
    const list = await screen.findByRole('dialog');
    expect(await within(list).findByText(/1\.4\.2/)).toBeVisible();
    expect(details).toHaveBeenCalledWith(
      expect.objectContaining({ slice: CART, key: 'frequency' }),
    );
  });
});
