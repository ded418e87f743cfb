import { eventsBetween } from './events';
import { ProgramStatus, SandboxStatus, ServerStatus } from './status';
import {
  durationText,
  headline,
  memoryText,
  notice,
  podsSentence,
  retrySentence,
} from './words';

const program = (more: Partial<ProgramStatus> = {}): ProgramStatus => ({
  name: 'kubernetes',
  version: '1.34.3',
  state: 'ready',
  seconds: 600,
  ...more,
});
const server = (more: Partial<ServerStatus> = {}): ServerStatus => ({
  name: 'vault',
  title: 'Secrets',
  state: 'answering',
  origin: 'sandbox',
  waitingFor: [],
  restarts: 0,
  ...more,
});
const status = (more: Partial<SandboxStatus> = {}): SandboxStatus => ({
  revision: 1,
  state: 'answering',
  startedAt: '2026-02-10T12:00:00Z',
  node: { kind: 'simulated', why: 'It was asked for.' },
  programs: [program()],
  servers: [server()],
  ...more,
});

describe('durationText', () => {
  it.each([
    [0.2, 'under 1 s'],
    [4.26, '4.3 s'],
    [59.6, '60 s'],
    [95, '1 min 35 s'],
    [120, '2 min'],
    [1500, '25 min'],
    [5400, '1 h 30 min'],
  ])('says %d seconds as "%s"', (seconds, text) => {
    expect(durationText(seconds)).toBe(text);
  });
});

it('says memory in the unit that people compare it in', () => {
  expect(memoryText(24_400_000)).toBe('24 MB');
  expect(memoryText(1_260_000_000)).toBe('1.3 GB');
});

describe('headline', () => {
  it('says when everything answers and how long that took', () => {
    const servers = [server(), server({ name: 'gitea' })];
    expect(headline(status({ servers, tookSeconds: 11.4 }))).toBe(
      'All 2 servers answer, 11 s after the start.',
    );
  });

  it('gives an estimate no closer than it is, and what answers meanwhile', () => {
    expect(
      headline(
        status({
          state: 'preparing',
          preparingSecondsLeft: 1471,
          servers: [server(), server({ name: 'etcd', state: 'waiting' })],
        }),
      ),
    ).toBe('Preparing, about 25 min left; 1 of 2 servers answer.');
  });

  it('names what is broken', () => {
    const servers = [server(), server({ name: 'gitea', state: 'restarting' })];
    expect(headline(status({ state: 'degraded', servers }))).toBe(
      '1 of 2 servers answer. Not well: gitea.',
    );
  });
});

it('never lets simulated pods pass for real ones, and says nothing where there are none', () => {
  const servers = [server({ name: 'kube-apiserver' })];
  const simulated = { kind: 'simulated' as const, why: 'It was asked for.' };
  const real = { kind: 'real' as const, why: '' };
  expect(podsSentence(status({ servers, node: simulated }))).toMatch(
    /^Pods are simulated: .*no container runs/,
  );
  expect(podsSentence(status({ servers, node: real }))).toMatch(
    /^Pods are real/,
  );
  expect(podsSentence(status({ node: simulated }))).toBeUndefined();
});

describe('retrySentence', () => {
  it('says when a program that could not be prepared is tried again', () => {
    const failed = program({ state: 'failed' });
    expect(retrySentence(failed)).toBe(
      'It is tried again at the next start of the sandbox.',
    );
    const retryAt = '2026-02-10T12:05:00Z';
    expect(retrySentence({ ...failed, retryAt })).toMatch(
      /^It is tried again at \d\d:05( [AP]M)?\.$/,
    );
    expect(retrySentence(program())).toBeUndefined();
  });
});

describe('eventsBetween', () => {
  const texts = (before: SandboxStatus | undefined, now: SandboxStatus) =>
    eventsBetween(before, now).map(event => event.text);

  it('tells at the first look what answers already', () => {
    expect(texts(undefined, status())).toEqual(['answering already: vault']);
  });

  it('lists what has to be prepared once it is known, and only then', () => {
    const waiting = status({
      state: 'preparing',
      programs: [program({ state: 'waiting' })],
      servers: [server({ state: 'waiting' })],
    });
    const preparing = status({
      ...waiting,
      programs: [program({ state: 'preparing', done: 0.4 })],
    });
    expect(texts(undefined, waiting)).toEqual([]);
    expect(texts(waiting, preparing)).toEqual([
      'To be prepared, once for this machine: kubernetes 1.34.3',
    ]);
    expect(texts(preparing, preparing)).toEqual([]);
    expect(texts(preparing, { ...waiting, programs: [program()] })).toEqual([
      'prepared kubernetes 1.34.3 in 10 min',
    ]);
    // From the cache: no news.
    expect(texts(waiting, { ...waiting, programs: [program()] })).toEqual([]);
  });

  it('tells what begins to answer, what fails and why, once each', () => {
    const starting = status({ servers: [server({ state: 'starting' })] });
    const up = status({ servers: [server({ tookSeconds: 1.44 })] });
    const down = status({
      servers: [server({ state: 'restarting', problem: 'It\nended.' })],
    });
    expect(texts(starting, up)).toEqual(['vault answers after 1.4 s']);
    expect(texts(up, up)).toEqual([]);
    expect(texts(up, down)).toEqual(['vault is started again: It ended.']);
    expect(texts(down, down)).toEqual([]);
  });

  it('tells what could not be prepared', () => {
    const failed = program({ state: 'failed', problem: 'No space left.' });
    expect(
      eventsBetween(
        status({ programs: [program({ state: 'preparing' })] }),
        status({ programs: [failed] }),
      ),
    ).toEqual([
      { kind: 'bad', text: 'kubernetes could not be prepared: No space left.' },
    ]);
  });
});

describe('notice', () => {
  const building = program({
    state: 'preparing',
    doing: 'building',
    done: 0.404,
  });

  it('says what is being prepared, how far it is and how long it takes', () => {
    const preparing = status({
      state: 'preparing',
      preparingSecondsLeft: 690,
      programs: [building, program({ name: 'gitea', state: 'waiting' })],
    });
    expect(notice(preparing)).toEqual({
      text: 'The sandbox is being prepared: building kubernetes 40 %, about 12 min left.',
      trouble: false,
    });
  });

  it('says how many servers answer while they are started', () => {
    const servers = [server(), server({ name: 'gitea', state: 'starting' })];
    expect(notice(status({ state: 'starting', servers }))).toEqual({
      text: 'The sandbox is starting: 1 of 2 servers answer.',
      trouble: false,
    });
  });

  it('says what failed while the rest goes on, and of servers only what programs do not explain', () => {
    const programs = [building, program({ name: 'gitea', state: 'failed' })];
    const servers = [server({ name: 'gitea', state: 'unavailable' })];
    expect(notice(status({ state: 'preparing', programs, servers }))).toEqual({
      text: 'The sandbox is being prepared: building kubernetes 40 %. gitea could not be prepared.',
      trouble: true,
    });
    expect(notice(status({ state: 'degraded', servers }))).toEqual({
      text: 'Not all of the sandbox works. Not well: gitea.',
      trouble: true,
    });
  });

  it.each(['answering', 'stopping', 'stopped'] as const)(
    'says nothing of one that is %s',
    state => {
      expect(notice(status({ state }))).toBeUndefined();
    },
  );
});
