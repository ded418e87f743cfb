import { fireEvent, screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { detail } from '../__testUtils__/environments';
import { show } from '../__testUtils__/show';
import { CreatePage } from './CreatePage';
import { starter } from './starters';

/** As a pull request would carry it. */
const MANIFEST = `apiVersion: platform.myorg.com/v1
kind: Environment
metadata:
  name: pr-1234
spec:
  type: preview
  ttl: 7d
  services:
    - name: api
      image: myorg/api:pr-1234
    - name: frontend
      image: myorg/frontend:pr-1234
  databases:
    - type: postgres
      seed: fixtures/demo-data.sql
`;

const manifest = () => screen.getByRole('textbox', { name: 'Manifest' });

describe('the form for a new environment', () => {
  it('begins with a manifest that is valid, and makes what it says', async () => {
    const user = userEvent.setup();
    const create = jest.fn(async () => ({
      outcome: 'created' as const,
      environment: detail(),
    }));
    show(<CreatePage />, { create });
    expect(await screen.findByText('The manifest is valid.')).toBeVisible();
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await waitFor(() =>
      expect(screen.getByLabelText('Address')).toHaveTextContent(
        '/environments/cart-try?home=environments',
      ),
    );
    expect(create).toHaveBeenCalledWith({ manifest: starter() });
  });

  it('names line, field and fix as one types, and says why it cannot be sent', async () => {
    show(<CreatePage />, {});
    await screen.findByText('The manifest is valid.');
    fireEvent.change(manifest(), {
      target: { value: starter().replace('ttl: 7d', 'ttl: a week') },
    });
    const problems = await screen.findByRole('list', {
      name: 'What to correct',
    });
    expect(problems).toHaveTextContent(
      'Line 7, spec.ttl: use a whole number and s, m, h, d or w',
    );
    expect(screen.getByText('There is 1 thing to correct.')).toBeVisible();
    expect(screen.getByRole('button', { name: 'Create' })).toBeDisabled();
  });

  it('takes a manifest with a database and its seed as it is typed, and says meanwhile what to correct', async () => {
    const user = userEvent.setup();
    const create = jest.fn(async () => ({
      outcome: 'created' as const,
      environment: detail(),
    }));
    show(<CreatePage />, { create });
    await screen.findByText('The manifest is valid.');
    const listed = () => screen.findByRole('list', { name: 'What to correct' });
    const [services, seed] = ['  services:', '      seed: '].map(line =>
      MANIFEST.indexOf(line),
    );
    await user.clear(manifest());
    await user.paste(MANIFEST.slice(0, services));
    await waitFor(async () =>
      expect(await listed()).toHaveTextContent(/spec\.services: /),
    );
    await user.paste(MANIFEST.slice(services, seed));
    expect(await screen.findByText('The manifest is valid.')).toBeVisible();
    await user.keyboard('      seed: /fix');
    await waitFor(async () =>
      expect(await listed()).toHaveTextContent(
        'Line 15, spec.databases[0].seed: the path of a seed begins in the repository and stays there',
      ),
    );
    expect(screen.getByRole('button', { name: 'Create' })).toBeDisabled();
    await user.keyboard('{Backspace>4/}fixtures/demo-data.sql{Enter}');
    expect(await screen.findByText('The manifest is valid.')).toBeVisible();
    expect(manifest()).toHaveValue(MANIFEST);
    await user.click(screen.getByRole('button', { name: 'Create' }));
    await waitFor(() =>
      expect(create).toHaveBeenCalledWith({ manifest: MANIFEST }),
    );
  });

  it('begins with the service that the reader came from', async () => {
    show(<CreatePage />, {}, { at: '/?service=cart' });
    await screen.findByText('The manifest is valid.');
    expect(manifest()).toHaveValue(starter('cart'));
  });

  it('begins with a service of the catalog and its own manifests', async () => {
    const user = userEvent.setup();
    show(<CreatePage />, {});
    await user.click(await screen.findByRole('combobox', { name: 'Service' }));
    await user.click(await screen.findByRole('option', { name: 'cart' }));
    await waitFor(() => expect(manifest()).toHaveValue(starter('cart')));
    expect(starter('cart')).toContain('from: { service: cart }');
    expect(await screen.findByText('The manifest is valid.')).toBeVisible();
  });

  it('says why it was refused, and keeps what was typed', async () => {
    const user = userEvent.setup();
    show(<CreatePage />, {
      create: async () => {
        throw new Error('Your team has 10 of 10. End one, such as cart-try.');
      },
    });
    await screen.findByText('The manifest is valid.');
    await user.click(screen.getByRole('button', { name: 'Create' }));
    const alerts = await screen.findAllByRole('alert');
    expect(
      alerts.some(alert =>
        within(alert).queryByText(/End one, such as cart-try/),
      ),
    ).toBe(true);
    expect(manifest()).toHaveValue(starter());
  });
});
