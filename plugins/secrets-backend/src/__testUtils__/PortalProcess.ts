import { Operation, operationRequest } from '@highroad/plugin-platform-common';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { ChildProcess, spawn } from 'node:child_process';
import { dirname, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { Order } from './mortalPortal';

/** One portal, as a process that can be killed. */
export class PortalProcess {
  /** What it asked of others since it was told where to die, in the order in which it began to */
  readonly calls: string[] = [];
  readonly dead: Promise<void>;
  readonly #child: ChildProcess;
  readonly #heard = new Map<string, (line: Record<string, unknown>) => void>();
  #errors = '';
  #url = '';
  #authorization = '';

  constructor() {
    this.#child = spawn(
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
    this.#child.stderr?.on('data', data => {
      this.#errors += data;
    });
    this.dead = new Promise<void>(done =>
      // Not before all that it said has been read.
      this.#child.once('close', () => done()),
    );
    createInterface({ input: this.#child.stdout! }).on('line', text => {
      if (!text.startsWith('{')) return;
      const line = JSON.parse(text);
      if (line.call) this.calls.push(line.call);
      for (const [word, hear] of this.#heard) if (word in line) hear(line);
    });
  }

  get isDead(): boolean {
    return this.#child.exitCode !== null || this.#child.signalCode !== null;
  }

  async begin(order: Exclude<Order, { at: number }>): Promise<void> {
    const { port, authorization } = await this.#tell(order, 'port');
    this.#url = `http://127.0.0.1:${port}/api/secrets`;
    this.#authorization = String(authorization);
  }

  /** From now on it counts its calls, and dies at one of them. */
  async dieAt(order: Extract<Order, { at: number }>): Promise<void> {
    await this.#tell(order, 'armed');
  }

  async #tell(order: Order, word: string): Promise<Record<string, unknown>> {
    return new Promise((heard, failed) => {
      this.#heard.set(word, heard);
      this.dead.then(() => failed(new Error(`It is dead: ${this.#errors}`)));
      this.#child.send(order);
    });
  }

  /** @throws Error with the answer, for one that is no success; or that it is dead */
  async call(
    name: keyof typeof secretOperations,
    input: Record<string, unknown>,
  ): Promise<any> {
    const operation: Operation = secretOperations[name];
    const { path, init } = operationRequest(operation, input);
    const response = await fetch(`${this.#url}${path}`, {
      ...init,
      headers: {
        ...(init.headers as Record<string, string>),
        Authorization: this.#authorization,
      },
    });
    const answer = await response.json();
    if (!response.ok) throw new Error(JSON.stringify(answer));
    return answer;
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.dead;
  }
}
