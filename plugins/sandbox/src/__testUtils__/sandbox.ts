import {
  Build,
  ProgramStatus,
  SandboxAnswer,
  SandboxStatus,
  ServerStatus,
} from '@highroad/plugin-sandbox-common';
import { sandboxApiRef } from '../api';

type SandboxApi = typeof sandboxApiRef.T;

export function server(
  name: string,
  more: Partial<ServerStatus> = {},
): ServerStatus {
  return {
    name,
    title: `What ${name} is for`,
    state: 'answering',
    origin: 'sandbox',
    waitingFor: [],
    restarts: 0,
    ...more,
  };
}

export function program(
  name: string,
  more: Partial<ProgramStatus> = {},
): ProgramStatus {
  return { name, version: '1.34.3', state: 'ready', seconds: 600, ...more };
}

export function build(more: Partial<Build> = {}): Build {
  return {
    id: '20260210120000001-0123abcd',
    repository: 'highroad/cart',
    commit: '02d23e3aa5f0c1d2e3f405162738495a6b7c8d9e',
    ref: { kind: 'branch', branch: 'main' },
    cause: 'push',
    queuedAt: '2026-02-10T12:00:00Z',
    attempts: 1,
    steps: [],
    progress: { state: 'queued' },
    ...more,
  };
}

export function running(
  more: Partial<SandboxStatus> = {},
): Extract<SandboxAnswer, { connected: 'running' }> {
  return {
    connected: 'running',
    status: {
      revision: 1,
      state: 'answering',
      startedAt: '2026-02-10T12:00:00Z',
      tookSeconds: 12,
      node: { kind: 'simulated', why: 'It was asked for.' },
      programs: [program('kubernetes')],
      servers: [
        server('vault', {
          version: '1.21.0',
          address: 'http://127.0.0.1:18200',
          tookSeconds: 1.4,
          lastTookSeconds: 2.2,
          memoryBytes: 113_000_000,
          restarts: 3,
        }),
        server('kube-apiserver'),
      ],
      ...more,
    },
    access: {
      directory: '/srv/sandbox',
      connectionFile: '/srv/sandbox/connection.json',
      kubeconfig: '/srv/sandbox/run/kubeconfig',
      ingressDomain: 'sandbox.localhost',
      ingressAddress: 'http://127.0.0.1:8088',
      registry: '127.0.0.1:15000',
    },
  };
}

/** Answers one after the other; once there are no more, nothing new happens. */
export function answers<T>(...list: (T | Error)[]) {
  return jest.fn(async (): Promise<T> => {
    const next = list.shift();
    if (next instanceof Error) throw next;
    return next ?? new Promise<T>(() => {});
  });
}

/** An API of which each test says what it answers; anything else fails the test. */
export function apiWith(given: Partial<SandboxApi>): SandboxApi {
  const unexpected = (name: string) => async () => {
    throw new Error(`This test did not expect ${name} to be called`);
  };
  return {
    status: unexpected('status'),
    log: unexpected('log'),
    builds: unexpected('builds'),
    build: unexpected('build'),
    buildLog: unexpected('buildLog'),
    ...given,
  };
}
