/**
 * A thousand deployments at a simulated node whose pods become ready after a while, never, or crash after they were
 * ready: how many are called a success that are none, and the other way round.
 *
 * Starts a sandbox of its own and removes it; BENCH_DEPLOYMENTS for another number.
 */
import { databaseServiceFactory } from '@backstage/backend-defaults/database';
import { createServiceFactory } from '@backstage/backend-plugin-api';
import { mockServices, startTestBackend } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { notificationService } from '@backstage/plugin-notifications-node';
import deploymentsPlugin from '@highroad/plugin-deployments-backend';
import {
  deploymentOperations,
  hasEnded,
} from '@highroad/plugin-deployments-common';
import { LocalRepositories } from '@highroad/plugin-local-repositories-node';
import { createOperationClient } from '@highroad/plugin-platform-common';
import { readConnection, SandboxPaths } from '@highroad/sandbox';
import { pushImage } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { createRandom } from './support/organization';
import { report } from './support/report';
import { quantile } from './support/statistics';

const COUNT = Number(process.env.BENCH_DEPLOYMENTS ?? 1000);
/** How many are asked for while others go on. */
const AT_ONCE = 60;
const MOCK_USER = 'Bearer mock-user-token';
const BAD_SHARE = 0.3;
const PREFIX = 'sandbox.platform.myorg.com';
const SANDBOX = resolve(__dirname, '../../packages/sandbox/bin/sandbox');
const run = promisify(execFile);

/** What pods of a version do, by annotations that the simulated node heeds. */
const BEHAVIOURS: Record<
  string,
  { good: boolean; annotations: Record<string, string> }
> = {
  ...Object.fromEntries(
    [0, 1, 2, 3, 4, 5].map(seconds => [
      `ready-${seconds}`,
      {
        good: true,
        annotations: { [`${PREFIX}/ready-after`]: `${seconds}s` },
      },
    ]),
  ),
  ...Object.fromEntries(
    ['never-ready', 'image-pull-error', 'crash-loop', 'crash-later'].map(
      outcome => [
        outcome,
        {
          good: false,
          annotations: {
            [`${PREFIX}/outcome`]: outcome,
            [`${PREFIX}/crash-after`]: '4s',
          },
        },
      ],
    ),
  ),
};
const names = (good: boolean) =>
  Object.keys(BEHAVIOURS).filter(name => BEHAVIOURS[name].good === good);

async function main() {
  const folder = await mkdtemp(join(tmpdir(), 'highroad-outcomes-'));
  const state = join(folder, 'sandbox');
  const sandbox = (...args: string[]) =>
    run(process.execPath, [SANDBOX, ...args, '--state', state]);
  await sandbox('start', '--node', 'simulated');
  try {
    await measure(folder, state);
  } finally {
    await sandbox('stop');
    await rm(folder, { recursive: true, force: true });
  }
  process.exit(0);
}

async function measure(folder: string, state: string) {
  const connection = await readConnection(new SandboxPaths(state));
  if (!connection) throw new Error('The sandbox does not say where it is.');
  const { registry, kubernetes } = connection;
  const repositories = join(folder, 'repositories');
  const image = `${registry.host}/bench/cart`;
  const commits = await commitEach(repositories, image);
  for (const [version, commit] of Object.entries(commits)) {
    await pushImage(registry.address, 'bench/cart', {
      references: [version],
      labels: { 'org.opencontainers.image.revision': commit },
    });
  }
  const services = Array.from({ length: COUNT }, (_, n) => `cart-${n}`);
  const backend = await startTestBackend({
    features: [
      deploymentsPlugin,
      databaseServiceFactory,
      mockServices.rootConfig.factory({
        data: {
          app: { baseUrl: 'http://localhost:3000' },
          backend: {
            baseUrl: 'http://localhost:0',
            listen: { host: '127.0.0.1', port: 0 },
            database: {
              client: 'pg',
              connection: process.env.BENCH_POSTGRES_URL,
              prefix: `outcomes_${Date.now().toString(36)}_`,
            },
          },
          platform: {
            localRepositories: { directory: repositories },
            registries: [{ host: registry.host, insecure: true }],
            clusters: [{ name: 'bench', kubeconfig: kubernetes.kubeconfig }],
            environments: [
              {
                ...{ name: 'bench', tier: 'staging', cluster: 'bench' },
                ...{ progressDeadlineSeconds: 30, watch: '10s' },
              },
            ],
          },
        },
      }),
      catalogServiceMock.factory({
        entities: services.map(name => ({
          apiVersion: 'backstage.io/v1alpha1',
          kind: 'Component',
          metadata: {
            name,
            annotations: {
              'platform.myorg.com/image': image,
              'backstage.io/source-location':
                'url:http://localhost:3000/repositories/bench/cart/',
            },
          },
          spec: { type: 'service', lifecycle: 'production', owner: 'team' },
        })),
      }),
      createServiceFactory({
        service: notificationService,
        deps: {},
        factory: () => ({ send: async () => {} }),
      }),
    ],
  });
  const client = createOperationClient(deploymentOperations, {
    fetch: (url, init) =>
      fetch(
        String(url).replace(
          'plugin://',
          `http://127.0.0.1:${backend.server.port()}/api/`,
        ),
        {
          ...init,
          headers: { ...init?.headers, Authorization: MOCK_USER },
        },
      ),
  });
  const one = async (name: string, version: string) => {
    let { deployment } = await client.deploy({
      ...{ service: `component:default/${name}` },
      ...{ environment: 'bench', version },
    });
    while (!hasEnded(deployment.state)) {
      ({ deployment } = await client.get({
        ...{ id: deployment.id, after: deployment.revision },
      }));
    }
    return deployment;
  };

  const random = createRandom(7);
  const wrong = { successes: [] as string[], failures: [] as string[] };
  const times: number[] = [];
  const waiting = [...services];
  const began = performance.now();
  let done = 0;
  const worker = async () => {
    for (let name = waiting.pop(); name; name = waiting.pop()) {
      const good = random() >= BAD_SHARE;
      const kinds = names(good);
      const version = kinds[Math.floor(random() * kinds.length)];
      const start = performance.now();
      const { state: end, summary } = await one(name, version);
      times.push((performance.now() - start) / 1000);
      if (end === 'succeeded' && !good) {
        wrong.successes.push(`${name} ${version}`);
      }
      if (end !== 'succeeded' && good) {
        wrong.failures.push(`${name} ${version}: ${summary}`);
      }
      done += 1;
      if (process.stderr.isTTY) {
        process.stderr.write(`\r${done} of ${COUNT}   `);
      }
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  await backend.stop();
  process.stderr.write('\n');
  for (const line of [...wrong.successes, ...wrong.failures]) {
    process.stderr.write(`${line}\n`);
  }
  report('outcomes', [
    {
      ...{ name: 'false successes', value: wrong.successes.length },
      ...{ unit: 'deployments', goal: '0', n: COUNT },
    },
    {
      ...{ name: 'successes that were missed', value: wrong.failures.length },
      ...{ unit: 'deployments', goal: '0', n: COUNT },
    },
    {
      ...{ name: 'from request to its end, p50', unit: 's', n: times.length },
      value: quantile(times, 0.5),
    },
    {
      ...{ name: 'all of them', unit: 's', n: 1 },
      value: (performance.now() - began) / 1000,
    },
  ]);
}

/** A repository with a commit for each behaviour. */
async function commitEach(
  repositories: string,
  image: string,
): Promise<Record<string, string>> {
  const work = await mkdtemp(join(tmpdir(), 'highroad-commits-'));
  const id = { owner: 'bench', name: 'cart' };
  const local = new LocalRepositories(repositories);
  const write = (annotations: Record<string, string>) =>
    writeFiles(work, {
      'deploy/overlays/staging/kustomization.yaml':
        'resources: [workload.yaml]\n',
      'deploy/overlays/staging/workload.yaml': workload(image, annotations),
    });
  const git = async (...args: string[]) =>
    (await run('git', args, { cwd: work })).stdout.trim();
  const commits: Record<string, string> = {};
  for (const [name, { annotations }] of Object.entries(BEHAVIOURS)) {
    await write(annotations);
    if (Object.keys(commits).length === 0) {
      const { commit } = await local.publish({
        ...{ id, folder: work, branch: 'main', message: name },
        author: { name: 'bench', email: 'bench@example.com' },
      });
      commits[name] = commit;
      await git('init', '--quiet');
      await git('config', 'user.name', 'bench');
      await git('config', 'user.email', 'bench@example.com');
      await git('fetch', '--quiet', local.directory(id), 'main');
      await git('reset', '--quiet', '--soft', 'FETCH_HEAD');
      continue;
    }
    await git('add', '.');
    await git('commit', '--quiet', '--message', name);
    commits[name] = await git('rev-parse', 'HEAD');
  }
  await git('push', '--quiet', local.directory(id), 'HEAD:main');
  await rm(work, { recursive: true });
  return commits;
}

async function writeFiles(folder: string, files: Record<string, string>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

function workload(image: string, annotations: Record<string, string>): string {
  return JSON.stringify({
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'cart' },
    spec: {
      selector: { matchLabels: { app: 'cart' } },
      template: {
        metadata: { labels: { app: 'cart' }, annotations },
        spec: {
          securityContext: {
            runAsNonRoot: true,
            seccompProfile: { type: 'RuntimeDefault' },
          },
          containers: [
            {
              name: 'cart',
              image,
              ports: [{ name: 'http', containerPort: 8080 }],
              securityContext: {
                allowPrivilegeEscalation: false,
                capabilities: { drop: ['ALL'] },
                readOnlyRootFilesystem: true,
              },
              resources: {
                requests: { cpu: '1m', memory: '1Mi' },
                limits: { cpu: '10m', memory: '8Mi' },
              },
              readinessProbe: { httpGet: { path: '/readyz', port: 'http' } },
              livenessProbe: { httpGet: { path: '/healthz', port: 'http' } },
            },
          ],
        },
      },
    },
  });
}

main().catch(error => {
  process.stderr.write(`${error.stack}\n`);
  process.exit(1);
});
