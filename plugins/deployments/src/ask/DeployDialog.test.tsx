import { ResponseError } from '@backstage/errors';
import { act, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deployment, environment, idOf } from '../__testUtils__/deployments';
import { FORBIDDEN, show } from '../__testUtils__/show';
import { DeploymentsApi } from '../api';
import { DeployButton } from './DeployButton';
import { DeployDialog } from './DeployDialog';

const CART = 'component:default/cart';
const full: Partial<DeploymentsApi> = {
  environments: async () => ({
    items: [environment('production', { approval: true }), environment('test')],
  }),
  status: async () => ({
    items: [
      {
        service: CART,
        environment: 'test',
        running: deployment({ version: '1.4.1' }),
      },
    ],
  }),
};

const check = (
  name: string,
  state: 'running' | 'succeeded' | 'failed',
  summary: string,
  evidence: string[] = [],
) => ({ name, state, summary, evidence });

async function open(
  api: Partial<DeploymentsApi>,
  given: Parameters<typeof DeployButton>[0] = { service: CART },
) {
  localStorage.clear();
  show(<DeployButton {...given} />, { ...full, ...api });
  await userEvent.click(await screen.findByRole('button', { name: 'Deploy…' }));
  return within(await screen.findByRole('dialog'));
}

describe('asking for a deployment', () => {
  it('offers what runs, says what will happen, and goes to what was begun', async () => {
    const deploy = jest.fn(async () => ({
      deployment: deployment({ id: idOf(4) }),
    }));
    const dialog = await open({ deploy });
    const version = dialog.getByLabelText('Version');
    await userEvent.click(version);
    expect(
      await screen.findByRole('option', { name: /1\.4\.1.*runs in test/ }),
    ).toBeVisible();
    await userEvent.type(version, '1.4.2');
    expect(
      await dialog.findByText(
        /1\.4\.2 replaces 1\.4\.1 in test.*1\.4\.1 is put back/,
      ),
    ).toBeVisible();
    await userEvent.type(dialog.getByLabelText(/Reason/), 'a fix{Enter}');
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        `/deployments/${idOf(4)}`,
      ),
    );
    expect(deploy).toHaveBeenCalledWith({
      service: CART,
      environment: 'test',
      version: '1.4.2',
      reason: 'a fix',
      supersede: false,
      again: false,
      takeOver: false,
    });
  });

  it('says that nothing is done where that version runs, and applies it again only if asked to', async () => {
    const deploy = jest.fn(async () => ({ deployment: deployment() }));
    const dialog = await open(
      { deploy },
      { service: CART, environment: 'test', version: '1.4.1' },
    );
    expect(
      await dialog.findByText(
        /1\.4\.1 runs in test already\. Nothing is done, if/,
      ),
    ).toBeVisible();
    await userEvent.click(dialog.getByLabelText('Apply it again'));
    expect(
      dialog.getByText(/1\.4\.1 runs in test already; it is applied again/),
    ).toBeVisible();
    await userEvent.click(
      dialog.getByRole('button', { name: 'Deploy 1.4.1 to test' }),
    );
    expect(deploy).toHaveBeenCalledWith(
      expect.objectContaining({ version: '1.4.1', again: true }),
    );
  });

  it('says what it repairs only where that was deployed, and that it was not planned', async () => {
    const deploy = jest.fn(async () => ({ deployment: deployment() }));
    const failed = deployment({
      ...{ id: idOf(7), environment: 'test', version: '1.4.1' },
      state: 'failed',
    });
    const dialog = await open(
      {
        deploy,
        list: async () => ({
          items: [
            failed,
            { ...failed, id: idOf(8), environment: 'production' },
          ],
        }),
      },
      { service: CART, environment: 'test', version: '1.4.2' },
    );
    await userEvent.click(
      await dialog.findByLabelText('Fixes an earlier deployment (optional)'),
    );
    expect(await screen.findAllByRole('option')).toHaveLength(2);
    await userEvent.click(
      screen.getByRole('option', { name: /1\.4\.1, failed/ }),
    );
    await userEvent.click(dialog.getByLabelText('Not planned'));
    await userEvent.click(
      dialog.getByRole('button', { name: 'Deploy 1.4.2 to test' }),
    );
    expect(deploy).toHaveBeenCalledWith(
      expect.objectContaining({ fixes: idOf(7), unplanned: true }),
    );
  });

  it('chooses a version by Enter, and sends nothing before it was seen what that comes to', async () => {
    const deploy = jest.fn(async () => ({ deployment: deployment() }));
    const dialog = await open({ deploy });
    await userEvent.type(dialog.getByLabelText('Version'), '1.4.2{Enter}');
    expect(await dialog.findByText(/1\.4\.2 replaces 1\.4\.1/)).toBeVisible();
    expect(deploy).not.toHaveBeenCalled();
  });

  it('does not mean another version by what was said of one that runs', async () => {
    const deploy = jest.fn(async () => ({ deployment: deployment() }));
    const dialog = await open(
      { deploy },
      { service: CART, environment: 'test', version: '1.4.1' },
    );
    await userEvent.click(await dialog.findByLabelText('Apply it again'));
    await userEvent.type(dialog.getByLabelText('Version'), '0');
    expect(dialog.queryByLabelText('Apply it again')).toBeNull();
    await userEvent.click(
      dialog.getByRole('button', { name: 'Deploy 1.4.10 to test' }),
    );
    expect(deploy).toHaveBeenCalledWith(
      expect.objectContaining({ version: '1.4.10', again: false }),
    );
  });

  it.each([
    [
      'was changed by hand',
      {
        drift: {
          state: 'differs' as const,
          summary: 'spec.replicas of Deployment cart',
          at: '2026-01-01T00:00:00Z',
          changes: [],
        },
      },
    ],
    [
      'was refused for it',
      {
        latest: deployment({
          ...{ state: 'failed', refusal: 'field-conflict' },
          summary: 'It was refused.',
        }),
      },
    ],
  ])('offers to take over where something %s', async (_, rest) => {
    const deploy = jest.fn(async () => ({ deployment: deployment() }));
    const dialog = await open(
      {
        deploy,
        status: async () => ({
          items: [{ service: CART, environment: 'test', ...rest }],
        }),
      },
      { service: CART, environment: 'test', version: '2' },
    );
    await userEvent.click(
      await dialog.findByLabelText('Take over what somebody else changed'),
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Deploy 2 to test' }),
    );
    expect(deploy).toHaveBeenCalledWith(
      expect.objectContaining({ takeOver: true }),
    );
  });

  it('offers no taking over where nobody else changed anything', async () => {
    const running = deployment({ version: '1.4.1' });
    const latest = deployment({
      ...{ state: 'failed', summary: 'Somebody else manages the quota.' },
    });
    const dialog = await open(
      {
        status: async () => ({
          items: [{ service: CART, environment: 'test', running, latest }],
        }),
      },
      { service: CART, environment: 'test', version: '2' },
    );
    expect(await dialog.findByText(/2 replaces 1\.4\.1/)).toBeVisible();
    expect(dialog.queryByLabelText(/Take over/)).toBeNull();
  });

  it('says as one types what is no version, and why it cannot be sent', async () => {
    const dialog = await open({});
    expect(await dialog.findByText('Say which version.')).toBeVisible();
    await userEvent.type(dialog.getByLabelText('Version'), 'a/b');
    expect(
      (await dialog.findAllByText(/A version is the tag of an image/))[0],
    ).toBeVisible();
    expect(dialog.getByRole('button', { name: /^Deploy/ })).toBeDisabled();
  });

  it('does not call it the first version before it is known what runs, nor where that cannot be read', async () => {
    let read: (error: Error) => void = () => {};
    const status = jest
      .fn<ReturnType<DeploymentsApi['status']>, []>()
      .mockImplementationOnce(() => new Promise((_, failed) => (read = failed)))
      .mockImplementation(() => full.status!({}));
    const dialog = await open(
      { status },
      { service: CART, environment: 'test', version: '2' },
    );
    const careful = /2 is deployed to test\..*what ran before is put back/;
    expect(await dialog.findByText(careful)).toBeVisible();
    await act(async () => read(new Error('The line is cut.')));
    expect(
      dialog.getByText('What runs of cart could not be read'),
    ).toBeVisible();
    expect(dialog.getByText(careful)).toBeVisible();
    expect(
      dialog.getByRole('button', { name: 'Deploy 2 to test' }),
    ).toBeEnabled();
    await userEvent.click(dialog.getByRole('button', { name: 'Try again' }));
    expect(await dialog.findByText(/2 replaces 1\.4\.1/)).toBeVisible();
  });

  it('says who else has to agree', async () => {
    const dialog = await open(
      {},
      { service: CART, environment: 'production', version: '2' },
    );
    expect(
      await dialog.findByText(/Somebody other than you has to approve it/),
    ).toBeVisible();
  });

  it('names the one that is under way, and takes its place when asked to', async () => {
    const conflict = await ResponseError.fromResponse(
      new Response(
        JSON.stringify({
          error: { name: 'ConflictError', message: 'It is being deployed.' },
        }),
        { status: 409, headers: { 'Content-Type': 'application/json' } },
      ),
    );
    const deploy = jest
      .fn()
      .mockRejectedValueOnce(conflict)
      .mockResolvedValueOnce({ deployment: deployment({ id: idOf(4) }) });
    const running = deployment({
      id: idOf(3),
      state: 'applying',
      version: '1.4.9',
    });
    const dialog = await open(
      { deploy, list: async () => ({ items: [running] }) },
      { service: CART, environment: 'test', version: '2' },
    );
    await userEvent.click(
      await dialog.findByRole('button', { name: 'Deploy 2 to test' }),
    );
    expect(
      await dialog.findByRole('link', { name: '1.4.9 to test' }),
    ).toHaveAttribute('href', `/deployments/${idOf(3)}`);
    expect(dialog.getByRole('alert')).toHaveTextContent(
      /applying, asked for by jonas\.lind/,
    );
    await userEvent.click(
      dialog.getByRole('button', { name: 'Take its place' }),
    );
    await waitFor(() =>
      expect(deploy).toHaveBeenLastCalledWith(
        expect.objectContaining({ supersede: true }),
      ),
    );
  });

  it('says why it was refused', async () => {
    const dialog = await open(
      {
        deploy: async () => {
          throw new Error('It is not known where the image is.');
        },
      },
      { service: CART, version: '2' },
    );
    await userEvent.click(
      await dialog.findByRole('button', { name: 'Deploy 2 to test' }),
    );
    expect(
      await dialog.findByText(/It is not known where the image is/),
    ).toHaveTextContent('Nothing was changed.');
  });

  it('leads to help where the environments cannot be read', async () => {
    const dialog = await open({
      environments: async () => {
        throw new Error('The portal does not answer.');
      },
    });
    await dialog.findByText('The environments could not be read');
    expect(
      dialog.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', expect.stringContaining('does-not-answer'));
  });

  it('asks which service where that is not given, and says who may not', async () => {
    const dialog = await open({}, {});
    expect(await dialog.findByText('Choose a service.')).toBeVisible();
    await userEvent.type(dialog.getByLabelText('Service'), 'sto');
    await userEvent.click(await screen.findByRole('option', { name: 'stock' }));
    expect(await dialog.findByText('Say which version.')).toBeVisible();
  });

  it('tells those who may not deploy it, before they fill in the rest', async () => {
    const dialog = await open({}, { service: FORBIDDEN, version: '1' });
    expect(
      await dialog.findByText('You may not deploy vault; its owners may.'),
    ).toBeVisible();
  });

  it('offers what the registry has, and compares it with what runs when asked', async () => {
    const preview = jest.fn(async () => ({
      ok: true,
      version: '3.0.0',
      summary: 'All checks hold',
      checks: [check('image', 'succeeded', 'It is there')],
      commits: {
        known: true as const,
        added: [
          {
            commit: 'c0ffee00'.repeat(5),
            subject: 'Fix the checkout',
            author: 'Anna',
            at: '2026-01-01T00:00:00Z',
            url: 'https://git.example.com/shop/cart/commit/c0ffee00',
          },
        ],
        removed: [],
        more: false,
      },
      manifests: {
        known: true as const,
        diff: '-replicas: 1\n+replicas: 2\n',
      },
    }));
    show(<DeployDialog service="component:default/cart" onClose={() => {}} />, {
      preview,
      versions: async () => ({
        image: 'registry.example.com/shop/cart',
        items: [{ version: '3.0.0', commit: 'c0ffee00'.repeat(5), runsIn: [] }],
        more: false,
      }),
    });
    await userEvent.click(await screen.findByLabelText('Version'));
    await userEvent.keyboard('{ArrowDown}');
    const option = await screen.findByRole('option', { name: /3\.0\.0/ });
    expect(option).toHaveTextContent('built from c0ffee00');
    await userEvent.click(option);
    expect(preview).not.toHaveBeenCalled();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Check and compare' }),
    );
    expect(await screen.findByText(/Fix the checkout/)).toBeVisible();
    expect(screen.getByRole('link', { name: /c0ffee00/ })).toBeVisible();
    expect(screen.getByText(/\+replicas: 2/)).toBeVisible();
  });

  it('shows each check as it passes, and those that have also where it breaks off', async () => {
    let tell: Parameters<DeploymentsApi['preview']>[1] = () => {};
    let breakOff: (error: Error) => void = () => {};
    const preview = jest.fn(
      (_, onCheck) =>
        new Promise<never>((_done, failed) => {
          tell = onCheck;
          breakOff = failed;
        }),
    );
    show(<DeployDialog service={CART} version="1.2.3" onClose={() => {}} />, {
      preview,
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Check and compare' }),
    );
    const lines = () =>
      within(screen.getByRole('list', { name: 'Checks' }))
        .queryAllByRole('listitem')
        .map(line => line.textContent);
    expect(lines()).toEqual([]);
    act(() => tell(check('image', 'running', 'Asks the registry')));
    expect(lines()).toEqual(['image: Asks the registry']);
    act(() => {
      tell(check('image', 'succeeded', 'It is there'));
      tell(check('manifests', 'running', 'Renders them'));
    });
    expect(lines()).toEqual(['image: It is there', 'manifests: Renders them']);
    expect(
      screen.getByRole('status', { name: 'Checking and comparing' }),
    ).toBeVisible();
    await act(async () => breakOff(new Error('The line is cut.')));
    expect(screen.getByText(/The line is cut/)).toBeVisible();
    expect(lines()).toHaveLength(2);
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(lines()).toEqual([]);
    expect(preview).toHaveBeenCalledTimes(2);
  });

  it('asks no longer what a version comes to once another is typed', async () => {
    const signals: AbortSignal[] = [];
    show(<DeployDialog service={CART} version="1.2.3" onClose={() => {}} />, {
      preview: (_, __, options) => {
        signals.push(options!.signal!);
        return new Promise(() => {});
      },
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Check and compare' }),
    );
    expect(signals.map(({ aborted }) => aborted)).toEqual([false]);
    await userEvent.type(screen.getByLabelText('Version'), '4');
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('names a secret that the version lacks before it is deployed, and leads to where it is set', async () => {
    const why = { known: false as const, why: 'It is not deployed.' };
    const line =
      'Deployment cart needs TOKEN, which is not set in staging. Set it: platform secrets set cart/TOKEN --env staging';
    show(<DeployDialog service="component:default/cart" onClose={() => {}} />, {
      versions: async () => ({
        image: 'registry.example.com/shop/cart',
        ...{ items: [], more: false },
      }),
      preview: async () => ({
        ...{ ok: false, version: '1.2.3', summary: line },
        ...{ commits: why, manifests: why },
        checks: [check('secrets', 'failed', '2 secrets are missing', [line])],
      }),
    });
    await userEvent.type(await screen.findByLabelText('Version'), '1.2.3');
    await userEvent.click(
      await screen.findByRole('button', { name: 'Check and compare' }),
    );
    expect(await screen.findByText(line)).toBeVisible();
    expect(
      screen.getByRole('link', { name: 'Set what is missing' }),
    ).toHaveAttribute('href', '/secrets?service=component%3Adefault%2Fcart');
  });

  it('says why the registry cannot be read, and takes a version that is typed', async () => {
    show(<DeployDialog service="component:default/cart" onClose={() => {}} />, {
      versions: async () => ({
        image: 'registry.example.com/shop/cart',
        items: [],
        more: true,
        problem: 'The registry answers too many requests (429).',
      }),
    });
    expect(await screen.findByText(/too many requests/)).toBeVisible();
    await userEvent.type(screen.getByLabelText('Version'), '1.2.3');
    expect(
      await screen.findByRole('button', { name: 'Deploy 1.2.3 to staging' }),
    ).toBeEnabled();
  });
});
