import { ResponseError } from '@backstage/errors';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CART,
  ENVIRONMENTS,
  FORBIDDEN,
  secret,
  show,
} from './__testUtils__/show';
import { Rotation, SecretSync } from '@highroad/plugin-secrets-common';
import { runbookFor } from './runbooks';
import { ServiceSecrets } from './matrix/ServiceSecrets';
import { SecretsPage } from './page/SecretsPage';
import { StoreNotice } from './page/StoreNotice';

jest.setTimeout(120_000);

const VALUE = 'sk-marker-4711';
const runbook = (name: string) =>
  `/docs/default/component/highroad/runbooks/${name}/`;
const listed = (items = [secret()], sync: SecretSync[] = []) => ({
  list: jest.fn(async () => ({ environments: ENVIRONMENTS, items, sync })),
  rotations: jest.fn(async () => ({ items: [] as Rotation[] })),
});
const rotation = (more: Partial<Rotation> = {}): Rotation => ({
  ...{ environment: 'staging', key: 'API_KEY', everyDays: 30 },
  ...{ timeZone: 'UTC', generator: 'random', settings: {}, overlapHours: 24 },
  ...{ dueAt: new Date(Date.now() + 5.5 * 86_400_000).toISOString() },
  overdue: false,
  ...more,
});
const choose = async (deed: string, at = 'API_KEY in staging') => {
  await userEvent.click(
    await screen.findByRole('button', { name: `What to do with ${at}` }),
  );
  await userEvent.click(await screen.findByRole('menuitem', { name: deed }));
};

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

  it('say that Vault is sealed, and where it says what to do, until it is not', async () => {
    let state: 'sealed' | 'no answer' | 'ready' = 'sealed';
    const status = jest.fn(async () => {
      if (state === 'no answer') throw new Error('It is starting again.');
      return {
        ...{ state, message: 'Vault is sealed.', environments: [] },
        ...{ fix: 'Unseal it.', runbook: 'vault-sealed' },
      };
    });
    show(<StoreNotice />, { status });
    jest.useFakeTimers();
    try {
      expect(
        await screen.findByRole('link', { name: 'What to do about it' }),
      ).toHaveAttribute('href', runbook('vault-sealed'));
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.getByText(/Vault is sealed/)).toBeVisible();
      // Where the portal itself does not answer meanwhile, nothing is known to be well.
      state = 'no answer';
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.getByText(/Vault is sealed/)).toBeVisible();
      const asked = status.mock.calls.length;
      expect(asked).toBeGreaterThan(2);
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(status.mock.calls.length).toBeGreaterThan(asked);
      state = 'ready';
      await act(async () => jest.advanceTimersByTime(11_000));
      expect(screen.queryByText(/Vault is sealed/)).not.toBeInTheDocument();
    } finally {
      jest.useRealTimers();
    }
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

  it('are set everywhere but in production, unless production is chosen', async () => {
    const set = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'DB_URL', version: 1 },
          outcome: 'set' as const,
        },
      ],
      sync: [],
      leftOut: ['production'],
    }));
    const api = listed();
    show(<ServiceSecrets service={CART} />, { ...api, set });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Set a secret' }),
    );
    await userEvent.type(screen.getByLabelText('Key'), '1DB');
    expect(
      screen.getByText(/letters, digits and "_", not beginning/),
    ).toBeVisible();
    await userEvent.clear(screen.getByLabelText('Key'));
    await userEvent.type(screen.getByLabelText('Key'), 'DB_URL');
    await userEvent.type(screen.getByLabelText('Value'), VALUE);
    await userEvent.click(screen.getByRole('button', { name: 'Set it' }));
    expect(await screen.findByText('DB_URL: Done in staging.')).toBeVisible();
    expect(set).toHaveBeenCalledWith({
      ...{ service: CART, key: 'DB_URL', value: VALUE, encoding: 'text' },
      ifVersions: { staging: 0 },
    });
    await waitFor(() => expect(api.list).toHaveBeenCalledTimes(2));
    expect(document.body.innerHTML).not.toContain(VALUE);
  });

  it('are not overwritten where somebody else was faster', async () => {
    const set = jest.fn(async () => {
      throw new Error('It is at version 4 by now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), set });
    await choose('Set another value…');
    await userEvent.type(screen.getByLabelText('Value'), VALUE);
    await userEvent.click(
      screen.getByRole('button', { name: 'Set it in staging' }),
    );
    expect(await screen.findByText(/It is at version 4 by now/)).toBeVisible();
    expect(set).toHaveBeenCalledWith(
      expect.objectContaining({
        ...{ environment: 'staging', ifVersions: { staging: 3 } },
      }),
    );
  });

  it('are kept with their line breaks, and in base64 where they are no text', async () => {
    const set = jest.fn(async () => {
      throw new Error('Not now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), set });
    await choose('Set another value…');
    const pem =
      '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n';
    await userEvent.click(screen.getByLabelText('Value'));
    await userEvent.paste(pem);
    expect(screen.getByText(/ends with a line break/)).toBeVisible();
    const button = screen.getByRole('button', { name: 'Set it in staging' });
    await userEvent.click(button);
    await screen.findByText(/Not now/);
    expect(set).toHaveBeenLastCalledWith(
      expect.objectContaining({ value: pem, encoding: 'text' }),
    );
    await userEvent.click(screen.getByLabelText(/in base64/));
    expect(screen.getByText('it is not base64')).toBeVisible();
    await userEvent.clear(screen.getByLabelText('Value'));
    await userEvent.paste('AAEC/w==\n');
    await userEvent.click(button);
    await waitFor(() =>
      expect(set).toHaveBeenLastCalledWith(
        expect.objectContaining({ value: 'AAEC/w==\n', encoding: 'base64' }),
      ),
    );
  });

  it('are said to be base64 where what is revealed is no text', async () => {
    show(<ServiceSecrets service={CART} />, {
      ...listed(),
      reveal: async () => ({
        ...{ value: 'AAEC/w==', encoding: 'base64' as const, version: 3 },
      }),
    });
    await choose('Reveal…');
    await userEvent.type(screen.getByLabelText(/Why do you need/), 'looking');
    await userEvent.click(screen.getByRole('button', { name: 'Reveal it' }));
    expect(await screen.findByText('AAEC/w==')).toBeVisible();
    expect(screen.getByText(/this is its base64/)).toBeVisible();
  });

  it('are deleted as they were seen, and not what was set since', async () => {
    const remove = jest.fn(async () => {
      throw new Error('It is at version 4 by now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), delete: remove });
    await choose('Delete…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete it in staging' }),
    );
    expect(await screen.findByText(/It is at version 4 by now/)).toBeVisible();
    expect(remove).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      ifVersion: 3,
    });
  });

  it('are revealed for a reason, and hidden again by themselves', async () => {
    const reveal = jest.fn(async () => ({
      ...{ value: VALUE, encoding: 'text' as const, version: 3 },
    }));
    show(<ServiceSecrets service={CART} />, { ...listed(), reveal });
    await choose('Reveal…');
    const button = screen.getByRole('button', { name: 'Reveal it' });
    expect(button).toBeDisabled();
    await userEvent.type(
      screen.getByLabelText('Why do you need to see it?'),
      'looking into 12',
    );
    jest.useFakeTimers();
    try {
      await act(async () => button.click());
      expect(screen.getByText(VALUE)).toBeVisible();
      await act(async () => jest.advanceTimersByTime(31_000));
      expect(document.body.innerHTML).not.toContain(VALUE);
    } finally {
      jest.useRealTimers();
    }
    expect(reveal).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      reason: 'looking into 12',
    });
    expect(
      JSON.stringify({ ...localStorage, ...sessionStorage }),
    ).not.toContain(VALUE);
    expect(window.location.href).not.toContain(VALUE);
  });

  it('have a history, from which an earlier value is put back', async () => {
    const restore = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 4 },
          outcome: 'restored' as const,
        },
      ],
      sync: [],
      leftOut: [],
    }));
    const history = async () => ({
      items: [
        {
          ...{ version: 3, at: '2026-05-01T10:00:00.000Z' },
          ...{ state: 'current' as const, by: 'user:default/mona' },
        },
        {
          ...{ version: 2, at: '2026-04-01T10:00:00.000Z' },
          ...{ state: 'superseded' as const, undeletedBy: 'jonas' },
          undeletedAt: '2026-04-02T10:00:00.000Z',
        },
      ],
      keeps: 10,
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), history, restore });
    await choose('History…');
    expect(
      screen.getByRole('link', { name: /Who accessed it/ }),
    ).toHaveAttribute(
      'href',
      `/audit?service=${encodeURIComponent(
        CART,
      )}&environment=staging&key=API_KEY`,
    );
    expect(
      await screen.findByText(
        'Vault keeps the newest 10 only: what was before version 2 is gone.',
      ),
    ).toBeVisible();
    const versions = screen.getByRole('table', { name: 'Versions' });
    expect(versions).toHaveTextContent(/put back .* by jonas/);
    expect(within(versions).getByRole('link', { name: /mona/ })).toBeVisible();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Put version 2 back' }),
    );
    expect(await screen.findByText('API_KEY: Done in staging.')).toBeVisible();
    expect(restore).toHaveBeenCalledWith(
      expect.objectContaining({ version: 2, ifVersion: 3 }),
    );
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

  it('lead to the page that helps with what was refused', async () => {
    const refusal = (status: number, message: string) =>
      ResponseError.fromResponse(
        new Response(
          JSON.stringify({
            ...{ error: { name: 'Error', message } },
            request: { method: 'POST', url: '/' },
            response: { statusCode: status },
          }),
          { status, headers: { 'Content-Type': 'application/json' } },
        ),
      );
    const pages = await Promise.all(
      [
        refusal(409, 'TOKEN in qa is at version 2.'),
        refusal(401, 'Who are you?'),
        refusal(503, 'Vault is sealed. See docs/runbooks/vault-sealed.md.'),
        refusal(500, 'It broke.'),
      ].map(async error => runbookFor(await error)),
    );
    expect(pages).toEqual(
      [
        ...['secret-refused', 'platform-not-signed-in', 'vault-sealed'],
        'platform-does-not-answer',
      ].map(runbook),
    );
    const undo = jest.fn(async () => {
      throw await refusal(409, 'It is at version 4 by now.');
    });
    show(<ServiceSecrets service={CART} />, { ...listed(), delete: undo });
    await choose('Delete…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Delete it in staging' }),
    );
    expect(
      await screen.findByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute('href', runbook('secret-refused'));
  });
});

describe('the page of secrets', () => {
  it('says what to connect where there is no Vault', async () => {
    show(<SecretsPage />, {
      status: async () => ({
        ...{ state: 'not-connected' as const, environments: [] },
        message: 'No Vault is configured.',
        fix: 'Add platform.vault to app-config.',
      }),
    });
    expect(await screen.findByText('No Vault is connected')).toBeVisible();
    expect(screen.getByText(/Add platform\.vault/)).toBeVisible();
  });

  it('says what is not as it should be while the store answers', async () => {
    show(<SecretsPage />, {
      ...listed(),
      status: async () => ({
        ...{ state: 'ready' as const, message: '', environments: [] },
        warnings: ['qa is no longer configured for the cluster old.'],
      }),
    });
    expect(await screen.findByText(/qa is no longer configured/)).toBeVisible();
  });

  it('shows the service that the address names', async () => {
    show(
      <SecretsPage />,
      {
        ...listed(),
        status: async () => ({
          ...{ state: 'ready' as const, message: '', environments: [] },
        }),
      },
      { at: `/?service=${CART}` },
    );
    expect(await screen.findByText('Keys of cart')).toBeVisible();
  });
});

describe('rotating', () => {
  const planRotation = async (_: object) => ({
    dueAt: new Date(Date.now() + 90.2 * 86_400_000).toISOString(),
    overlaps: false,
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
    const [, first, today, late, deleted] = within(
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

  it('is done now, or from now on by itself', async () => {
    const rotate = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 4 },
          outcome: 'set' as const,
        },
      ],
      sync: [],
      leftOut: [],
    }));
    const setRotation = jest.fn(async () => ({
      rotation: rotation({ everyDays: 7, generator: 'postgres' }),
    }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), rotate, setRotation, planRotation },
    });
    await choose('Rotate…');
    await userEvent.click(
      screen.getByRole('button', { name: 'Replace it in staging' }),
    );
    expect(await screen.findByText('API_KEY: Done in staging.')).toBeVisible();
    const path = { service: CART, environment: 'staging', key: 'API_KEY' };
    expect(rotate).toHaveBeenCalledWith({ ...path, ifVersion: 3 });

    await choose('Rotate…');
    await userEvent.click(screen.getByLabelText(/By itself/));
    expect(
      await screen.findByText(/It would be replaced first/),
    ).toHaveTextContent(/^It would be replaced first in .+\.$/);
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '0');
    expect(screen.getByText(/from 1 to 730/)).toBeVisible();
    expect(screen.getByText('It cannot be so yet.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Have it so' })).toBeDisabled();
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '7');
    await userEvent.click(screen.getByLabelText('What makes the new value'));
    await userEvent.click(
      await screen.findByRole('option', { name: /second role of PostgreSQL/ }),
    );
    await userEvent.click(screen.getByRole('button', { name: 'Have it so' }));
    expect(
      await screen.findByText('API_KEY in staging is replaced every 7 days.'),
    ).toBeVisible();
    expect(setRotation).toHaveBeenCalledWith({
      ...{ ...path, everyDays: 7, generator: 'postgres', settings: {} },
      ...{ timeZone: 'UTC', overlapHours: 24 },
    });
  });

  it('follows a schedule, or keeps to a time of day, with what the portal says of it as it is typed', async () => {
    const refused = await ResponseError.fromResponse(
      new Response(
        JSON.stringify({
          error: {
            name: 'InputError',
            message: 'cron: "0 3 31 2 *" says no time: it never comes.',
          },
          request: { method: 'POST', url: '/' },
          response: { statusCode: 400 },
        }),
        { status: 400, headers: { 'Content-Type': 'application/json' } },
      ),
    );
    const plan = jest.fn(async (asked: { cron?: string }) => {
      if (asked.cron?.includes('31 2')) throw refused;
      return planRotation(asked);
    });
    const setRotation = jest.fn(async () => ({ rotation: rotation() }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), setRotation, planRotation: plan },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    const type = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    const submit = screen.getByRole('button', { name: 'Have it so' });

    // A window, in somebody's time zone; nothing is asked until it can be meant.
    await userEvent.click(screen.getByLabelText(/some time of day/));
    type('To', '02:00');
    expect(screen.getByText(/this is no time at all/)).toBeVisible();
    expect(submit).toBeDisabled();
    type('To', '05:30');
    type('Time zone', 'Mars');
    expect(screen.getByText(/such as Europe\/Berlin/)).toBeVisible();
    type('Time zone', 'Europe/Berlin');
    type('Length', '4');
    expect(screen.getByText(/from 16 to 512/)).toBeVisible();
    type('Length', '64');
    await userEvent.click(screen.getByLabelText('Made of'));
    await userEvent.click(
      await screen.findByRole('option', { name: /hexadecimal/ }),
    );
    expect(await screen.findByText(/It would be replaced first/)).toBeVisible();
    await userEvent.click(submit);
    await waitFor(() =>
      expect(setRotation).toHaveBeenLastCalledWith({
        ...{ service: CART, environment: 'staging', key: 'API_KEY' },
        ...{ everyDays: 90, timeZone: 'Europe/Berlin', generator: 'random' },
        ...{ length: 64, alphabet: 'hex', overlapHours: 24 },
        window: { from: '02:00', to: '05:30' },
      }),
    );

    // A schedule: what the portal finds wrong stands at its field.
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.click(screen.getByLabelText('How often'));
    await userEvent.click(await screen.findByRole('option', { name: /cron/ }));
    expect(screen.queryByLabelText(/some time of day/)).toBeNull();
    type('Schedule', '3 o’clock');
    expect(screen.getByText(/Write five fields/)).toBeVisible();
    type('Schedule', '0 3 31 2 *');
    expect(
      await screen.findByText('"0 3 31 2 *" says no time: it never comes.'),
    ).toBeVisible();
    const again = screen.getByRole('button', { name: 'Have it so' });
    expect(again).toBeDisabled();
    type('Schedule', '0 3 * * 0');
    await waitFor(() => expect(again).toBeEnabled());
    await userEvent.click(again);
    await waitFor(() =>
      expect(setRotation).toHaveBeenLastCalledWith({
        ...{ service: CART, environment: 'staging', key: 'API_KEY' },
        ...{ cron: '0 3 * * 0', timeZone: 'UTC', generator: 'random' },
        ...{ length: 32, alphabet: 'alphanumeric', overlapHours: 24 },
      }),
    );
  });

  it('takes an overlap and what its generator needs to know', async () => {
    const setRotation = jest.fn(async () => ({ rotation: rotation() }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...listed(), setRotation },
      planRotation: async () => {
        throw new Error('It does not answer.');
      },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.click(screen.getByLabelText('What makes the new value'));
    await userEvent.click(
      await screen.findByRole('option', { name: /second role of PostgreSQL/ }),
    );
    const type = (label: string, value: string) =>
      fireEvent.change(screen.getByLabelText(label), { target: { value } });
    type('What it needs to know', 'server');
    expect(screen.getByText('Write name=value, one a line.')).toBeVisible();
    type('What it needs to know', 'server=main');
    type('Overlap in hours', '-1');
    expect(screen.getByText(/from 0 to 1440/)).toBeVisible();
    type('Overlap in hours', '2');
    // Whoever only works the time out keeps nobody from asking for it.
    expect(
      await screen.findByText(/cannot be seen now: It does not answer\./),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Have it so' }));
    await waitFor(() =>
      expect(setRotation).toHaveBeenCalledWith(
        expect.objectContaining({
          ...{ generator: 'postgres', settings: { server: 'main' } },
          overlapHours: 2,
        }),
      ),
    );
  });

  it('keeps the rest of a rule of which the days are changed', async () => {
    const api = listed();
    const rule = {
      ...{ timeZone: 'Europe/Berlin', overlapHours: 48 },
      ...{ window: { from: '02:00', to: '04:00' }, generator: 'postgres' },
      settings: { server: 'main' },
    };
    api.rotations.mockResolvedValue({ items: [rotation(rule)] });
    const setRotation = jest.fn(async () => ({ rotation: rotation(rule) }));
    show(<ServiceSecrets service={CART} />, {
      ...{ ...api, setRotation, planRotation },
    });
    await choose('Rotate…');
    await userEvent.click(await screen.findByLabelText(/By itself/));
    await userEvent.clear(screen.getByLabelText('Days'));
    await userEvent.type(screen.getByLabelText('Days'), '7');
    await userEvent.click(screen.getByRole('button', { name: 'Have it so' }));
    expect(await screen.findByText(/is replaced every 30 days/)).toBeVisible();
    expect(setRotation).toHaveBeenCalledWith({
      ...{ service: CART, environment: 'staging', key: 'API_KEY' },
      ...{ ...rule, everyDays: 7, cron: undefined },
    });
  });

  it('can be ended', async () => {
    const api = listed();
    api.rotations.mockResolvedValue({ items: [rotation()] });
    const endRotation = jest.fn(async () => ({}));
    show(<ServiceSecrets service={CART} />, { ...api, endRotation });
    await choose('Rotate…');
    expect(
      await screen.findByText(/It is replaced every 30 days/),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'No longer' }));
    expect(
      await screen.findByText('API_KEY in staging stays as it is.'),
    ).toBeVisible();
    expect(endRotation).toHaveBeenCalledTimes(1);
  });
});

describe('importing', () => {
  const paste = async (text: string) => {
    await userEvent.click(
      await screen.findByRole('button', { name: 'Import…' }),
    );
    await userEvent.click(screen.getByLabelText('Lines of a .env file'));
    await userEvent.paste(text);
  };

  it('says first what it would do, then does it all at once', async () => {
    const importAll = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 3 },
          outcome: 'unchanged' as const,
        },
        {
          ...{ environment: 'staging', key: 'NEW_KEY', version: 1 },
          outcome: 'set' as const,
        },
      ],
      sync: [],
      leftOut: ['production'],
    }));
    show(<ServiceSecrets service={CART} />, { ...listed(), importAll });
    await paste(`# mine\nAPI_KEY=${VALUE}\nNEW_KEY="two words"\n`);
    const [, first, second] = within(
      screen.getByRole('table', { name: 'What would be set' }),
    ).getAllByRole('row');
    expect(first).toHaveTextContent(/API_KEY.*replaces what is in staging/);
    expect(second).toHaveTextContent(/NEW_KEY.*new in staging/);
    await userEvent.click(screen.getByRole('button', { name: 'Set 2 keys' }));
    expect(
      await screen.findByText('1 key set. 1 key had that value already.'),
    ).toBeVisible();
    expect(importAll).toHaveBeenCalledWith({
      service: CART,
      entries: [
        {
          ...{ key: 'API_KEY', value: VALUE, encoding: 'text' },
          ifVersions: { staging: 3 },
        },
        {
          ...{ key: 'NEW_KEY', value: 'two words', encoding: 'text' },
          ifVersions: { staging: 0 },
        },
      ],
    });
    await waitFor(() => expect(document.body.innerHTML).not.toContain(VALUE));
  });

  it('refuses lines that cannot be kept, without showing what may be a value', async () => {
    show(<ServiceSecrets service={CART} />, listed());
    await paste('GOOD=1\nEMPTY=\nsk-live-4711+x=y\nsk-live-4712\n');
    expect(
      screen.getByText('Line 4 is left out: not of the form KEY=value.'),
    ).toBeVisible();
    const table = screen.getByRole('table', { name: 'What would be set' });
    expect(table).toHaveTextContent(/EMPTY.*its value is empty/);
    expect(table).toHaveTextContent(/\(a line\)/);
    expect(table).not.toHaveTextContent('sk-live');
    expect(screen.getByRole('button', { name: 'Set 3 keys' })).toBeDisabled();
  });
});

describe('comparing', () => {
  const places = [{ name: 'dev', production: false }, ...ENVIRONMENTS];
  const everywhere = (...keys: string[]) => ({
    ...listed(),
    list: jest.fn(async () => ({
      environments: places,
      items: keys.flatMap(key =>
        places.map(({ name }) => secret({ key, environment: name })),
      ),
      sync: [],
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
          foreignIn: ['staging'],
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
      'SHAPEnot comparable: in a shape of its own in staging',
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
