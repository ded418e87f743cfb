import { DeploymentState, hasEnded } from '@highroad/plugin-deployments-common';
import { ChildProcess, spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Orders } from './mortalPortal';

/** A deployment, as a portal lists it. */
export interface Deployed {
  id: string;
  kind: string;
  version: string;
  state: DeploymentState;
  summary: string;
  revision: number;
  progress?: { paused: boolean; weight?: number };
}

/** One portal, as a process. */
export class PortalProcess {
  readonly child: ChildProcess;
  /** What it asked of others, in the order in which it began to */
  readonly calls: string[] = [];
  readonly #environment: string;
  readonly #dead: Promise<void>;
  #errors = '';
  #address = '';

  constructor(environment: string) {
    this.#environment = environment;
    this.child = spawn(
      process.execPath,
      [
        '--require',
        require.resolve('@backstage/cli-node/config/nodeTransform.cjs'),
        resolve(__dirname, 'mortalPortal.ts'),
      ],
      {
        stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
        env: {
          ...process.env,
          PATH: `${dirname(process.execPath)}:${process.env.PATH}`,
        },
      },
    );
    this.child.stderr?.on('data', data => {
      this.#errors += data;
    });
    this.#dead = new Promise<void>(done =>
      this.child.once('exit', () => done()),
    );
  }

  async begin(orders: Orders): Promise<void> {
    const port = await new Promise<number>((found, failed) => {
      createInterface({ input: this.child.stdout! }).on('line', line => {
        if (!line.startsWith('{')) return;
        const said = JSON.parse(line);
        if (said.port) found(said.port);
        if (said.call) this.calls.push(said.what);
      });
      this.#dead.then(() =>
        failed(new Error(`It did not start: ${this.#errors}`)),
      );
      this.child.send(orders);
    });
    this.#address = `http://127.0.0.1:${port}`;
  }

  /** Address of a plugin's interface. */
  address(plugin: string): string {
    return `${this.#address}/api/${plugin}/v1`;
  }

  get isDead(): boolean {
    return this.child.exitCode !== null || this.child.signalCode !== null;
  }

  async ask(path: string, body?: object, plugin = 'deployments') {
    const response = await fetch(`${this.address(plugin)}/${path}`, {
      method: body ? 'POST' : 'GET',
      headers: {
        authorization: 'Bearer mock-user-token',
        'content-type': 'application/json',
      },
      body: body && JSON.stringify(body),
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async list(): Promise<Deployed[]> {
    return (await this.ask('deployments?limit=50')).items;
  }

  async deploy(version: string, more: object = {}): Promise<unknown> {
    return this.ask('deployments', {
      ...{ service: 'component:default/cart', version, ...more },
      environment: this.#environment,
    });
  }

  async rollback(): Promise<unknown> {
    return this.ask('rollbacks', {
      service: 'component:default/cart',
      environment: this.#environment,
    });
  }

  /** Waits until all have ended, or it is dead. */
  async settle(): Promise<Deployed[]> {
    for (let tries = 0; tries < 600 && !this.isDead; tries++) {
      const all = await this.list().catch(() => undefined);
      if (all?.every(({ state }) => hasEnded(state))) return all;
      await sleep(100);
    }
    if (this.isDead) return [];
    throw new Error(
      `It does not settle: ${JSON.stringify(await this.list())} ${
        this.#errors
      }`,
    );
  }

  async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    await Promise.race([this.#dead, sleep(5_000)]);
    this.child.kill('SIGKILL');
  }
}
