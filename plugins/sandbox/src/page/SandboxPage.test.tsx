import { renderInTestApp } from '@backstage/frontend-test-utils';
import { LogTail, SandboxAnswer } from '@highroad/plugin-sandbox-common';
import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  answers,
  apiWith,
  program,
  running,
  server,
} from '../__testUtils__/sandbox';
import { sandboxApiRef } from '../api';
import { SandboxPage } from './SandboxPage';

type SandboxApi = typeof sandboxApiRef.T;

function show(api: Partial<SandboxApi>) {
  renderInTestApp(<SandboxPage />, {
    apis: [[sandboxApiRef, apiWith(api)]],
    config: { app: { title: 'Highroad' } },
  });
}
const showAnswer = (answer: SandboxAnswer) => show({ status: answers(answer) });

describe('SandboxPage', () => {
  it('says first whether everything answers, and that pods are simulated', async () => {
    showAnswer(running());
    await screen.findByText('All 2 servers answer, 12 s after the start.');
    expect(screen.getByRole('status')).toHaveTextContent(/^All 2 servers/);
    expect(
      screen.getByText(/^Pods are simulated: .*no container runs/),
    ).toBeInTheDocument();
    expect(document.title).toBe('Sandbox | Highroad');
  });

  it('says that pods are real where they are', async () => {
    showAnswer(running({ node: { kind: 'real', why: '' } }));
    expect(await screen.findByText(/^Pods are real/)).toBeInTheDocument();
  });

  it('lists each server with all that is known of it', async () => {
    showAnswer(running());
    const row = await screen.findByRole('row', { name: /vault/ });
    for (const text of [
      'What vault is for',
      'answering',
      '1.21.0',
      'http://127.0.0.1:18200',
      '1.4 s (last time 2.2 s)',
      '113 MB',
      '3',
    ]) {
      expect(within(row).getByText(text)).toBeInTheDocument();
    }
  });

  it('draws nothing for what is not known', async () => {
    showAnswer(running());
    const row = await screen.findByRole('row', { name: /kube-apiserver/ });
    expect(row).not.toHaveTextContent(/MB|undefined|NaN/);
  });

  it('tells how to get at it, without any credential', async () => {
    showAnswer(running());
    expect(
      await screen.findByText(
        'kubectl --kubeconfig /srv/sandbox/run/kubeconfig get pods -A',
      ),
    ).toBeInTheDocument();
    expect(
      screen.getByText('/srv/sandbox/connection.json'),
    ).toBeInTheDocument();
    // There is no registry in this sandbox.
    expect(screen.queryByText(/127.0.0.1:15000/)).not.toBeInTheDocument();
  });

  it('shows what is being prepared, how far it is and how long all of it still takes', async () => {
    showAnswer(
      running({
        state: 'preparing',
        preparingSecondsLeft: 1500,
        programs: [
          program('etcd'),
          program('kubernetes', {
            state: 'preparing',
            doing: 'building',
            done: 0.414,
          }),
          program('vault', { state: 'waiting', version: '1.21.0' }),
        ],
        servers: [
          server('kube-apiserver', {
            state: 'waiting',
            waitingFor: ['kubernetes', 'etcd'],
          }),
        ],
      }),
    );
    await screen.findByText(
      'Preparing, about 25 min left; 0 of 1 servers answer.',
    );
    expect(
      screen.getByRole('progressbar', { name: 'building kubernetes 41 %' }),
    ).toHaveAttribute('aria-valuenow', '41');
    expect(screen.getByText('waits for its turn')).toBeInTheDocument();
    expect(
      screen.getByText(/^1 of 3 programs are there\./),
    ).toBeInTheDocument();
    expect(
      screen.getByText('waiting for kubernetes, etcd'),
    ).toBeInTheDocument();
  });

  it('has no table of programs once all are there', async () => {
    showAnswer(running());
    await screen.findByText(/^All 2 servers/);
    expect(screen.queryByText('Being prepared')).not.toBeInTheDocument();
  });

  it('names what is broken and why before anything else, with a page that helps', async () => {
    showAnswer(
      running({
        state: 'degraded',
        programs: [
          program('gitea', { state: 'failed', problem: 'No space is left.' }),
        ],
        servers: [
          server('vault', {
            state: 'restarting',
            problem: 'The port is taken.',
          }),
          server('registry'),
        ],
      }),
    );
    const alerts = await screen.findAllByRole('alert');
    expect(alerts[0]).toHaveTextContent(
      'gitea could not be preparedNo space is left. It is tried again at the next start of the sandbox.',
    );
    expect(alerts[1]).toHaveTextContent(
      'vault ended, and is started againThe port is taken.',
    );
    expect(
      within(alerts[1]).getByRole('link', { name: 'What to do about it' }),
    ).toHaveAttribute(
      'href',
      '/docs/default/component/highroad/runbooks/sandbox-server-does-not-answer/',
    );
  });

  it('shows what changes as it changes', async () => {
    const status = answers<SandboxAnswer>(
      running({
        state: 'starting',
        servers: [server('vault', { state: 'starting' })],
      }),
      running({ revision: 2 }),
    );
    show({ status });
    expect(await screen.findByText(/^Starting/)).toBeInTheDocument();
    expect(
      await screen.findByText(/^All 2 servers answer/),
    ).toBeInTheDocument();
    expect(status).toHaveBeenNthCalledWith(
      2,
      expect.objectContaining({ after: 1 }),
    );
  });

  it('keeps room while it asks', async () => {
    show({ status: () => new Promise(() => {}) });
    expect(
      await screen.findByRole('status', { name: 'Asking the sandbox' }),
    ).toBeInTheDocument();
  });

  it('says that there is none, why one would want it, and how to get one', async () => {
    const status = answers<SandboxAnswer>({
      connected: 'no',
      how: 'npm start',
    });
    show({ status });
    expect(
      await screen.findByText(/No sandbox is connected.*no Docker/),
    ).toBeInTheDocument();
    expect(screen.getByText('npm start')).toBeInTheDocument();
    expect(screen.queryByRole('table')).not.toBeInTheDocument();
    expect(status).toHaveBeenCalledTimes(1);
  });

  it('says how to start one that is stopped, and notices when it runs', async () => {
    show({
      status: answers<SandboxAnswer>(
        { connected: 'stopped', directory: '/srv/sandbox', how: 'start it' },
        running(),
      ),
    });
    expect(
      await screen.findByText('npx platform sandbox start'),
    ).toBeInTheDocument();
    expect(
      await screen.findByText(/^All 2 servers answer/),
    ).toBeInTheDocument();
  });

  it('says why it could not be asked, and asks again on request', async () => {
    show({
      status: answers<SandboxAnswer>(new Error('The disk is gone.'), running()),
    });
    const alert = await screen.findByRole('alert');
    expect(alert).toHaveTextContent('The sandbox could not be asked');
    expect(alert).toHaveTextContent('The disk is gone.');
    expect(alert).toHaveTextContent('may be running all the same');
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(
      await screen.findByText(/^All 2 servers answer/),
    ).toBeInTheDocument();
  });

  it('keeps what it knows while the portal does not answer, and says how old it is', async () => {
    show({
      status: answers<SandboxAnswer>(running(), new Error('Failed to fetch')),
    });
    expect(await screen.findByRole('alert')).toHaveTextContent(
      /Failed to fetch.*What stands here was so/,
    );
    expect(screen.getByRole('row', { name: /vault/ })).toBeInTheDocument();
  });
});

describe('the log of a server', () => {
  const tail = (...lines: string[]): LogTail => ({
    lines,
    truncated: false,
    size: lines.join('\n').length,
  });
  async function open(log: SandboxApi['log']) {
    show({ status: answers<SandboxAnswer>(running()), log });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Log of vault' }),
    );
    return screen.findByRole('dialog', { name: 'Log of vault' });
  }

  it('opens beside the page, goes on as lines come, and closes by keyboard', async () => {
    const log = answers<LogTail>(tail('one'), {
      ...tail('one', 'two'),
      truncated: true,
    });
    await open(log);
    const text = await screen.findByRole('region', { name: 'Lines of vault' });
    expect(text).toHaveTextContent('one');
    await waitFor(() => expect(text).toHaveTextContent('two'));
    expect(
      screen.getByText(/npx platform sandbox logs vault/),
    ).toBeInTheDocument();
    expect(log).toHaveBeenNthCalledWith(
      2,
      'vault',
      expect.objectContaining({ after: 3 }),
    );
    await userEvent.keyboard('{Escape}');
    await waitFor(() =>
      expect(screen.queryByRole('dialog')).not.toBeInTheDocument(),
    );
  });

  it('says that nothing was written yet', async () => {
    await open(answers<LogTail>(tail()));
    expect(
      await screen.findByText('vault has not written anything yet.'),
    ).toBeInTheDocument();
  });

  it('keeps room while it is read', async () => {
    await open(() => new Promise(() => {}));
    expect(
      await screen.findByRole('status', { name: 'Reading the log' }),
    ).toBeInTheDocument();
  });

  it('says why it could not be read, and reads it again on request', async () => {
    await open(answers<LogTail>(new Error('The disk is gone.'), tail('one')));
    expect(await screen.findByRole('alert')).toHaveTextContent(
      'The log of vault could not be readThe disk is gone.',
    );
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText('one')).toBeInTheDocument();
  });
});
