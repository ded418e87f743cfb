import { mockServices } from '@backstage/backend-test-utils';
import {
  AuditorService,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { hasEnded } from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { setTimeout as sleep } from 'node:timers/promises';
import { v7 as uuidv7 } from 'uuid';
import { ManifestStore } from '../database/ManifestStore';
import { OutboxStore } from '../database/outbox';
import { ReadStore } from '../database/ReadStore';
import { RequestStore } from '../database/RequestStore';
import { WorkStore } from '../database/WorkStore';
import { Aim, Engine, Observation } from '@highroad/plugin-deployments-node';
import { Engines } from '../drivers/engine/Engines';
import { noNumbers, Numbers } from '../drivers/prometheus/Prometheus';
import { Changes } from '../service/Changes';
import { Checks } from '../service/Checks';
import { DeploymentService } from '../service/DeploymentService';
import {
  Environments,
  EnvironmentSettings,
} from '../service/EnvironmentSettings';
import { Recorder } from '../service/Recorder';
import { Stepper } from '../service/Stepper';
import { Worker } from '../service/Worker';

export const CART = 'component:default/cart';
export const STAGING = { service: CART, environment: 'staging' };
export const PRODUCTION = { service: CART, environment: 'production' };
export const ANNA = {
  requestedBy: 'user:default/anna',
  door: 'cli',
  correlation: 'test-0001',
} as const;

export const READY: Observation = {
  verdict: 'ready',
  summary: '1 of 1 pods are ready',
  progress: { wanted: 1, updated: 1, ready: 1, paused: false },
  evidence: [],
  pods: { hashes: ['abc'], restarts: 0 },
};
export const WAITING: Observation = {
  ...READY,
  verdict: 'progressing',
  summary: '0 of 1 pods are ready',
  progress: { wanted: 1, updated: 1, ready: 0, paused: false },
};
export const BROKEN: Observation = {
  ...WAITING,
  verdict: 'failed',
  summary: 'The image cannot be pulled',
  evidence: ['Back-off pulling image'],
};

/** A cluster that remembers what was done to it. `state` is the version that was applied last. */
export class FakeCluster {
  applied: string[] = [];
  steered: string[] = [];
  /** What somebody else manages, as the engine tells it */
  conflicts: string[] = [];
  /** The step of a canary that it is at; none where it has no steps */
  step: number | undefined;
  steps = 5;
  /** What a version looks like once it is there */
  looks: Record<string, Observation> = {};
  /** What pods say before they are removed */
  lastWords: () => Promise<string[]> = async () => [];
  /** Called before each effect; throws where the test wants it */
  before: (call: string) => void | Promise<void> = () => {};

  readonly engine: Engine = {
    prepare: async () => {
      await this.before('prepare');
    },
    conflicts: async () => {
      await this.before('conflicts');
      return this.conflicts;
    },
    apply: async (_destination, objects, { deployment, takeOver }) => {
      await this.before('apply');
      if (takeOver) this.conflicts = [];
      const version = String(objects[0].metadata.labels?.version);
      this.applied.push(`${version} ${deployment}`);
      await this.before('applied');
      return [`${version} applied`];
    },
    observe: async (_destination, objects) => {
      await this.before('observe');
      const version = String(objects[0].metadata.labels?.version);
      const seen = this.looks[version] ?? READY;
      if (this.step === undefined) return seen;
      const { step, steps } = this;
      return { ...seen, progress: { ...seen.progress, step, steps } };
    },
    lastWords: async () => {
      await this.before('lastWords');
      return this.lastWords();
    },
    aim: async (): Promise<Aim> => {
      await this.before('aim');
      return this.step === undefined ? {} : { cart: this.step + 1 };
    },
    steer: async (_destination, _objects, action, { aim }) => {
      await this.before('steer');
      this.steered.push(action);
      if (aim?.cart !== undefined) this.step = aim.cart;
      await this.before('steered');
    },
    holds: async (_destination, objects, { deployment }) => {
      await this.before('holds');
      const version = String(objects[0].metadata.labels?.version);
      return this.applied.at(-1) === `${version} ${deployment}`;
    },
  };

  get versions(): string[] {
    return this.applied.map(line => line.split(' ')[0]);
  }
}

export const goodChecks: Checks = {
  run: async ({ version, service }) => ({
    ok: true,
    digest: `sha256:${version}`,
    commit: 'c0ffee',
    strategy: 'rolling',
    conditions: [],
    manifests: `apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: ${service.replace(
      /.*\//,
      '',
    )}\n  labels:\n    version: "${version}"\n`,
    steps: [
      {
        name: 'image',
        state: 'succeeded',
        summary: 'It is there',
        evidence: [],
      },
    ],
  }),
};

const environment = (name: string, rest: object = {}) => ({
  name,
  tier: name,
  cluster: 'test',
  production: false,
  approval: false,
  namespace: '{service}-{environment}',
  progressDeadlineSeconds: 600,
  engine: 'direct',
  watchSeconds: 0,
  notReadySeconds: 30,
  conditions: [],
  ...rest,
});

/**
 * A store that never answers again once its process is dead.
 *
 * @param buried - rejects when nobody waits for an answer any more
 */
export function mortal<T extends object>(
  store: T,
  isDead: () => boolean,
  buried: Promise<never> = new Promise(() => {}),
): T {
  return new Proxy(store, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        isDead() ? buried : (Reflect.apply(value, target, args) as unknown);
    },
  });
}

/** All parts of deploying but the outside, on a database. */
export function world(
  db: Knex,
  options: {
    auditor?: AuditorService;
    cluster?: FakeCluster;
    /** Milliseconds by a clock that nobody sets */
    elapsed?: () => number;
    checks?: Checks;
    engine?: Engine;
    now?: () => Date;
    numbers?: Numbers;
    /** From 0 to 1; the middle if left out */
    random?: () => number;
    /** Settings of staging that differ */
    staging?: Partial<EnvironmentSettings>;
    /** How long what is asked for waits for what was asked for before, in milliseconds */
    turnMs?: number;
  } = {},
) {
  const { cluster = new FakeCluster(), checks = goodChecks } = options;
  const now = options.now ?? (() => new Date());
  const newId = () => uuidv7();
  const environments = new Environments([
    environment('staging', options.staging),
    environment('production', { production: true, approval: true }),
  ]);
  const requests = new RequestStore(db, { newId });
  const reader = new ReadStore(db);
  const manifests = new ManifestStore(db);
  const work = new WorkStore(db, { requests, newId });
  const changes = new Changes();
  const recorder = new Recorder({
    auditor:
      options.auditor ??
      mockServices.auditor.mock({
        createEvent: async () => ({
          success: async () => {},
          fail: async () => {},
        }),
      }),
  });
  const engines = new Engines();
  engines.addEngine('direct', options.engine ?? cluster.engine);
  const stepper = new Stepper({
    ...{ checks, engines, environments, manifests, reader, recorder, now },
    clockId: newId(),
    random: options.random ?? (() => 0.5),
    numbers: options.numbers ?? noNumbers,
  });
  const newWorker = (holder = 'worker', store = work) => {
    const worker = new Worker({
      ...{ holder, now, reader, recorder, stepper, work: store },
      elapsed: options.elapsed ?? (() => now().getTime()),
      logger: mockServices.logger.mock(),
      onChange: id => changes.tell(id),
    });
    changes.onAny(id => worker.wake(id));
    return worker;
  };
  const service = new DeploymentService({
    ...{ changes, environments, manifests, now, reader, requests },
    outbox: new OutboxStore(db),
    turnMs: options.turnMs,
    services: {
      get: async ref => ({
        ref,
        name: 'cart',
        image: 'registry.example/cart',
        repository: 'https://example.com/cart',
        annotations: {},
      }),
    },
  });
  /** Waits until it has ended. */
  const ended = async (id: string, withinMs = 10_000) => {
    for (let tries = 0; tries < withinMs / 25; tries++) {
      const found = await service.get(id);
      if (hasEnded(found.state)) return found;
      await sleep(25);
    }
    throw new Error(
      `${id} has not ended: ${JSON.stringify(await service.get(id))}`,
    );
  };
  return {
    cluster,
    environments,
    work,
    reader,
    requests,
    service,
    newWorker,
    ended,
    stepper,
  };
}

export async function migrate(db: Knex): Promise<void> {
  await db.migrate.latest({
    directory: resolvePackagePath(
      '@highroad/plugin-deployments-backend',
      'migrations',
    ),
  });
}
