import { SandboxStatus, ServerStatus } from '@highroad/plugin-sandbox-common';
import { Output } from '../../output/Output';
import { followSandbox } from './follow';

const server = (name: string, more: Partial<ServerStatus>): ServerStatus => ({
  name,
  title: name,
  state: 'waiting',
  origin: 'sandbox',
  waitingFor: [],
  restarts: 0,
  ...more,
});
const status = (
  revision: number,
  state: SandboxStatus['state'],
  servers: ServerStatus[],
  more: Partial<SandboxStatus> = {},
): SandboxStatus => ({
  revision,
  state,
  startedAt: '2026-02-10T12:00:00Z',
  node: { kind: 'simulated', why: 'It was asked for.' },
  programs: [],
  servers,
  ...more,
});

/** A sandbox that gives one status after the other, and what was printed while it was followed. */
function following(...statuses: (SandboxStatus | undefined)[]) {
  const printed: string[] = [];
  const asked: (number | undefined)[] = [];
  const output = new Output({
    stdout: { write: () => true },
    stderr: { write: text => printed.push(text) },
    json: false,
    color: false,
  });
  const client = {
    status: async (after?: number) => {
      asked.push(after);
      return statuses.shift();
    },
  };
  const last = followSandbox(client, output, new AbortController().signal);
  return last.then(end => ({
    end,
    asked,
    lines: printed.join('').split('\n'),
  }));
}

describe('following a sandbox', () => {
  it('tells what happens until everything answers, asking only for what is new', async () => {
    const { end, asked, lines } = await following(
      status(1, 'starting', [server('vault', { state: 'starting' })]),
      status(4, 'answering', [
        server('vault', { state: 'answering', tookSeconds: 1.2 }),
      ]),
    );
    expect(end?.state).toBe('answering');
    expect(asked).toEqual([undefined, 1]);
    expect(lines).toEqual(['✔ vault answers after 1.2 s', '']);
  });

  it('ends when what does not answer never will', async () => {
    const problem = 'no such library';
    const { end, lines } = await following(
      status(1, 'degraded', [
        server('vault', { state: 'unavailable', problem }),
      ]),
    );
    expect(end?.state).toBe('degraded');
    expect(lines[0]).toBe('✖ vault is not available: no such library');
  });

  it('goes on while a server is started again, for it may come up', async () => {
    const { end } = await following(
      status(1, 'degraded', [server('vault', { state: 'restarting' })]),
      status(2, 'answering', [server('vault', { state: 'answering' })]),
    );
    expect(end?.revision).toBe(2);
  });

  it('returns nothing when the sandbox has ended', async () => {
    const { end } = await following(undefined);
    expect(end).toBeUndefined();
  });
});
