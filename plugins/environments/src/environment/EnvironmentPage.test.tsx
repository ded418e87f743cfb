import { ResponseError } from '@backstage/errors';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { Route, Routes } from 'react-router-dom';
import { detail, inHours } from '../__testUtils__/environments';
import { FORBIDDEN, show } from '../__testUtils__/show';
import { EnvironmentsApi } from '../api';
import { EnvironmentPage } from './EnvironmentPage';

const page = (api: Partial<EnvironmentsApi>) =>
  show(
    <Routes>
      <Route path="/:name" element={<EnvironmentPage />} />
    </Routes>,
    { events: async () => ({ items: [] }), ...api },
    { at: '/cart-try?home=environments' },
  );
/** Answers once; then there is nothing new. */
const stands = (environment = detail()): Partial<EnvironmentsApi> => ({
  get: ({ after }) =>
    after ? new Promise(() => {}) : Promise.resolve({ environment }),
});

describe('the page of an environment', () => {
  it('says in words how it stands, where it answers and how long it lives', async () => {
    page(stands());
    const verdict = await screen.findByRole('region', {
      name: 'How it stands',
    });
    expect(verdict).toHaveTextContent('ready: It is ready.');
    expect(verdict).toHaveTextContent('2 d 2 h left');
    expect(
      within(verdict).getByRole('link', { name: /cart-try\.previews\.test/ }),
    ).toBeInTheDocument();
    expect(screen.getByRole('table', { name: 'Services' })).toHaveTextContent(
      'cartready1 of 1',
    );
    expect(screen.getByRole('table', { name: 'Databases' })).toHaveTextContent(
      'mainreadydemo.sql: appliedpostgres, by server',
    );
    const steps = screen.getByRole('table', { name: 'Step by step' });
    expect(steps).toHaveTextContent('Its databases are there and seeded');
    expect(steps).toHaveTextContent('Not all services take requests');
    expect(steps).not.toHaveTextContent('ServicesReady');
  });

  it('tells which line of a seed failed, and how far one is', async () => {
    const database = { name: 'main', type: 'postgres', driver: 'server' };
    page(
      stands(
        detail(
          { phase: 'failed', message: 'The seed failed.' },
          {
            databases: [
              {
                ...{ ...database, state: 'failed', message: 'syntax error' },
                seed: { path: 'demo.sql', state: 'failed', line: 12 },
              },
              {
                ...{ ...database, name: 'big', state: 'seeding' },
                seed: {
                  ...{ path: 'big.sql', state: 'running' },
                  ...{ doneBytes: 41, totalBytes: 100 },
                },
              },
            ],
          },
        ),
      ),
    );
    const table = await screen.findByRole('table', { name: 'Databases' });
    expect(
      screen.getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute(
      'href',
      '/docs/default/component/highroad/runbooks/environment-not-ready/',
    );
    expect(table).toHaveTextContent('syntax errordemo.sql: failed at line 12');
    expect(table).toHaveTextContent('big.sql: running, 41 %');
  });

  it('follows what changes', async () => {
    let tell = (_: { environment: ReturnType<typeof detail> }) => {};
    page({
      get: ({ after }) => {
        if (!after) {
          return Promise.resolve({
            environment: detail({ phase: 'provisioning', message: 'Wait.' }),
          });
        }
        return new Promise(resolve => {
          tell = resolve;
        });
      },
    });
    expect(await screen.findByText(/Wait\./)).toHaveTextContent('provisioning');
    await waitFor(() => {
      tell({ environment: detail({ resourceVersion: '2' }) });
      expect(screen.getByText(/It is ready\./)).toBeInTheDocument();
    });
  });

  it('extends it by what is typed, and says until when before', async () => {
    const user = userEvent.setup();
    const extend = jest.fn(async () => ({ environment: detail() }));
    page({ ...stands(), extend });
    await user.click(await screen.findByRole('button', { name: 'Extend' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(/It is to stay until/);
    const field = within(dialog).getByLabelText('How much longer');
    await user.clear(field);
    await user.type(field, 'long');
    expect(dialog).toHaveTextContent('use a whole number and s, m, h, d or w');
    expect(
      within(dialog).getByRole('button', { name: 'Extend' }),
    ).toBeDisabled();
    await user.clear(field);
    await user.type(field, '12h{Enter}');
    await waitFor(() =>
      expect(extend).toHaveBeenCalledWith({
        ...{ name: 'cart-try', home: 'environments', by: '12h' },
      }),
    );
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('destroys it only after its name was typed, and names what goes', async () => {
    const user = userEvent.setup();
    const remove = jest.fn(async () => ({ databases: ['main'] }));
    page({ ...stands(), delete: remove });
    await user.click(await screen.findByRole('button', { name: 'Destroy' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(
      'Destroys namespace env-cart-try with all that runs in it, and database main with all that is in it.',
    );
    const button = within(dialog).getByRole('button', {
      name: 'Destroy cart-try',
    });
    expect(button).toBeDisabled();
    expect(dialog).toHaveTextContent('Type its name to go on.');
    await user.type(within(dialog).getByRole('textbox'), 'cart-try');
    await user.click(button);
    await waitFor(() => expect(remove).toHaveBeenCalledTimes(1));
  });

  it('says why it was not destroyed', async () => {
    const user = userEvent.setup();
    page({
      ...stands(detail({}, { databases: [] })),
      delete: async () => {
        throw new Error('The cluster is away.');
      },
    });
    await user.click(await screen.findByRole('button', { name: 'Destroy' }));
    const dialog = await screen.findByRole('dialog');
    await user.click(
      within(dialog).getByRole('button', { name: 'Destroy cart-try' }),
    );
    expect(await within(dialog).findByRole('alert')).toHaveTextContent(
      'The cluster is away. Nothing was changed.',
    );
  });

  it('keeps it at a click', async () => {
    const user = userEvent.setup();
    const keep = jest.fn(async () => ({ environment: detail() }));
    page({ ...stands(), keep });
    await user.click(await screen.findByRole('button', { name: 'Keep' }));
    await waitFor(() =>
      expect(keep).toHaveBeenCalledWith({
        ...{ name: 'cart-try', home: 'environments', keep: true },
      }),
    );
  });

  it('lets its time count again only after it has said when it ends then, with what', async () => {
    const user = userEvent.setup();
    const keep = jest.fn(async () => ({ environment: detail() }));
    const kept = { kept: true, expiresAt: undefined };
    page({
      ...stands(detail({ ...kept, endsIfNotKept: inHours(24.5) })),
      keep,
    });
    await user.click(
      await screen.findByRole('button', { name: 'Let its time count again' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(
      /It ends .*, in 1 d, with all that runs in it and all that is in main\./,
    );
    expect(keep).not.toHaveBeenCalled();
    await user.click(
      within(dialog).getByRole('button', { name: 'Let its time count' }),
    );
    await waitFor(() =>
      expect(keep).toHaveBeenCalledWith({
        ...{ name: 'cart-try', home: 'environments', keep: false },
      }),
    );
  });

  it('does not let time count again that the manifest keeps, and says so', async () => {
    const user = userEvent.setup();
    page(stands(detail({ kept: true, expiresAt: undefined })));
    await user.click(
      await screen.findByRole('button', { name: 'Let its time count again' }),
    );
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent('Its manifest says keep: true.');
    expect(
      within(dialog).getByRole('button', { name: 'Let its time count' }),
    ).toBeDisabled();
  });

  it('offers nothing to who may not', async () => {
    page(stands(detail({ owner: FORBIDDEN })));
    expect(
      await screen.findByText('Only its owner may extend or end it.'),
    ).toBeInTheDocument();
    expect(
      screen.queryByRole('button', { name: 'Destroy' }),
    ).not.toBeInTheDocument();
  });

  it('reads the logs when they are asked for, and says which cannot be read', async () => {
    const user = userEvent.setup();
    page({
      ...stands(),
      logs: async () => ({
        items: [{ service: 'cart', pod: 'cart-1', text: 'listening' }],
        unread: [{ pod: 'cart-2', message: 'It has not started.' }],
      }),
    });
    await user.click(
      await screen.findByRole('button', { name: 'Read the logs' }),
    );
    expect(await screen.findByLabelText('Log lines')).toHaveTextContent(
      'cart listening',
    );
    expect(screen.getByText('cart-2: It has not started.')).toBeInTheDocument();
  });

  it('shows what the cluster said of it', async () => {
    page({
      ...stands(),
      events: async () => ({
        items: [
          {
            ...{ at: new Date().toISOString(), about: 'Pod cart-1' },
            ...{ reason: 'Failed', message: 'no such image' },
            ...{ warning: true, count: 3 },
          },
        ],
      }),
    });
    expect(
      await screen.findByRole('table', { name: 'What happened' }),
    ).toHaveTextContent('Pod cart-1Warning: Failed: no such image (3 times)');
  });

  it('says that there is none of that name, with the way to those there are', async () => {
    const error = await ResponseError.fromResponse(
      new Response(
        JSON.stringify({
          error: { name: 'NotFoundError', message: 'There is no cart-try.' },
          request: { method: 'GET', url: '/' },
          response: { statusCode: 404 },
        }),
        { status: 404, headers: { 'Content-Type': 'application/json' } },
      ),
    );
    page({
      get: async () => {
        throw error;
      },
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'It is not thereThere is no cart-try.',
    );
  });

  it('keeps what was known, and says so, while the portal does not answer', async () => {
    page({
      get: async ({ after }) => {
        if (after) throw new Error('The network is gone.');
        return { environment: detail() };
      },
    });
    expect(
      await screen.findByText(/The portal does not answer/),
    ).toHaveTextContent('The network is gone.');
    expect(screen.getByRole('table', { name: 'Services' })).toBeInTheDocument();
  });
});
