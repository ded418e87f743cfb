import { DeploymentState, hasEnded } from '@highroad/plugin-deployments-common';
import { ChildProcess, spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { createInterface, Interface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { Orders, Saying, Sentence } from './mortalPortal';

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

/** Such as `rollback 1.4.2 succeeded`, by name. */
export function outcomesOf(all: Deployed[]): string[] {
  return all.map(one => `${one.kind} ${one.version} ${one.state}`).sort();
}

/** One portal, as a process. */
export class PortalProcess {
  readonly child: ChildProcess;
  /** What it asked of others, in the order in which it began to */
  readonly calls: string[] = [];
  readonly #environment: string;
  readonly #dead: Promise<void>;
  readonly #lines: Interface;
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
    this.#lines = createInterface({ input: this.child.stdout! });
    this.child.stderr?.on('data', data => {
      this.#errors += data;
    });
    this.#dead = new Promise<void>(done =>
      this.child.once('exit', () => done()),
    );
  }

  async begin(orders: Orders): Promise<void> {
    this.#lines.on('line', line => {
      const said = sayingOf(line);
      if (said?.call) this.calls.push(said.call);
      if (said?.sentenced) this.calls.length = 0;
    });
    const { port } = await this.#told('port', orders);
    this.#address = `http://127.0.0.1:${port}`;
  }

  /** Has it die at a call from here on; what it asked before is forgotten. */
  async dieAt(die: Sentence['die']): Promise<void> {
    await this.#told('sentenced', { die });
  }

  /** What it answers to something that it is told. */
  async #told(answer: keyof Saying, message: Orders | Sentence) {
    const answered = new Promise<Saying>((found, failed) => {
      const listen = (line: string) => {
        const said = sayingOf(line);
        if (said?.[answer] === undefined) return;
        this.#lines.off('line', listen);
        found(said);
      };
      this.#lines.on('line', listen);
      this.#dead.then(() => failed(new Error(`It has died: ${this.#errors}`)));
    });
    this.child.send(message);
    return answered;
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

  /** Of which deployments its feed says that they ended, each as often as it does. */
  async ends(): Promise<string[]> {
    const { items } = await this.ask('events?after=0&limit=200');
    const events: Array<{ type: string; subject: string }> = items;
    return events
      .filter(({ type }) => type.includes('.finished.'))
      .map(({ subject }) => subject);
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

/** What a portal says of itself, among what it logs. */
function sayingOf(line: string): Saying | undefined {
  return line.startsWith('{') ? JSON.parse(line) : undefined;
}
