import { NameCheck } from '@highroad/plugin-create-common';
import { act, screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { showField } from '../__testUtils__/fields';
import { ServiceName } from './ServiceName';

const free = (name: string): NameCheck => ({ name, available: true });
const schema = { title: 'Name', description: 'Lower-case words.' };

async function nameField() {
  return screen.findByRole('textbox', { name: /^Name/ });
}

describe('ServiceName', () => {
  it('says what a name is for while nothing is typed, and asks nobody', async () => {
    const checkName = jest.fn();
    showField(ServiceName, { api: { checkName }, schema });
    expect(await nameField()).toHaveAccessibleDescription('Lower-case words.');
    expect(await nameField()).toHaveAttribute('aria-invalid', 'false');
    expect(checkName).not.toHaveBeenCalled();
  });

  it('says at once what is wrong with a malformed name, without asking the portal', async () => {
    const checkName = jest.fn();
    showField(ServiceName, { api: { checkName }, schema });
    await userEvent.type(await nameField(), 'My_Service');
    expect(await nameField()).toHaveAccessibleDescription(
      'Use lower-case letters, and "-" between words: my-service',
    );
    expect(await nameField()).toBeInvalid();
    // "M" is malformed and so is all that follows it.
    expect(checkName).not.toHaveBeenCalled();
  });

  it('says that it looks, then that the name is free', async () => {
    let answer: (check: NameCheck) => void = () => {};
    const checkName = jest.fn(
      () => new Promise<NameCheck>(done => (answer = done)),
    );
    const { chosen } = showField(ServiceName, {
      api: { checkName },
      schema,
      answers: { gitHost: 'github.com', owner: 'group:default/shop' },
    });
    await userEvent.type(await nameField(), 'cart');
    expect(await nameField()).toHaveAccessibleDescription(
      'Looking whether cart is free…',
    );
    expect(
      screen.getByRole('progressbar', { name: 'Checking' }),
    ).toBeInTheDocument();
    await waitFor(() => expect(checkName).toHaveBeenCalledTimes(1));
    expect(checkName).toHaveBeenCalledWith('cart', {
      gitHost: 'github.com',
      gitOwner: undefined,
      owner: 'group:default/shop',
    });

    act(() => answer(free('cart')));
    expect(await screen.findByText('cart is free.')).toBeInTheDocument();
    expect(screen.getByTitle('Free')).toBeInTheDocument();
    expect(chosen).toHaveBeenLastCalledWith('cart');
  });

  it('says that a name is taken, and marks the field', async () => {
    showField(ServiceName, {
      api: {
        checkName: async name => ({
          name,
          available: false,
          problem: `There is a ${name} in the catalog.`,
        }),
      },
      schema,
      value: 'cart',
    });
    expect(
      await screen.findByText('There is a cart in the catalog.'),
    ).toBeInTheDocument();
    expect(await nameField()).toBeInvalid();
    expect(screen.getByTitle('Not possible')).toBeInTheDocument();
  });

  it('lets a person go on where the portal cannot say, and says when it is checked again', async () => {
    showField(ServiceName, {
      api: {
        checkName: async () => {
          throw new Error('Failed to fetch');
        },
      },
      schema,
      value: 'cart',
    });
    expect(
      await screen.findByText(/it is checked again when you create it/),
    ).toBeInTheDocument();
    expect(await nameField()).toBeValid();
  });

  it('asks again where the portal could not say', async () => {
    const checkName = jest
      .fn(async (name: string) => free(name))
      .mockRejectedValueOnce(new Error('Failed to fetch'));
    showField(ServiceName, { api: { checkName }, schema, value: 'cart' });
    expect(await screen.findByText('cart is free.')).toBeInTheDocument();
    expect(checkName).toHaveBeenCalledTimes(2);
  });

  it('never lets a late answer about an old name replace that about the new one', async () => {
    const answers = new Map<string, (check: NameCheck) => void>();
    const checkName = jest.fn(
      (name: string) => new Promise<NameCheck>(done => answers.set(name, done)),
    );
    showField(ServiceName, { api: { checkName }, schema, value: 'cart' });
    await waitFor(() => expect(answers.has('cart')).toBe(true));
    await userEvent.type(await nameField(), 's');
    await waitFor(() => expect(answers.has('carts')).toBe(true));

    act(() => answers.get('carts')?.(free('carts')));
    expect(await screen.findByText('carts is free.')).toBeInTheDocument();
    await act(async () =>
      answers.get('cart')?.({
        name: 'cart',
        available: false,
        problem: 'There is a cart.',
      }),
    );
    expect(screen.getByText('carts is free.')).toBeInTheDocument();
    expect(screen.queryByText('There is a cart.')).not.toBeInTheDocument();
  });

  it('asks once for a name typed in one go', async () => {
    const checkName = jest.fn(async (name: string) => free(name));
    showField(ServiceName, { api: { checkName }, schema });
    await userEvent.click(await nameField());
    await userEvent.paste('cart-service');
    expect(
      await screen.findByText('cart-service is free.'),
    ).toBeInTheDocument();
    expect(checkName).toHaveBeenCalledTimes(1);
  });

  it('shows what the form has against an empty answer', async () => {
    showField(ServiceName, {
      api: {},
      schema,
      rawErrors: ['Give the service a name.'],
    });
    expect(await nameField()).toHaveAccessibleDescription(
      'Give the service a name.',
    );
    expect(await nameField()).toBeInvalid();
  });
});
