import { Diagnosis } from '@highroad/plugin-deployments-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { ago, deployment, idOf } from '../__testUtils__/deployments';
import { component, FORBIDDEN, showOnEntity } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { operateTab } from '../plugin';

const service = 'component:default/cart';
const before = deployment({
  id: idOf(2),
  version: '1.4.1',
  manifestsDigest: 'ee'.repeat(32),
  requestedAt: ago(9_000),
  endedAt: ago(8_900),
});
const failing = (rest: Partial<Diagnosis> = {}): Diagnosis => ({
  service,
  environment: 'staging',
  namespace: 'cart-staging',
  at: ago(0),
  verdict: {
    health: 'failing',
    cause: 'crash-loop',
    summary:
      'cart crashes again and again (Error, exit code 1), 5 restarts. Its last words: panic: no database',
    fix: 'Its last lines say more.',
  },
  running: deployment(),
  pods: {
    known: true,
    items: [
      {
        name: 'cart-5f7',
        phase: 'Running',
        ready: false,
        restarts: 5,
        createdAt: ago(600),
        digests: [],
        node: 'node-1',
        reasons: ['cart: CrashLoopBackOff'],
      },
    ],
  },
  events: {
    known: true,
    items: [
      {
        at: ago(30),
        object: 'Pod cart-5f7',
        reason: 'BackOff',
        message: 'back-off restarting failed container',
        warning: true,
        count: 4,
      },
    ],
  },
  alerts: {
    known: true,
    items: [
      {
        name: 'HighErrorRate',
        severity: 'page',
        since: ago(60),
        // eslint-disable-next-line no-script-url
        runbook: 'javascript:alert(1)',
      },
    ],
  },
  onCall: {
    known: true,
    items: [
      { name: 'Anna', level: 1, page: 'https://acme.pagerduty.com/users/P1' },
    ],
  },
  changes: [deployment()],
  log: { known: true, items: ['starting', 'panic: no database'] },
  logOf: 'cart-5f7, container cart',
  ...rest,
});
const api = (
  diagnosis: Diagnosis = failing(),
  rest: Partial<DeploymentsApi> = {},
): Partial<DeploymentsApi> => ({
  status: async () => ({
    items: [{ service, environment: 'staging', running: deployment() }],
  }),
  list: async () => ({ items: [deployment(), before] }),
  rollbackTargets: async () => ({
    ...{ undone: deployment(), proposed: before, offered: [before] },
  }),
  diagnose: jest.fn(async () => ({ diagnosis })),
  ...rest,
});

describe('the tab for operating', () => {
  it('says first in words why it fails, and what stands behind it', async () => {
    showOnEntity(operateTab, api());
    const verdict = await screen.findByText(/cart crashes again and again/);
    expect(verdict.closest('[role=status]')).toHaveTextContent(
      /^Failing.*Its last lines say more\. What to do about it$/,
    );
    expect(
      screen.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('deployment-failed'));
    const pods = within(screen.getByRole('table', { name: 'Pods' }));
    expect(pods.getByRole('rowheader', { name: 'cart-5f7' })).toBeVisible();
    expect(pods.getByText('cart: CrashLoopBackOff')).toBeVisible();
    expect(pods.getByText('not ready (Running)')).toBeVisible();
    expect(
      within(screen.getByRole('table', { name: 'Events' })).getByText(
        'back-off restarting failed container',
      ),
    ).toBeVisible();
    expect(screen.getByRole('link', { name: /Anna/ })).toHaveAttribute(
      'href',
      'https://acme.pagerduty.com/users/P1',
    );
    expect(screen.getByLabelText('Last lines of the log')).toHaveTextContent(
      'starting panic: no database',
    );
    expect(
      within(screen.getByRole('table', { name: 'Deployments' })).getByText(
        '1.4.2 to staging',
      ),
    ).toBeVisible();
    // What is no address of a page is not followed.
    expect(screen.queryByRole('link', { name: 'Runbook' })).toBeNull();
  });

  it('leads to no help where all is well', async () => {
    const verdict = { summary: 'All well.' };
    showOnEntity(
      operateTab,
      api(
        failing({ verdict: { ...verdict, health: 'healthy', cause: 'none' } }),
      ),
    );
    await screen.findByText('All well.');
    expect(
      screen.queryByRole('link', { name: 'What to do about it' }),
    ).toBeNull();
  });

  it('leads to help where what can be put back cannot be read', async () => {
    const rollbackTargets = async () => {
      throw new Error('The portal does not answer.');
    };
    showOnEntity(operateTab, api(failing(), { rollbackTargets }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back…' }),
    );
    const dialog = within(await screen.findByRole('dialog'));
    expect(
      await dialog.findByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('does-not-answer'));
  });

  it('says what was changed by hand, field by field', async () => {
    showOnEntity(
      operateTab,
      api(
        failing({
          drift: {
            state: 'differs',
            summary: 'Deployment cart was changed (spec.replicas is 5, not 2)',
            at: ago(20),
            changes: [
              {
                object: 'Deployment cart',
                change: 'changed',
                fields: [{ path: 'spec.replicas', before: '2', after: '5' }],
              },
              { object: 'ConfigMap settings', change: 'removed', fields: [] },
            ],
          },
        }),
      ),
    );
    const table = within(
      await screen.findByRole('table', { name: 'What was changed by hand' }),
    );
    expect(
      table.getByRole('row', { name: 'Deployment cart spec.replicas 2 5' }),
    ).toBeVisible();
    expect(
      table.getByRole('row', {
        name: 'ConfigMap settings all of it there removed',
      }),
    ).toBeVisible();
  });

  it('rolls back with two clicks', async () => {
    const rollback = jest.fn(async () => ({ deployment: before }));
    showOnEntity(operateTab, api(failing(), { rollback }));
    await userEvent.click(
      await screen.findByRole('button', { name: 'Roll back…' }),
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Put 1.4.1 back' }),
    );
    expect(rollback).toHaveBeenCalledWith(
      expect.objectContaining({ service, environment: 'staging', to: idOf(2) }),
    );
  });

  it('says what is not known, and what to connect', async () => {
    showOnEntity(
      operateTab,
      api(
        failing({
          alerts: {
            known: false,
            why: 'No Prometheus is connected.',
            connect: 'Write its address into platform.prometheus.url.',
          },
          onCall: { known: false, why: 'PagerDuty is not connected.' },
          log: { known: false, why: 'No pod has printed anything.' },
          logOf: undefined,
          events: { known: true, items: [] },
        }),
      ),
    );
    expect(
      await screen.findByText(
        'Not known: No Prometheus is connected. Write its address into platform.prometheus.url.',
      ),
    ).toBeVisible();
    expect(
      screen.getByText(/Not known: PagerDuty is not connected/),
    ).toBeVisible();
    expect(
      screen.getByText('Kubernetes keeps none of the last hour.'),
    ).toBeVisible();
  });

  it('looks at another environment, and begins where something is wrong', async () => {
    const asked = api(failing(), {
      status: async () => ({
        items: [
          { service, environment: 'staging', running: deployment() },
          {
            service,
            environment: 'production',
            latest: deployment({
              id: idOf(7),
              environment: 'production',
              state: 'failed',
            }),
          },
        ],
      }),
    });
    showOnEntity(operateTab, asked);
    expect(
      await screen.findByRole('tab', { name: 'production', selected: true }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('tab', { name: 'staging' }));
    expect(
      await screen.findByRole('tab', { name: 'staging', selected: true }),
    ).toBeVisible();
    expect(asked.diagnose).toHaveBeenLastCalledWith(
      { service, environment: 'staging' },
      expect.anything(),
    );
  });

  it('leaves the way back open where nothing can be found out', async () => {
    showOnEntity(
      operateTab,
      api(failing(), {
        diagnose: async () => {
          throw new Error('The line is cut.');
        },
      }),
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'How cart is doing in staging could not be found out',
    );
    expect(screen.getByRole('button', { name: 'Roll back…' })).toBeVisible();
  });

  it('offers no change to those who may not', async () => {
    const place = { service: FORBIDDEN, environment: 'staging' };
    showOnEntity(
      operateTab,
      api(failing(), {
        status: async () => ({
          items: [{ ...place, running: deployment(place) }],
        }),
      }),
      component('vault', 'safe'),
    );
    await screen.findByText(/cart crashes again and again/);
    expect(screen.queryByRole('button', { name: /…$/ })).toBeNull();
  });
});
