import { renderInTestApp } from '@backstage/frontend-test-utils';
import {
  Build,
  BuildAnswer,
  BuildList,
  LogTail,
  SandboxAnswer,
} from '@highroad/plugin-sandbox-common';
import { screen, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  answers,
  apiWith,
  build,
  running,
  server,
} from '../__testUtils__/sandbox';
import { sandboxApiRef } from '../api';
import { SandboxRouter } from './SandboxRouter';

type SandboxApi = typeof sandboxApiRef.T;

const times = {
  startedAt: '2026-02-10T12:00:00Z',
  endedAt: '2026-02-10T12:01:17Z',
};

function show(api: Partial<SandboxApi>, route: string) {
  renderInTestApp(<SandboxRouter />, {
    apis: [[sandboxApiRef, apiWith(api)]],
    config: { app: { title: 'Highroad' } },
    initialRouteEntries: [route],
  });
}

describe('the builds of the sandbox', () => {
  const showList = (builds: SandboxApi['builds']) =>
    show(
      {
        status: answers<SandboxAnswer>(
          running({ servers: [server('builder')] }),
        ),
        builds,
      },
      '/',
    );

  it('are listed with what came of them, and lead to their page', async () => {
    showList(
      answers<BuildList>({
        mark: '1',
        items: [
          build({ progress: { state: 'succeeded', ...times } }),
          build({
            id: '20260210120000000-0123abcd',
            ref: { kind: 'pull-request', number: 12, branch: 'try' },
            progress: { state: 'failed', ...times, problem: 'x' },
          }),
        ],
      }),
    );
    const table = await screen.findByRole('table', { name: 'Builds' });
    const [, first, second] = within(table).getAllByRole('row');
    expect(first).toHaveTextContent(/highroad\/cartmain02d23e3asucceeded77 s/);
    expect(within(first).getByRole('link')).toHaveAttribute(
      'href',
      '/sandbox/builds/20260210120000001-0123abcd',
    );
    expect(second).toHaveTextContent(/pull request 12 \(try\).*failed/);
  });

  it('keep room while they are listed', async () => {
    showList(() => new Promise(() => {}));
    expect(
      await screen.findByRole('status', { name: 'Listing the builds' }),
    ).toBeInTheDocument();
  });

  it('say what will be here where there are none', async () => {
    showList(answers<BuildList>({ items: [], mark: '0' }));
    expect(
      await screen.findByText(/Nothing has been built yet. What you push/),
    ).toBeInTheDocument();
  });

  it('say why they cannot be listed, while the rest of the page stays', async () => {
    showList(answers<BuildList>(new Error('The disk is gone.')));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The builds could not be listedThe disk is gone. Building goes on.',
    );
    expect(screen.getByRole('table', { name: 'Servers' })).toBeInTheDocument();
  });
});

describe('the page of a build', () => {
  const log = (...lines: string[]) =>
    answers<LogTail>({ lines, truncated: false, size: 10 });
  const showBuild = (one: Build, buildLog: SandboxApi['buildLog'] = log('x')) =>
    show(
      { build: answers<BuildAnswer>({ build: one, mark: '1' }), buildLog },
      `/builds/${one.id}`,
    );

  it('says that it worked, how long it took, and which image came of it', async () => {
    showBuild(
      build({
        steps: [
          {
            name: 'make test',
            state: 'succeeded',
            startedAt: times.startedAt,
            seconds: 12,
          },
          {
            name: 'make lint',
            state: 'skipped',
            startedAt: times.startedAt,
            note: 'golangci-lint is not here',
          },
        ],
        progress: {
          state: 'succeeded',
          ...times,
          image: {
            name: '127.0.0.1:15000/highroad/cart',
            tags: ['main', 'abc'],
            digest: 'sha256:12',
          },
        },
      }),
      log('ok  	cart	0.3s'),
    );
    expect(await screen.findByText(/after 77 s/)).toBeInTheDocument();
    expect(
      screen.getByText('127.0.0.1:15000/highroad/cart@sha256:12'),
    ).toBeInTheDocument();
    const steps = screen.getByRole('table', { name: 'Steps' });
    expect(
      within(steps).getByRole('row', { name: /make test.*succeeded.*12 s/ }),
    ).toBeInTheDocument();
    expect(
      within(steps).getByText(/skipped: golangci-lint is not here/),
    ).toBeInTheDocument();
    expect(
      await screen.findByRole('region', { name: 'Lines of the build' }),
    ).toHaveTextContent('ok cart 0.3s');
    expect(document.title).toBe('highroad/cart, main | Highroad');
  });

  it.each([
    ['failed' as const, 'The repository does not build', /push again/],
    ['error' as const, 'The builder could not build it', /not at fault/],
  ])('says whose fault it is that it %s', async (state, title, what) => {
    showBuild(
      build({ progress: { state, ...times, problem: 'exit status 2.' } }),
    );
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent(title);
    expect(alert).toHaveTextContent('exit status 2.');
    expect(alert).toHaveTextContent(what);
    expect(within(alert).getByRole('link')).toHaveAttribute(
      'href',
      '/docs/default/component/highroad/runbooks/sandbox-build-fails/',
    );
  });

  it('leads to the build that took its place', async () => {
    const by = '20260210120000009-0123abcd';
    showBuild(
      build({
        progress: { state: 'superseded', endedAt: times.endedAt, by },
      }),
    );
    expect(
      await screen.findByRole('link', { name: 'its build' }),
    ).toHaveAttribute('href', `/sandbox/builds/${by}`);
  });

  it('goes on while it runs', async () => {
    const one = build({
      progress: { state: 'running', startedAt: times.startedAt },
    });
    show(
      {
        build: answers<BuildAnswer>(
          { build: one, mark: '1' },
          {
            build: { ...one, progress: { state: 'succeeded', ...times } },
            mark: '2',
          },
        ),
        buildLog: answers<LogTail>(
          { lines: [], truncated: false, size: 0 },
          { lines: ['done'], truncated: false, size: 5 },
        ),
      },
      `/builds/${one.id}`,
    );
    expect(await screen.findByText(/has not begun/)).toBeInTheDocument();
    expect(await screen.findByText(/after 77 s/)).toBeInTheDocument();
    expect(await screen.findByText('done')).toBeInTheDocument();
  });

  it('says that it could not be opened, and tries again on request', async () => {
    show(
      {
        build: answers<BuildAnswer>(new Error('There is no build x.'), {
          build: build(),
          mark: '1',
        }),
        buildLog: log('x'),
      },
      '/builds/x',
    );
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The build could not be openedThere is no build x.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/has not begun/)).toBeInTheDocument();
  });

  it('keeps room while it is opened', async () => {
    show({ build: () => new Promise(() => {}) }, '/builds/x');
    expect(
      await screen.findByRole('status', { name: 'Opening the build' }),
    ).toBeInTheDocument();
  });
});
