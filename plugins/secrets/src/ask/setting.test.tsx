import { SecretSync } from '@highroad/plugin-secrets-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  CART,
  choose,
  listed,
  runbook,
  secret,
  show,
  VALUE,
} from '../__testUtils__/show';
import { ServiceSecrets } from '../matrix/ServiceSecrets';

describe('secrets that are set', () => {
  it('are said to be where they have arrived, and where not yet, why, and what to do about it', async () => {
    const place = { cluster: 'main', namespace: 'cart-staging' };
    const sync: SecretSync[] = [
      {
        ...{ ...place, environment: 'staging', secret: 'cart' },
        ...{ state: 'synced', message: '3 keys in cart-staging' },
        restartAt: new Date(Date.now() + 9_400).toISOString(),
      },
      {
        ...{ ...place, environment: 'pr-1', secret: 'cart-secrets' },
        ...{ state: 'behind', message: 'It has what it was lent before.' },
      },
      {
        ...{ ...place, environment: 'qa', secret: 'cart' },
        ...{ state: 'waiting', message: 'It does not run there yet.' },
      },
    ];
    const set = jest.fn(async () => ({
      changes: [
        {
          ...{ environment: 'staging', key: 'API_KEY', version: 4 },
          outcome: 'set' as const,
        },
      ],
      ...{ sync, leftOut: [] },
    }));
    show(<ServiceSecrets service={CART} />, { ...listed([secret()]), set });
    await choose('Set another value…');
    // What is lacking stands beside the button, for those who hear it too.
    const button = screen.getByRole('button', { name: 'Set it in staging' });
    expect(button).toBeDisabled();
    expect(button).toHaveAccessibleDescription('Give a value.');
    expect(screen.getByText('Give a value.')).toBeVisible();
    await userEvent.type(screen.getByLabelText('Value'), VALUE);
    expect(screen.queryByText('Give a value.')).toBeNull();
    await userEvent.click(button);
    const arrived = await screen.findByRole('list', {
      name: 'How far it has come',
    });
    const lines = within(arrived).getAllByRole('listitem');
    expect(lines[0]).toHaveTextContent(
      /^staging is up to date, in cart-staging\. What uses it is restarted at [\d:]+ ?[AP]?M?\.$/,
    );
    expect(lines[1]).toHaveTextContent(
      'pr-1 is not up to date yet: It has what it was lent before. What to do about it',
    );
    expect(within(lines[1]).getByRole('link')).toHaveAttribute(
      ...(['href', runbook('secrets-behind')] as const),
    );
    expect(lines[2]).toHaveTextContent('qa: It does not run there yet.');
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
    expect(
      await screen.findByText(
        'DB_URL: Done in staging. Not in production: choose it for that.',
      ),
    ).toBeVisible();
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
      await screen.findByText(
        '1 key set. 1 key had that value already. Not in production: choose it for that.',
      ),
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

  it('refuses a value that runs into a "#" without quotes, until it has them', async () => {
    show(<ServiceSecrets service={CART} />, listed());
    await paste(`A=1 # one\nDB_PASSWORD=x#${VALUE}\n`);
    const table = () =>
      screen.getByRole('table', { name: 'What would be set' });
    expect(table()).toHaveTextContent(
      /DB_PASSWORDline 2 has a "#" in a value without quotes; put the value in quotes/,
    );
    expect(table()).not.toHaveTextContent(VALUE);
    expect(screen.getByRole('button', { name: 'Set 2 keys' })).toBeDisabled();
    await userEvent.clear(screen.getByLabelText('Lines of a .env file'));
    await userEvent.click(screen.getByLabelText('Lines of a .env file'));
    await userEvent.paste(`A=1 # one\nDB_PASSWORD='x#${VALUE}'\n`);
    expect(table()).toHaveTextContent(/DB_PASSWORDnew in staging/);
    expect(screen.getByRole('button', { name: 'Set 2 keys' })).toBeEnabled();
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
