import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  component,
  failedTask,
  findings,
  sandbox,
  showHome,
} from './__testUtils__/home';

const hourAgo = () => new Date(Date.now() - 3600_000).toISOString();
const needs = () => screen.findByRole('region', { name: 'What needs you' });
const services = () => screen.findByRole('region', { name: 'Your services' });

describe('HomePage', () => {
  it('greets by the first name and offers to create a service', async () => {
    showHome({ displayName: 'Ada Lovelace' });
    expect(
      await screen.findByRole('heading', { level: 1, name: 'Hello, Ada' }),
    ).toBeInTheDocument();
    expect(
      screen.getAllByRole('link', { name: /Create a service/ })[0],
    ).toHaveAttribute('href', '/create/templates/default/service');
  });

  describe('what needs the reader', () => {
    it('says that all is well where nothing needs them', async () => {
      showHome();
      expect(
        await within(await needs()).findByText(/All well/),
      ).toBeInTheDocument();
    });

    it('lists a failed creation and a finding, each with one thing to do', async () => {
      showHome({
        tasks: async () => ({ tasks: [failedTask('cart', hourAgo())] }),
        findings: async () => findings('checkout'),
      });
      const region = await needs();
      expect(
        await within(region).findByRole('link', { name: 'See why: cart' }),
      ).toHaveAttribute('href', '/create/tasks/task-of-cart');
      expect(
        within(region).getByRole('link', { name: 'See the fix: checkout' }),
      ).toHaveAttribute('href', '/catalog/default/component/checkout');
      expect(within(region).getByText('1 hour ago')).toBeInTheDocument();
      expect(within(region).queryByText(/All well/)).not.toBeInTheDocument();
    });

    it('asks only about what the reader and their teams own', async () => {
      const ask = jest.fn(async () => findings());
      showHome({ findings: ask });
      await within(await needs()).findByText(/All well/);
      expect(ask).toHaveBeenCalledWith({
        owner: ['user:default/ada', 'group:default/shop-team'],
      });
    });

    it('lists what domains add first, and tells them whose it is about', async () => {
      const ask = jest.fn(async () => [
        {
          key: 'deployment:1',
          title: 'cart 1.4.2 in staging',
          why: 'The image cannot be pulled.',
          action: { label: 'See why', to: '/deployments/1' },
        },
      ]);
      showHome({
        entities: [component('cart')],
        findings: async () => findings('checkout'),
        sources: [{ what: 'your deployments', ask }],
      });
      const region = await needs();
      const [first] = await within(region).findAllByRole('listitem');
      expect(first).toHaveTextContent(/cart 1.4.2 in staging.*pulled/);
      expect(
        within(first).getByRole('link', {
          name: 'See why: cart 1.4.2 in staging',
        }),
      ).toHaveAttribute('href', '/deployments/1');
      expect(ask).toHaveBeenCalledWith(expect.anything(), {
        ownershipEntityRefs: ['user:default/ada', 'group:default/shop-team'],
        services: ['component:default/cart'],
      });
    });

    it('says which source failed and why, hides nothing of the others, and does not say that all is well', async () => {
      const ask = jest
        .fn()
        .mockRejectedValueOnce(new Error('The catalog is busy.'))
        .mockResolvedValue(findings());
      showHome({
        tasks: async () => ({ tasks: [failedTask('cart', hourAgo())] }),
        findings: ask,
      });
      const region = await needs();
      const alert = await within(region).findByRole('alert');
      expect(alert).toHaveTextContent('Could not ask about catalog findings');
      expect(alert).toHaveTextContent('The catalog is busy.');
      expect(within(region).getByText('cart')).toBeInTheDocument();

      await userEvent.click(
        within(alert).getByRole('button', { name: 'Try again' }),
      );
      expect(await within(region).findByText('cart')).toBeInTheDocument();
      expect(within(region).queryByRole('alert')).not.toBeInTheDocument();
    });

    it('does not say that all is well where nothing could be asked', async () => {
      const gone = async () => {
        throw new Error('Failed to fetch');
      };
      showHome({ tasks: gone, findings: gone });
      expect(await within(await needs()).findByRole('alert')).toHaveTextContent(
        'your creations and catalog findings',
      );
      expect(screen.queryByText(/All well/)).not.toBeInTheDocument();
    });

    it('shows six, and the others on request', async () => {
      showHome({
        findings: async () => findings('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'),
      });
      const region = await needs();
      await within(region).findByText('a');
      expect(within(region).getAllByRole('listitem')).toHaveLength(6);
      await userEvent.click(
        within(region).getByRole('button', { name: 'Show 2 more' }),
      );
      expect(within(region).getAllByRole('listitem')).toHaveLength(8);
    });

    it('keeps room while it asks', async () => {
      showHome({ findings: () => new Promise(() => {}) });
      expect(
        await within(await needs()).findByRole('status', {
          name: 'Looking what needs you',
        }),
      ).toBeInTheDocument();
    });
  });

  describe('what is the reader’s', () => {
    it('lists the services of their teams and of nobody else', async () => {
      showHome({
        entities: [
          component('cart'),
          component('ledger', 'group:default/finance-team'),
        ],
      });
      const region = await services();
      expect(
        await within(region).findByRole('link', { name: 'cart' }),
      ).toHaveAttribute('href', '/catalog/default/component/cart');
      expect(within(region).getByText('production')).toBeInTheDocument();
      expect(within(region).queryByText('ledger')).not.toBeInTheDocument();
    });

    it('says which version of each runs where', async () => {
      showHome({
        entities: [component('cart'), component('till')],
        running: { cart: '94c19f57e81b9ea261cb89c41a8cf63c8be71be9' },
      });
      const region = await services();
      const link = await within(region).findByRole('link', { name: '94c19f5' });
      expect(link).toHaveAttribute('href', '/deployments/1');
      expect(link.closest('td')).toHaveTextContent('staging 94c19f5');
      expect(within(region).getByText('nowhere yet')).toBeInTheDocument();
    });

    it('shows eight and leads to all of them', async () => {
      showHome({
        entities: Array.from({ length: 11 }, (_, i) => component(`cart-${i}`)),
      });
      const region = await services();
      expect(
        await within(region).findByRole('link', { name: 'All 11' }),
      ).toHaveAttribute('href', '/catalog?filters[user]=owned');
      expect(within(region).getAllByRole('row')).toHaveLength(9);
    });

    it('says how to get one where there is none', async () => {
      showHome();
      const region = await services();
      expect(
        await within(region).findByText(/your teams own nothing/),
      ).toHaveTextContent('add a catalog-info.yaml');
      expect(
        within(region).getByRole('link', { name: 'Create a service' }),
      ).toBeInTheDocument();
    });

    it('says why they could not be listed, and what still holds', async () => {
      showHome({ catalogError: new Error('The catalog is busy.') });
      const alert = await within(await services()).findByRole('alert');
      expect(alert).toHaveTextContent('Your services could not be listed');
      expect(alert).toHaveTextContent('The catalog is busy.');
      expect(await within(await needs()).findByRole('alert')).toHaveTextContent(
        'Could not ask about your services',
      );
    });
  });

  describe('the line about the sandbox', () => {
    const never = () => new Promise<never>(() => {});
    const building = {
      name: 'kubernetes',
      version: '1.34.3',
      state: 'preparing',
      doing: 'building',
      done: 0.4,
      seconds: 600,
    } as const;
    const answers = (...given: Array<ReturnType<typeof sandbox>>) => {
      const left = [...given];
      return jest.fn(async () => left.shift() ?? never());
    };

    it('says what is being prepared, follows it, and goes when all answer', async () => {
      let go: () => void = () => {};
      const status = jest
        .fn()
        .mockResolvedValueOnce(
          sandbox({
            state: 'preparing',
            programs: [building],
            preparingSecondsLeft: 700,
          }),
        )
        .mockImplementationOnce(
          () =>
            new Promise(done => {
              go = () =>
                done(
                  sandbox({
                    revision: 2,
                    state: 'preparing',
                    programs: [{ ...building, done: 0.9 }],
                    preparingSecondsLeft: 60,
                  }),
                );
            }),
        )
        .mockImplementationOnce(
          () =>
            new Promise(done => {
              go = () => done(sandbox({ revision: 3, state: 'answering' }));
            }),
        )
        .mockImplementation(never);
      showHome({ sandbox: status });
      expect(
        await screen.findByText(
          /The sandbox is being prepared: building kubernetes 40 %, about 12 min left\./,
        ),
      ).toBeVisible();
      expect(
        screen.getByRole('link', { name: 'See the sandbox' }),
      ).toHaveAttribute('href', '/sandbox');

      await waitFor(() => expect(status).toHaveBeenLastCalledWith(1));
      go();
      expect(
        await screen.findByText(/building kubernetes 90 %, about 60 s left/),
      ).toBeVisible();
      await waitFor(() => expect(status).toHaveBeenLastCalledWith(2));
      go();
      await waitFor(() =>
        expect(screen.queryByText(/sandbox is being/)).toBeNull(),
      );
    });

    it('says when something failed', async () => {
      showHome({
        sandbox: answers(
          sandbox({
            state: 'degraded',
            programs: [{ ...building, state: 'failed' }],
          }),
        ),
      });
      expect(
        await screen.findByText(
          /Not all of the sandbox works\. kubernetes could not be prepared\./,
        ),
      ).toBeVisible();
    });

    it('is not there where no sandbox is connected, and asks only once', async () => {
      const status = jest.fn(
        async () => ({ connected: 'no', how: 'npm start' } as const),
      );
      showHome({ sandbox: status });
      await within(await needs()).findByText(/All well/);
      await waitFor(() => expect(status).toHaveBeenCalledTimes(1));
      expect(screen.queryByRole('link', { name: /sandbox/ })).toBeNull();
    });

    it('is not there while the sandbox cannot be asked, and the page is', async () => {
      const status = jest.fn(async () => {
        throw new Error('No connection.');
      });
      showHome({ sandbox: status });
      await within(await needs()).findByText(/All well/);
      await waitFor(() => expect(status).toHaveBeenCalled());
      expect(screen.queryByText(/No connection/)).toBeNull();
      expect(screen.queryByRole('link', { name: /sandbox/ })).toBeNull();
    });
  });
});
