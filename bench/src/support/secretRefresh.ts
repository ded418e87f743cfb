import { createServiceFactory } from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import auditPlugin, {
  auditDatabaseServiceRef,
} from '@highroad/plugin-audit-backend';
import { createOperationClient } from '@highroad/plugin-platform-common';
import secretsPlugin from '@highroad/plugin-secrets-backend';
import { secretOperations } from '@highroad/plugin-secrets-common';
import { TestCluster, TestSandbox, TestVault } from '@highroad/sandbox/testing';
import createKnex from 'knex';
import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Figure } from './report';
import { quantile } from './statistics';

const SECRETS = Number(process.env.BENCH_SECRETS ?? 10_000);
const SERVICES = Number(process.env.BENCH_SERVICES ?? 200);
const SETS = Number(process.env.BENCH_SETS ?? 100);
/** How often clusters are looked at, as it is by default */
const POLL_SECONDS = 30;
/** How often Vault is asked for versions, by default */
const DEFAULT_VAULT_POLL_SECONDS = 5400;
/** The same where reads are counted: much more often, so that a bench lives to see it */
const VAULT_POLL_SECONDS = Number(process.env.BENCH_VAULT_POLL ?? 120);
/** What was set is looked at once more after half a minute. */
const SETTLED_MS = 40_000;
const AT_ONCE = 4;

const auditSchema = z.object({
  type: z.string(),
  request: z.object({ operation: z.string(), path: z.string() }),
});
const secretSchema = z.object({ data: z.record(z.string()).nullish() });

/**
 * How long a value that is set takes to its Secret while very many others are looked after as by default, and how much Vault
 * is read for those while nothing changes. Backends of its own, with their ledger, a real Vault and a real cluster; nothing
 * is left there.
 */
export async function secretRefresh(sandbox: TestSandbox): Promise<Figure[]> {
  const vault = await sandbox.vault();
  const cluster = await sandbox.cluster();
  const id = randomBytes(3).toString('hex');
  const names = Array.from({ length: SERVICES }, (_, n) => `bench-${id}-${n}`);
  const each = Math.ceil(SECRETS / SERVICES);
  const folder = await mkdtemp(join(tmpdir(), 'highroad-bench-'));
  const refOf = (name: string) => `component:default/${name}`;
  let backend: Awaited<ReturnType<typeof start>> | undefined;
  try {
    await inPieces(names, 20, some =>
      cluster.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify({
          ...{ apiVersion: 'v1', kind: 'List' },
          items: some.map(name => ({
            ...{ apiVersion: 'v1', kind: 'Namespace' },
            metadata: {
              name,
              annotations: {
                'platform.myorg.com/service': refOf(name),
                'platform.myorg.com/environment': 'bench',
              },
            },
          })),
        }),
      ),
    );
    for (const name of names) {
      const keys = Array.from({ length: each }, (_, n) => `KEY_${n}`);
      await inPieces(keys, AT_ONCE, some =>
        Promise.all(
          some.map(key =>
            patiently(() =>
              vault.request(
                'POST',
                `${vault.mount}/data/bench/${name}/${key}`,
                {
                  data: { value: randomBytes(16).toString('hex') },
                },
              ),
            ),
          ),
        ),
      );
    }
    backend = await start(names, {
      ...{ vault, cluster, folder, vaultPoll: DEFAULT_VAULT_POLL_SECONDS },
    });
    const total = each * SERVICES;
    const began = performance.now();
    while ((await synced(cluster, names)) < SERVICES) await sleep(1_000);
    const broughtSeconds = (performance.now() - began) / 1_000;
    const waits: number[] = [];
    for (let n = 0; n < SETS; n++) {
      waits.push(await setAndSee(backend.secrets, cluster, names));
    }
    // Another that asks Vault much more often. It knows nothing yet, so all is looked at first.
    await backend.stop();
    backend = await start(names, {
      ...{ vault, cluster, folder, vaultPoll: VAULT_POLL_SECONDS },
    });
    await sleep(VAULT_POLL_SECONDS * 1_000 + SETTLED_MS);
    const log = sandbox.paths.data('vault', 'audit.log');
    const before = await readsOf(vault.mount, log);
    const seconds = VAULT_POLL_SECONDS * 2;
    await sleep(seconds * 1_000);
    const after = await readsOf(vault.mount, log);
    const looks = after.looks - before.looks;
    const perKeyAndLook = (after.ofKeys - before.ofKeys) / looks / each;
    const others = (after.others - before.others) / total / (seconds / 3_600);
    const perHour =
      (perKeyAndLook * 3_600) / DEFAULT_VAULT_POLL_SECONDS + others;
    const about = { n: SETS, unit: 'ms' };
    return [
      { name: 'secrets under refresh', value: total, unit: '', n: 1 },
      {
        ...{ name: 'until all were in the cluster', unit: 's', n: 1 },
        value: broughtSeconds,
      },
      { ...about, name: 'set to visible, p50', value: quantile(waits, 0.5) },
      {
        ...{ ...about, goal: '≤ 1000' },
        name: 'set to visible, p95',
        value: quantile(waits, 0.95),
      },
      {
        ...{ name: 'Vault reads per key and look', unit: '', n: looks },
        value: perKeyAndLook,
      },
      {
        // Nobody watched for an hour: it is from what was counted in these seconds.
        name: `Vault reads per key and hour, computed for the default from ${seconds} s`,
        ...{ unit: '', n: looks, goal: '≤ 1' },
        value: perHour,
      },
    ];
  } finally {
    await backend?.stop();
    await rm(folder, { recursive: true, force: true });
    await inPieces(names, 50, some =>
      cluster.kubectl([
        ...['delete', 'namespace', ...some],
        ...['--wait=false', '--ignore-not-found'],
      ]),
    );
    // Vault takes long to take down so much; what it takes says nothing of what was measured.
    await sandbox
      .cleanUp()
      .catch(error => process.stderr.write(`Something stays: ${error}\n`));
  }
}

async function start(
  names: string[],
  at: {
    vault: TestVault;
    cluster: TestCluster;
    folder: string;
    vaultPoll: number;
  },
) {
  const { write, reveal, sync, policies } = at.vault.appRoles;
  const entities = names.map(
    (name): Entity => ({
      ...{ apiVersion: 'backstage.io/v1alpha1', kind: 'Component' },
      metadata: { name, namespace: 'default' },
    }),
  );
  const platform = {
    vault: {
      ...{ url: at.vault.address, mount: at.vault.mount, timeoutSeconds: 30 },
      auth: {
        ...{ write: { ...write }, reveal: { ...reveal }, sync: { ...sync } },
        policies: { ...policies },
      },
    },
    secrets: {
      ...{ pollSeconds: POLL_SECONDS, vaultPollSeconds: at.vaultPoll },
    },
    clusters: [{ name: 'bench', kubeconfig: at.cluster.kubeconfig }],
    environments: [{ name: 'bench', cluster: 'bench', namespace: '{service}' }],
    audit: { directory: join(at.folder, `audit-${at.vaultPoll}`) },
  };
  const open = (name: string) =>
    createKnex({
      ...{ client: 'better-sqlite3', useNullAsDefault: true },
      connection: {
        filename: join(at.folder, `${name}-${at.vaultPoll}.sqlite`),
      },
    });
  const [knex, ledger] = [open('secrets'), open('ledger')];
  const backend = await startTestBackend({
    features: [
      secretsPlugin,
      mockServices.database.factory({ knex }),
      auditPlugin,
      createServiceFactory({
        service: auditDatabaseServiceRef,
        deps: {},
        factory: () => ({ getClient: async () => ledger }),
      }),
      catalogServiceMock.factory({ entities }),
      mockServices.rootLogger.factory({ level: 'error' }),
      mockServices.rootConfig.factory({ data: { platform } }),
    ],
  });
  const address = `http://127.0.0.1:${backend.server.port()}/api/`;
  const secrets = createOperationClient(secretOperations, {
    fetch: (input, init) =>
      fetch(String(input).replace('plugin://', address), {
        ...init,
        headers: {
          ...Object.fromEntries(new Headers(init?.headers)),
          Authorization: mockCredentials.user.header('user:default/anna'),
        },
      }),
  });
  return {
    secrets,
    async stop() {
      await backend.stop();
      await Promise.all([knex.destroy(), ledger.destroy()]);
    },
  };
}

/** @returns milliseconds until the cluster had it */
async function setAndSee(
  secrets: Awaited<ReturnType<typeof start>>['secrets'],
  cluster: TestCluster,
  names: string[],
): Promise<number> {
  const name = names[Math.floor(Math.random() * names.length)];
  const value = randomBytes(16).toString('hex');
  const began = performance.now();
  const { sync } = await secrets.set({
    ...{ service: `component:default/${name}`, environment: 'bench' },
    ...{ key: 'KEY_0', value },
  });
  const ms = performance.now() - began;
  const text = await cluster.kubectl([
    ...['get', 'secret', name, `--namespace=${name}`, '--output=json'],
  ]);
  const { data } = secretSchema.parse(JSON.parse(text));
  const there = Buffer.from(data?.KEY_0 ?? '', 'base64').toString();
  if (there !== value) {
    throw new Error(`Not there when it was said: ${sync[0]?.message}`);
  }
  return ms;
}

/** How many of the services have their Secret. */
async function synced(cluster: TestCluster, names: string[]): Promise<number> {
  const text = await cluster.kubectl([
    ...['get', 'secrets', '--all-namespaces', '--output=name'],
  ]);
  const there = new Set(text.split('\n'));
  return names.filter(name => there.has(`secret/${name}`)).length;
}

/**
 * How often anything below a mount was read or listed, as Vault's own audit log has it. A look at a service begins with
 * a list of its keys.
 */
async function readsOf(mount: string, log: string) {
  const reads = { looks: 0, ofKeys: 0, others: 0 };
  const folder = `${mount}/metadata/bench/bench-`;
  for await (const line of createInterface({ input: createReadStream(log) })) {
    if (!line.includes(mount)) continue;
    const { type, request } = auditSchema.parse(JSON.parse(line));
    const { operation, path } = request;
    if (type !== 'request' || !['read', 'list'].includes(operation)) continue;
    if (path.startsWith(folder)) {
      reads.ofKeys += 1;
      if (operation === 'list') reads.looks += 1;
    } else if (
      path.startsWith(`${mount}/`) ||
      path.includes(`highroad-service-${mount}.`)
    ) {
      reads.others += 1;
    }
  }
  return reads;
}

/** Getting ready is not what is measured, so a busy machine is waited for. */
async function patiently(work: () => Promise<unknown>): Promise<void> {
  for (let tries = 0; ; tries++) {
    try {
      await work();
      return;
    } catch (error) {
      if (tries === 20) throw error;
      await sleep(1_000);
    }
  }
}

async function inPieces<T>(
  all: T[],
  size: number,
  work: (some: T[]) => Promise<unknown>,
): Promise<void> {
  for (let at = 0; at < all.length; at += size) {
    await work(all.slice(at, at + size));
  }
}
