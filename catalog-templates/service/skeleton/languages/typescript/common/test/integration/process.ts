import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface ServiceProcess {
  url: string;
  /** Every line that it wrote to standard output. */
  lines: string[];
  signal(signal: NodeJS.Signals): void;
  /** The exit status; null where a signal ended it. */
  exited: Promise<number | null>;
}

/** Starts the service from its source, as a process of its own, on a free port. */
export async function startProcess(env: Record<string, string> = {}): Promise<ServiceProcess> {
  const port = await freePort();
  const child = spawn(process.execPath, ['src/main.ts'], {
    env: { ...process.env, PORT: String(port), LOG_LEVEL: 'info', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (output += chunk));
  const exited = once(child, 'close').then(([code]) => (typeof code === 'number' ? code : null));
  return {
    url: `http://127.0.0.1:${String(port)}`,
    get lines() {
      return output.split('\n').filter(Boolean);
    },
    signal: (signal) => child.kill(signal),
    exited,
  };
}

/** Asks until the answer has this status; an Error after 30 s. */
export async function answers(url: string, status: number): Promise<Response> {
  const deadline = Date.now() + 30_000;
  let last = 'nothing was tried';
  while (Date.now() < deadline) {
    try {
      const response = await fetch(url);
      if (response.status === status) return response;
      last = `status ${String(response.status)}`;
    } catch (error) {
      last = String(error);
    }
    await sleep(50);
  }
  throw new Error(`${url} did not answer with ${String(status)}: ${last}`);
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no TCP port was given');
  return address.port;
}
