import {
  EnvironmentDetail,
  environmentOperations,
} from '@highroad/plugin-environments-common';
import { OperationClient } from '@highroad/plugin-platform-common';
import { performance } from 'node:perf_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import { Kubectl } from './plainKubectl';
import { RawObjects } from './rawObjects';

type Client = OperationClient<typeof environmentOperations>;

/** Makes environments by the platform's door, and the same objects by kubectl. */
export class EnvironmentPairs {
  readonly #client: Client;
  readonly #raw: RawObjects;
  readonly #rest: { services: object[]; owner?: string };
  readonly #made = { ours: [] as string[], theirs: [] as string[] };
  readonly #prefix: string;
  #count = 0;

  private constructor(
    client: Client,
    raw: RawObjects,
    rest: { services: object[]; owner?: string },
    prefix: string,
  ) {
    this.#client = client;
    this.#raw = raw;
    this.#rest = rest;
    this.#prefix = prefix;
  }

  /** @param services - as in a manifest */
  static async create(options: {
    client: Client;
    kubectl: Kubectl;
    services: object[];
    /** Who asks, if left out */
    owner?: string;
  }): Promise<EnvironmentPairs> {
    const { client, kubectl, ...rest } = options;
    const prefix = `b${Date.now().toString(36)}`;
    const first = `${prefix}-first`;
    await make(client, first, rest);
    const raw = await RawObjects.of(kubectl, first, prefix);
    const pairs = new EnvironmentPairs(client, raw, rest, prefix);
    pairs.#made.ours.push(first);
    return pairs;
  }

  /** @returns how long it took until it was ready, in milliseconds */
  async ours(): Promise<number> {
    const name = this.#next('o');
    this.#made.ours.push(name);
    const began = performance.now();
    await make(this.#client, name, this.#rest);
    return performance.now() - began;
  }

  /** @returns how long it took until it was there, in milliseconds */
  async theirs(): Promise<number> {
    const name = this.#next('k');
    this.#made.theirs.push(name);
    const began = performance.now();
    await this.#raw.make(name);
    return performance.now() - began;
  }

  /** Many at once; how long until the last is there, in milliseconds. */
  async atOnce(count: number, who: 'ours' | 'theirs'): Promise<number> {
    const began = performance.now();
    if (who === 'ours') {
      await Promise.all(Array.from({ length: count }, () => this.ours()));
    } else {
      const names = Array.from({ length: count }, () => this.#next('k'));
      this.#made.theirs.push(...names);
      await this.#raw.makeAll(names);
    }
    return performance.now() - began;
  }

  /** Ends them all, and waits until they are gone. */
  async clear(): Promise<void> {
    const { ours, theirs } = this.#made;
    await this.#raw.remove(theirs.splice(0));
    for (const name of ours) await this.#client.delete({ name });
    const left = new Set(ours.splice(0));
    while (left.size > 0) {
      const { items } = await this.#client.list({});
      const there = new Set(items.map(({ name }) => name));
      for (const name of left) if (!there.has(name)) left.delete(name);
      if (left.size > 0) await sleep(500);
    }
  }

  #next(kind: string): string {
    this.#count += 1;
    return `${this.#prefix}-${kind}${this.#count}`;
  }
}

async function make(
  client: Client,
  name: string,
  rest: { services: object[]; owner?: string },
): Promise<void> {
  const manifest = JSON.stringify({
    ...{ apiVersion: 'platform.myorg.com/v1', kind: 'Environment' },
    metadata: { name },
    spec: { type: 'preview', ttl: '2h', ...rest },
  });
  let { environment }: { environment: EnvironmentDetail } = await client.create(
    { manifest },
  );
  while (environment.phase !== 'ready') {
    if (['failed', 'refused'].includes(environment.phase)) {
      throw new Error(`${name}: ${environment.message}`);
    }
    ({ environment } = await client.get({
      ...{ name, after: environment.resourceVersion },
    }));
  }
}
