import { describeWithSandbox, TestCluster } from '@highroad/sandbox/testing';
import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';
import { platform } from '../support/platform';
import { ROOT, RunningPortal, startPortal } from '../support/portal';
import { until } from '../support/until';
import { databasePod } from './support/databasePod';
import { throughIngress } from './support/throughIngress';

const run = promisify(execFile);

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const DATABASE_IMAGE = 'postgres:17.6';

const statusSchema = z.object({
  statuses: z
    .array(
      z.object({
        context: z.string(),
        status: z.string(),
        description: z.string(),
      }),
    )
    .nullish(),
});

const upSchema = z.object({
  data: z.object({
    result: z.array(z.object({ value: z.tuple([z.number(), z.string()]) })),
  }),
});

/** One typed command, and at the end a pod that answers: every part between is the real one. */
describeWithSandbox(
  'A Go API with PostgreSQL, from the command line to its pod',
  ['real-node', 'registry', 'git-host'],
  sandbox => {
    const name = `orders-${randomBytes(3).toString('hex')}`;
    let portal: RunningPortal;
    let folder: string;
    let cluster: TestCluster;

    beforeAll(async () => {
      portal = await startPortal();
      folder = await mkdtemp(join(tmpdir(), 'highroad-system-'));
      cluster = await sandbox.cluster();
      // Whatever runs here has to do with as little as in production.
      await cluster.kubectl([
        'label',
        'namespace',
        cluster.namespace,
        'pod-security.kubernetes.io/enforce=restricted',
      ]);
    }, 10 * MINUTE);
    afterAll(async () => {
      await rm(folder, { recursive: true, force: true });
      await portal.stop();
    });

    const gitea = () => sandbox.connection.gitea;
    const askIngress = (path: string) =>
      throughIngress(sandbox.connection.ingress, `${name}.staging`, path);
    const slug = () => `${gitea().organization}/${name}`;

    it(
      'is created in the sandbox’s Gitea',
      async () => {
        const { code, stdout, stderr } = await platform(portal, [
          ...['service', 'create', name, '--type', 'api', '--language', 'go'],
          ...['--database', 'postgres', '--json'],
        ]);
        expect({ code, stderr: code === 0 ? '' : stderr }).toEqual({
          code: 0,
          stderr: '',
        });
        expect(JSON.stringify(JSON.parse(stdout))).toContain(
          `${gitea().address}/${slug()}`,
        );
      },
      20 * MINUTE,
    );

    it(
      'is tested, built and pushed by the builder with nobody doing anything',
      async () => {
        const built = await until(
          async () => {
            const { statuses } = statusSchema.parse(
              await sandbox.askGitHost(
                'GET',
                `repos/${slug()}/commits/main/status`,
              ),
            );
            const ours = statuses?.find(
              one => one.context === 'highroad/build',
            );
            return ours && ours.status !== 'pending' ? ours : undefined;
          },
          25 * MINUTE,
          () => 'The builder has not said how it went.',
          SECOND,
        );
        // Why it failed is in the description.
        expect(`${built.status}: ${built.description}`).toMatch(/^success/);
        const { address } = sandbox.connection.registry;
        const manifest = await fetch(`${address}/v2/${slug()}/manifests/main`, {
          headers: {
            Accept:
              'application/vnd.oci.image.manifest.v1+json, application/vnd.docker.distribution.manifest.v2+json',
          },
        });
        expect(manifest.status).toBe(200);
      },
      26 * MINUTE,
    );

    it(
      'runs from its own manifests, and answers through the ingress with its database connected',
      async () => {
        await startDatabase();
        await deploy();
        await cluster.kubectl([
          ...['rollout', 'status', `deployment/${name}`, '--timeout=150s'],
        ]);
        const answer = await until(
          async () => {
            const found = await askIngress('/readyz');
            return found.status === 200 ? found : undefined;
          },
          5 * MINUTE,
          () => 'The service does not answer through the ingress.',
          SECOND,
        );
        expect(answer.status).toBe(200);
        // Prometheus has found it by itself.
        const up = await until(
          async () => {
            const query = encodeURIComponent(`up{service="${name}"}`);
            const response = await fetch(
              `${sandbox.connection.prometheus.address}/api/v1/query?query=${query}`,
            );
            const { data } = upSchema.parse(await response.json());
            return data.result[0]?.value[1];
          },
          5 * MINUTE,
          () => 'Prometheus does not know the service.',
          SECOND,
        );
        expect(up).toBe('1');
      },
      20 * MINUTE,
    );

    it(
      'is not ready any more when its database is gone',
      async () => {
        await cluster.kubectl(['scale', 'deployment/database', '--replicas=0']);
        await cluster.kubectl([
          ...['wait', `deployment/${name}`, '--for=condition=Available=false'],
          '--timeout=90s',
        ]);
        expect((await askIngress('/readyz')).status).not.toBe(200);
      },
      20 * MINUTE,
    );

    it(
      'leaves nothing when it is deleted',
      async () => {
        await cluster.kubectl([
          ...['delete', 'namespace', cluster.namespace, '--timeout=120s'],
        ]);
        await cluster.kubectl(['create', 'namespace', cluster.namespace]);
        expect(
          await cluster.kubectl([
            'get',
            'pods,services,ingresses',
            '-o',
            'name',
          ]),
        ).not.toContain(name);
        // The ingress looks once a second.
        const gone = await until(
          async () => {
            const { status } = await askIngress('/readyz');
            return status === 404 ? status : undefined;
          },
          5 * MINUTE,
          () => 'The ingress still knows the service.',
          SECOND,
        );
        expect(gone).toBe(404);
      },
      20 * MINUTE,
    );

    /** A PostgreSQL pod from an image that is made on this machine. */
    async function startDatabase() {
      const image = `${sandbox.connection.registry.host}/library/${DATABASE_IMAGE}`;
      await run(
        process.execPath,
        [
          join(ROOT, 'packages/sandbox/bin/sandbox'),
          ...['images', DATABASE_IMAGE, '--state', sandbox.paths.state],
        ],
        { maxBuffer: 64 * 1024 * 1024 },
      );
      await cluster.kubectl(
        ['apply', '-f', '-'],
        JSON.stringify(databasePod(image)),
      );
      await cluster.kubectl([
        ...['rollout', 'status', 'deployment/database', '--timeout=120s'],
      ]);
    }

    /** What the repository holds for staging, at the image that the builder has pushed. */
    async function deploy() {
      const clone = join(folder, 'clone');
      const { username, password, address } = gitea();
      const url = new URL(`${address}/${slug()}.git`);
      url.username = username;
      url.password = password;
      await run('git', ['clone', '--quiet', url.href, clone]);
      const { stdout: head } = await run('git', ['rev-parse', 'HEAD'], {
        cwd: clone,
      });
      const overlay = join(clone, 'deploy/overlays/staging/kustomization.yaml');
      const text = await readFile(overlay, 'utf8');
      await writeFile(
        overlay,
        text.replace('newTag: unset', `newTag: ${head.trim()}`),
      );
      await cluster.kubectl([
        ...['create', 'secret', 'generic', name],
        '--from-literal=DATABASE_URL=postgres://app:app@database:5432/app?sslmode=disable',
      ]);
      await cluster.kubectl([
        ...['apply', '--server-side', '-k'],
        join(clone, 'deploy/overlays/staging'),
      ]);
    }
  },
);
