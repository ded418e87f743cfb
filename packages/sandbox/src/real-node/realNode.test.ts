import {
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
} from 'node:fs/promises';
import { Resolver } from 'node:dns/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { ProgramCache } from '../cache/ProgramCache';
import { PACKAGE } from '../machine/paths';
import { waitUntil } from '../machine/processes';
import { answers } from '../servers/http';
import { describeWithSandbox } from '../testing';
import { TestCluster } from '../testing/TestSandbox';
import { pinOf } from '../upstream/programs';
import { DNS_SERVICE, NODE_NAME } from './layout';
import { Blob, Image, imageOf } from './ociImage';
import { runOnMachine } from './tools';

/** A server that is at hand as one static binary: it answers 200 at /health, and says at /ready whether it sees the API. */
const PROGRAM = 'coredns';

async function push(image: Image, address: string, name: string) {
  const send = async (url: string, method: string, part?: Blob) => {
    const response = await fetch(url, {
      method,
      body: part && new Uint8Array(part.content),
      headers: part ? { 'Content-Type': part.mediaType } : {},
    });
    if (!response.ok) throw new Error(`${method} ${url}: ${response.status}`);
    return response;
  };
  for (const part of image.parts) {
    const started = await send(`${address}/v2/${name}/blobs/uploads/`, 'POST');
    const to = new URL(started.headers.get('location') ?? '', address);
    to.searchParams.set('digest', part.digest);
    // The registry takes the content of a blob as bytes, whatever it is.
    await send(to.href, 'PUT', {
      ...part,
      mediaType: 'application/octet-stream',
    });
  }
  await send(`${address}/v2/${name}/manifests/1`, 'PUT', image.manifest);
}

/** How an address answers to requests for a host name. */
function statusOf(address: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const call = request(
      address,
      { headers: { Host: host }, path: '/health', agent: false },
      response => {
        response.resume();
        resolve(response.statusCode);
      },
    );
    call.on('error', reject);
    call.end();
  });
}

/** All that a service needs to be reached under a name: its workload, its Service and its Ingress. */
function serviceObjects(
  image: string,
  namespace: string,
  host: string,
): object[] {
  const name = 'web';
  const labels = { app: name };
  return [
    {
      apiVersion: 'v1',
      kind: 'ConfigMap',
      metadata: { name },
      data: {
        Corefile:
          '.:8053 {\n health :8080\n ready :8181\n log\n kubernetes cluster.local\n}\n',
      },
    },
    {
      apiVersion: 'rbac.authorization.k8s.io/v1',
      kind: 'ClusterRoleBinding',
      metadata: { name: namespace },
      roleRef: {
        apiGroup: 'rbac.authorization.k8s.io',
        kind: 'ClusterRole',
        name: 'system:coredns',
      },
      subjects: [{ kind: 'ServiceAccount', name: 'default', namespace }],
    },
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name },
      spec: {
        replicas: 2,
        selector: { matchLabels: labels },
        template: {
          metadata: { labels },
          spec: {
            securityContext: {
              runAsNonRoot: true,
              runAsUser: 65532,
              seccompProfile: { type: 'RuntimeDefault' },
            },
            containers: [
              {
                name,
                image,
                args: ['-conf', '/etc/web/Corefile'],
                ports: [{ containerPort: 8080 }],
                readinessProbe: {
                  // It is ready when it has seen the API: under its cluster address, and with its account's token.
                  httpGet: { path: '/ready', port: 8181 },
                  periodSeconds: 1,
                },
                securityContext: {
                  allowPrivilegeEscalation: false,
                  capabilities: { drop: ['ALL'] },
                },
                volumeMounts: [{ name: 'config', mountPath: '/etc/web' }],
              },
            ],
            volumes: [{ name: 'config', configMap: { name } }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name },
      spec: { selector: labels, ports: [{ port: 80, targetPort: 8080 }] },
    },
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name },
      spec: {
        rules: [
          {
            host,
            http: {
              paths: [
                {
                  path: '/',
                  pathType: 'Prefix',
                  backend: { service: { name, port: { number: 80 } } },
                },
              ],
            },
          },
        ],
      },
    },
  ];
}

/** Id of the process of one of the pods' containers. */
async function processInPod(): Promise<string> {
  for (const name of await readdir('/proc')) {
    const line = await readFile(`/proc/${name}/cmdline`, 'utf8').catch(
      () => '',
    );
    if (/^\d+$/.test(name) && line.includes('/etc/web/Corefile')) return name;
  }
  throw new Error('No process of a pod was found');
}

describeWithSandbox(
  'a real node',
  ['cluster', 'registry', 'postgres', 'vault', 'real-node'],
  sandbox => {
    let folder: string;
    let cluster: TestCluster;
    let host: string;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'highroad-real-node-'));
      const program = await new ProgramCache(sandbox.paths.cache).find(
        pinOf(PROGRAM),
      );
      if (!program) throw new Error(`${PROGRAM} is not prepared`);
      await mkdir(join(folder, 'root'));
      await copyFile(
        join(program.folder, 'bin', PROGRAM),
        join(folder, 'root', PROGRAM),
      );
      const { address, prefix } = await sandbox.registry();
      const image = await imageOf(
        join(folder, 'root'),
        join(folder, 'layer.tar'),
        { Entrypoint: [`/${PROGRAM}`] },
      );
      await push(
        image,
        address,
        `${prefix.slice(prefix.indexOf('/') + 1)}/web`,
      );

      cluster = await sandbox.cluster();
      host = `${cluster.namespace}.${sandbox.connection.ingress.domain}`;
      await cluster.kubectl([
        ...['label', 'namespace', cluster.namespace],
        'pod-security.kubernetes.io/enforce=restricted',
      ]);
      await cluster.kubectl(
        ['apply', '-f', '-'],
        serviceObjects(`${prefix}/web:1`, cluster.namespace, host)
          .map(object => stringify(object))
          .join('---\n'),
      );
      await cluster.kubectl([
        ...['rollout', 'status', 'deployment/web', '--timeout=60s'],
      ]);
    }, 120_000);
    afterAll(async () => {
      await cluster.kubectl([
        ...['delete', 'clusterrolebinding', cluster.namespace],
        '--ignore-not-found',
      ]);
      await rm(folder, { recursive: true, force: true });
    });

    it('runs pods of an image from the registry, as a user without rights, who reach the API', async () => {
      const pods = await cluster.kubectl([
        ...['get', 'pods', '--selector=app=web'],
        '--output=jsonpath={range .items[*]}{.spec.nodeName} {.status.phase}{"\\n"}{end}',
      ]);
      expect(pods.trim().split('\n')).toEqual([
        `${NODE_NAME} Running`,
        `${NODE_NAME} Running`,
      ]);
    });

    it('gives out the logs of a pod, and runs commands in it', async () => {
      const logs = await cluster.kubectl(['logs', 'deployment/web']);
      expect(logs).toContain('CoreDNS-');
      const version = await cluster.kubectl([
        ...['exec', 'deployment/web', '--', `/${PROGRAM}`, '-version'],
      ]);
      expect(version).toContain('CoreDNS-');
    });

    it('knows services by name, and leads their addresses to pods', async () => {
      const resolver = new Resolver({ timeout: 2000, tries: 3 });
      resolver.setServers([DNS_SERVICE]);
      const [address] = await resolver.resolve4(
        `web.${cluster.namespace}.svc.cluster.local`,
      );
      // kube-proxy follows a moment after the rollout.
      expect(
        await waitUntil(() => answers(`http://${address}/health`), {
          withinMs: 20_000,
          everyMs: 200,
        }),
      ).toBe(true);
      await expect(
        resolver.resolve4(`nobody.${cluster.namespace}.svc.cluster.local`),
      ).rejects.toMatchObject({ code: 'ENOTFOUND' });
    });

    it('lets pods reach PostgreSQL and Vault, with their passwords and tokens', async () => {
      const { hostFromPods, port } = sandbox.connection.postgres;
      const { addressFromPods } = sandbox.connection.vault;
      const database = await sandbox.postgres();
      const url = new URL(database.url);
      url.hostname = hostFromPods!;
      const pid = await processInPod();
      /** Runs in the pod's network, with this machine's files. */
      const inPod = (script: string) =>
        runOnMachine('nsenter', [
          ...['--target', pid, '--net', process.execPath],
          ...['-e', `process.chdir(${JSON.stringify(PACKAGE)});${script}`],
        ]);
      const query = (at: string) =>
        inPod(
          `const client = new (require(${JSON.stringify(
            require.resolve('pg'),
          )}).Client)(${JSON.stringify(at)});
           client.connect()
             .then(() => client.query('SELECT inet_client_addr() AS address'))
             .then(({ rows }) => { console.log(rows[0].address); return client.end(); })`,
        );
      expect(await query(url.href)).toMatch(/^10\.213\.0\./);
      url.password = 'wrong';
      await expect(query(url.href)).rejects.toThrow("routine: 'auth_failed'");
      expect(
        await inPod(
          `fetch('${addressFromPods}/v1/sys/health').then(r => console.log(r.status))`,
        ),
      ).toBe('200\n');
      // What is not for pods stays out of their reach, as does this machine's loopback.
      await expect(
        inPod(
          `fetch('http://127.0.0.1:${port}').catch(e => { console.error(e.cause.code); process.exit(1); })`,
        ),
      ).rejects.toThrow('ECONNREFUSED');
    });

    it('answers through the ingress under the name of the Ingress, and under no other', async () => {
      const { address } = sandbox.connection.ingress;
      expect(
        await waitUntil(async () => (await statusOf(address, host)) === 200, {
          withinMs: 20_000,
          everyMs: 200,
        }),
      ).toBe(true);
      expect(await statusOf(address, `other.${host}`)).toBe(404);
    });

    it('takes a pod away with its network', async () => {
      await cluster.kubectl(['delete', 'deployment/web', '--timeout=60s']);
      await cluster.kubectl([
        ...['wait', '--for=delete', 'pod', '--selector=app=web'],
        '--timeout=60s',
      ]);
      const { address } = sandbox.connection.ingress;
      expect(
        await waitUntil(async () => (await statusOf(address, host)) !== 200, {
          withinMs: 20_000,
          everyMs: 200,
        }),
      ).toBe(true);
    }, 120_000);
  },
);
