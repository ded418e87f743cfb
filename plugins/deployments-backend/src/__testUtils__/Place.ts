import { TestCluster } from '@highroad/sandbox/testing';
import createKnex from 'knex';
import { ChildProcess } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Orders } from './mortalPortal';
import { PortalProcess } from './PortalProcess';

const PAST = '2020-01-01T00:00:00.000Z';

/** Where a service runs, and the portals that bring it there, one after another or beside each other. */
export class Place {
  readonly environment: string;
  readonly namespace: string;
  /** Where it is promoted from, if that is wanted */
  readonly source: string | undefined;
  readonly home: string;
  readonly #cluster: TestCluster;
  readonly #orders: Orders;
  readonly #onChild: (child: ChildProcess) => void;

  constructor(options: {
    environment: string;
    namespace: string;
    source?: string;
    home: string;
    cluster: TestCluster;
    config: Orders['config'];
    entities: Orders['entities'];
    metrics?: boolean;
    onChild: (child: ChildProcess) => void;
  }) {
    this.environment = options.environment;
    this.namespace = options.namespace;
    this.source = options.source;
    this.home = options.home;
    this.#cluster = options.cluster;
    this.#onChild = options.onChild;
    this.#orders = {
      config: options.config,
      entities: options.entities,
      metrics: options.metrics,
      records: join(options.home, 'records.jsonl'),
    };
  }

  get databaseFile(): string {
    return join(this.home, 'deployments.sqlite');
  }

  /**
   * @param die - where it is killed; never if left out
   * @param clock.minutesAhead - by how much its clock differs
   */
  async start(
    die?: Orders['die'],
    clock: Pick<Orders, 'minutesAhead'> = {},
  ): Promise<PortalProcess> {
    const portal = new PortalProcess(this.environment);
    this.#onChild(portal.child);
    await portal.begin({ ...this.#orders, ...clock, die });
    return portal;
  }

  /** What was written to the audit records. */
  async records(): Promise<Array<{ eventId: string; phase: string }>> {
    const text = await readFile(this.#orders.records, 'utf8');
    return text
      .trim()
      .split('\n')
      .map(line => JSON.parse(line));
  }

  /** As if so much time had passed that whoever died holds nothing any more. */
  async letLeasesEnd(): Promise<void> {
    const knex = createKnex({
      client: 'better-sqlite3',
      connection: { filename: this.databaseFile },
      useNullAsDefault: true,
    });
    await knex('deployments')
      .whereNotNull('lease_until')
      .update({ lease_until: PAST });
    await knex('delivery_targets').update({ lease_until: PAST });
    await knex.destroy();
  }

  /** What the cluster has of a Rollout. */
  async rollout(): Promise<{ image: string; isWhole: boolean; sets: number }> {
    const read = async (...what: string[]) =>
      JSON.parse(await this.kubectl(['get', ...what, '-o', 'json']));
    const { spec, status } = await read('rollout', 'cart');
    const sets = await read('replicasets');
    return {
      image: spec.template.spec.containers[0].image,
      isWhole: status.currentPodHash === status.stableRS && !spec.paused,
      sets: sets.items.length,
    };
  }

  async kubectl(args: string[], input?: string): Promise<string> {
    return this.#cluster.kubectl(
      [`--namespace=${this.namespace}`, ...args],
      input,
    );
  }

  /** What the cluster has. */
  async workload(): Promise<{
    generation: number;
    image: string;
    sets: number;
  }> {
    const read = async (...what: string[]) =>
      JSON.parse(await this.kubectl(['get', ...what, '-o', 'json']));
    const deployment = await read('deployment', 'cart');
    const sets = await read('replicasets');
    return {
      generation: deployment.metadata.generation,
      image: deployment.spec.template.spec.containers[0].image,
      sets: sets.items.length,
    };
  }
}
