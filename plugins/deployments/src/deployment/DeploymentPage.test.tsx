import {
  Deployment,
  DeploymentDetail,
} from '@highroad/plugin-deployments-common';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import { ago, deployment, detail, idOf } from '../__testUtils__/deployments';
import { FORBIDDEN, show } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { DeploymentPage } from './DeploymentPage';

function page(
  first: Partial<DeploymentDetail>,
  api: Partial<DeploymentsApi> = {},
  options: Pick<NonNullable<Parameters<typeof show>[2]>, 'signals'> = {},
) {
  const shown = detail(first);
  return show(
    <Routes>
      <Route path="/deployments/:id" element={<DeploymentPage />} />
    </Routes>,
    {
      get: async ({ id, after }) => {
        if (id !== shown.id) {
          return {
            deployment: detail({ id, kind: 'rollback', version: '1.4.1' }),
          };
        }
        return after === undefined
          ? { deployment: shown }
          : new Promise(() => {});
      },
      ...api,
    },
    { ...options, at: `/deployments/${shown.id}` },
  );
}
/** The answer to what is where: this, and nothing else. */
const running = (one: Deployment) => async () => ({
  items: [
    {
      service: 'component:default/cart',
      environment: 'staging',
      running: one,
    },
  ],
});
const verdict = () =>
  screen.findByText(/runs in|Failed:|Shifting:|was deployed/);

describe('the page of a deployment', () => {
  it('says that it worked, who asked, and what exactly runs', async () => {
    page({ reason: 'fixes the checkout' });
    expect(await verdict()).toHaveTextContent('1.4.2 runs in staging');
    expect(
      screen.getByRole('heading', { level: 1, name: 'cart: 1.4.2 to staging' }),
    ).toBeVisible();
    const details = screen.getByRole('region', { name: 'Details' });
    for (const words of [
      'fixes the checkout',
      'jonas.lind',
      'sha256:abababababab',
      '94c19f5',
      '30 s',
      'rolling',
    ]) {
      expect(within(details).getByText(words)).toBeVisible();
    }
    expect(
      within(details).getByRole('link', { name: 'Records of this request' }),
    ).toHaveAttribute('href', '/audit?correlation=trip-000001');
  });

  it('is told when another one takes its place, and offers to put this one back', async () => {
    const listeners: Array<() => void> = [];
    let there = deployment();
    page(
      {},
      { status: () => running(there)() },
      {
        signals: {
          subscribe: (_, onMessage: (message: never) => void) => {
            listeners.push(() => onMessage({} as never));
            return { unsubscribe: () => {} };
          },
        },
      },
    );
    expect(
      await screen.findByRole('button', { name: 'Roll back…' }),
    ).toBeVisible();
    there = deployment({ id: idOf(2), version: '1.5.0' });
    act(() => listeners.forEach(tell => tell()));
    expect(
      await screen.findByRole('button', { name: 'Put this version back…' }),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Roll back…' })).toBeNull();
  });

  it('opens the evidence where it failed, and leads to what was put back', async () => {
    page({
      state: 'failed',
      summary: 'The image cannot be pulled. 1.4.1 is put back.',
      undoneBy: idOf(2),
      steps: [
        {
          number: 1,
          name: 'image',
          state: 'succeeded',
          summary: 'It is there',
          startedAt: ago(150),
          endedAt: ago(148),
          evidence: ['sha256:abc'],
        },
        {
          number: 2,
          name: 'ready',
          state: 'failed',
          summary: 'The image cannot be pulled',
          startedAt: ago(148),
          endedAt: ago(120),
          evidence: ['ImagePullBackOff', 'last line of the log'],
        },
      ],
    });
    expect(await verdict()).toHaveTextContent(
      'Failed: The image cannot be pulled. 1.4.1 is put back.',
    );
    expect(screen.getByText(/last line of the log/)).toBeVisible();
    expect(screen.getByText('sha256:abc')).not.toBeVisible();
    const [, failing] = within(
      screen.getByRole('region', { name: 'Steps' }),
    ).getAllByRole('listitem');
    expect(failing).toHaveTextContent(/^Pods readyfailedThe image.*28 s/);
    const related = screen.getByRole('region', { name: 'Belongs together' });
    expect(
      await within(related).findByRole('link', {
        name: 'back to 1.4.1 in staging',
      }),
    ).toHaveAttribute('href', `/deployments/${idOf(2)}`);
    expect(
      screen.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('deployment-failed'));
  });

  it('shows the traffic that a canary gets, and steers it', async () => {
    const steer = jest.fn(async () => ({ deployment: deployment() }));
    page(
      {
        state: 'shifting',
        strategy: 'canary',
        summary: '1 of 2 pods are ready',
        endedAt: undefined,
        progress: {
          wanted: 2,
          updated: 1,
          ready: 1,
          weight: 20,
          step: 2,
          steps: 5,
          paused: true,
        },
      },
      { steer },
    );
    expect(await verdict()).toHaveTextContent('Shifting: 1 of 2 pods');
    expect(
      screen.getByRole('progressbar', { name: 'Traffic to the new version' }),
    ).toHaveAttribute('aria-valuenow', '20');
    expect(
      screen.getByText(/20 % of the requests.*step 2 of 5, paused/),
    ).toBeVisible();
    await userEvent.click(await screen.findByRole('button', { name: 'Go on' }));
    // With the step that is shown, so that no other is left for it.
    expect(steer).toHaveBeenCalledWith({
      ...{ id: idOf(1), action: 'promote', step: 2 },
    });
    expect(await screen.findByText(/^Asked for\. It/)).toBeVisible();
  });

  it('shows the pods that there are while it arrives, and which of them run it', async () => {
    const pod = {
      ...{ phase: 'Running', restarts: 0, createdAt: ago(60), reasons: [] },
      ...{ node: 'node-1', ready: true },
    };
    const { digest } = deployment();
    const items = [
      { ...pod, name: 'cart-old', digests: [`sha256:${'0'.repeat(64)}`] },
      {
        ...{ ...pod, name: 'cart-new', digests: digest ? [digest] : [] },
        ...{ ready: false, restarts: 3, reasons: ['app: CrashLoopBackOff'] },
      },
    ];
    // Who looks at pods does not have everybody asked why something fails.
    const diagnose = jest.fn();
    page(
      { state: 'shifting', endedAt: undefined },
      { pods: async () => ({ pods: { known: true, items } }), diagnose },
    );
    const rows = within(
      await screen.findByRole('table', { name: 'Pods' }),
    ).getAllByRole('row');
    expect(rows.slice(1).map(row => row.textContent)).toEqual([
      expect.stringMatching(/^cart-oldanotherready0/),
      expect.stringMatching(
        /^cart-newthis onenot ready \(Running\)3app: CrashLoopBackOff/,
      ),
    ]);
    expect(diagnose).not.toHaveBeenCalled();
    expect(
      screen.getByRole('link', { name: 'Their events, alerts and log' }),
    ).toHaveAttribute('href', expect.stringMatching(/operate\?env=staging$/));
  });

  it('shows the pods of what runs, and says why where they cannot be seen', async () => {
    page(
      {},
      {
        status: running(deployment()),
        pods: async () => ({
          pods: { known: false, why: 'The cluster does not answer.' },
        }),
      },
    );
    const region = await screen.findByRole('region', { name: 'Pods' });
    expect(region).toHaveTextContent('Not known: The cluster does not answer.');
  });

  it('shows no pods of what runs no more', async () => {
    const pods = jest.fn();
    page(
      {},
      {
        status: running(deployment({ id: idOf(5), version: '1.5.0' })),
        pods,
      },
    );
    await screen.findByRole('link', { name: '1.5.0 runs there' });
    expect(pods).not.toHaveBeenCalled();
  });

  it('draws how traffic was shifted, and says it in words', async () => {
    page({
      strategy: 'canary',
      endedAt: '2026-11-29T10:05:00.000Z',
      traffic: [
        { at: '2026-11-29T10:00:00.000Z', weight: 5 },
        { at: '2026-11-29T10:01:00.000Z', weight: 50 },
        { at: '2026-11-29T10:04:00.000Z', weight: 100 },
      ],
    });
    const words = '5 % for 1 min, then 50 % for 3 min, then 100 % for 1 min';
    expect(await screen.findByRole('img', { name: words })).toBeVisible();
    const items = within(
      screen.getByRole('region', { name: 'Traffic' }),
    ).getAllByRole('listitem', { hidden: true });
    expect(items.map(one => one.textContent)).toEqual([
      ...['5 % for 1 min', '50 % for 3 min', '100 % for 1 min'],
    ]);
  });

  it('draws no traffic where none was shifted', async () => {
    page({ strategy: 'rolling' });
    await verdict();
    expect(screen.queryByRole('region', { name: 'Traffic' })).toBeNull();
  });

  it('says how long a pause lasts that ends by itself, and shifts all traffic at once when asked to', async () => {
    const steer = jest.fn(async () => ({ deployment: deployment() }));
    const progress = {
      ...{ wanted: 2, updated: 1, ready: 1, weight: 20, step: 2, steps: 5 },
      ...{ paused: true, pausedUntil: ago(-330) },
    };
    page(
      {
        ...{ state: 'shifting', strategy: 'canary', endedAt: undefined },
        ...{ summary: 'Waits to go on', progress },
      },
      { steer },
    );
    expect(
      await screen.findByText(
        /step 2 of 5, paused for another 5 min \d+ s, unless somebody goes on/,
      ),
    ).toBeVisible();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Shift all traffic now' }),
    );
    expect(steer).toHaveBeenCalledWith({ id: idOf(1), action: 'promote-full' });
  });

  it('follows what happens', async () => {
    let happen: (next: DeploymentDetail) => void = () => {};
    let asked: number | undefined;
    const begun = { state: 'shifting', endedAt: undefined } as const;
    page(
      {},
      {
        get: async ({ after }) =>
          after === undefined
            ? {
                deployment: detail({ ...begun, summary: 'Waits', revision: 4 }),
              }
            : new Promise(done => {
                asked = after;
                happen = next => done({ deployment: next });
              }),
      },
    );
    expect(await verdict()).toHaveTextContent('Shifting: Waits');
    await waitFor(() => expect(happen.length).toBe(1));
    expect(asked).toBe(4);
    happen(detail({ revision: 5 }));
    await waitFor(async () =>
      expect(await verdict()).toHaveTextContent('1.4.2 runs in staging'),
    );
  });

  it('asks before it stops something, and says what that does', async () => {
    const cancel = jest.fn(async () => ({ deployment: deployment() }));
    page(
      { state: 'applying', summary: 'Applies', endedAt: undefined },
      { cancel },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Cancel…' }),
    );
    const dialog = await screen.findByRole('dialog', {
      name: 'Stop 1.4.2 of cart',
    });
    expect(dialog).toHaveTextContent('what ran before is put back');
    await userEvent.type(within(dialog).getByLabelText(/Reason/), 'wrong one');
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Stop 1.4.2' }),
    );
    expect(cancel).toHaveBeenCalledWith({ id: idOf(1), reason: 'wrong one' });
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('says what runs now instead of one that is history', async () => {
    page(
      {},
      {
        status: running(deployment({ id: idOf(5), version: '1.5.0' })),
      },
    );
    expect(
      await screen.findByRole('link', { name: '1.5.0 runs there' }),
    ).toHaveAttribute('href', `/deployments/${idOf(5)}`);
    expect(
      await screen.findByRole('button', { name: 'Put this version back…' }),
    ).toBeVisible();
  });

  it('offers nothing to those who may not, and says who may', async () => {
    page({ service: FORBIDDEN, state: 'applying', endedAt: undefined });
    expect(
      await screen.findByText(/You may look; who owns the service/),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: /Cancel/ })).toBeNull();
  });

  it('shows what it applied when that is asked for', async () => {
    page(
      {},
      { manifests: async () => ({ digest: 'x', text: 'kind: Deployment' }) },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show what it applied' }),
    );
    expect(await screen.findByText('kind: Deployment')).toBeVisible();
  });

  it('leads to help where what it applied cannot be read', async () => {
    page(
      {},
      {
        manifests: async () => {
          throw new Error('The portal does not answer.');
        },
      },
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Show what it applied' }),
    );
    const failure = within(
      (await screen.findByText('The manifests could not be read'))
        .parentElement ?? document.body,
    );
    expect(
      failure.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('does-not-answer'));
  });

  it('leads to help where it could not be steered', async () => {
    page(
      { state: 'shifting', strategy: 'canary', endedAt: undefined },
      {
        steer: async () => {
          throw new Error('There is nothing to pause.');
        },
      },
    );
    await userEvent.click(await screen.findByRole('button', { name: 'Pause' }));
    const failure = within(
      (await screen.findByText('That was not done')).parentElement ??
        document.body,
    );
    expect(
      failure.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('deployment-failed'));
  });

  it('says why it cannot be read', async () => {
    page(
      {},
      {
        get: async () => {
          throw new Error('There is no deployment 7.');
        },
      },
    );
    expect(
      await screen.findByText('The deployment could not be read'),
    ).toBeVisible();
    expect(screen.getByText(/There is no deployment 7/)).toBeVisible();
  });

  it('keeps what it knows when the portal stops answering', async () => {
    page(
      {},
      {
        get: async ({ after }) => {
          if (after !== undefined) throw new Error('The line is cut');
          return {
            deployment: detail({ state: 'applying', endedAt: undefined }),
          };
        },
      },
    );
    expect(await screen.findByText(/The line is cut/)).toHaveTextContent(
      'What is under way goes on.',
    );
    expect(screen.getByText(/Applying:/)).toBeVisible();
  });
});
