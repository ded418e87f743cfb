import { SandboxStatus } from '@highroad/plugin-sandbox-common';
import { SandboxPaths } from '@highroad/sandbox';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { dirname } from 'node:path';

export const SECRET = 'every-secret-begins-with-this';

export const answering: SandboxStatus = {
  revision: 7,
  state: 'answering',
  startedAt: '2026-02-10T12:00:00.000Z',
  tookSeconds: 11.5,
  node: { kind: 'simulated', why: 'It was asked for.' },
  programs: [
    { name: 'registry', version: '2.8.2', state: 'ready', seconds: 4 },
  ],
  servers: [
    {
      name: 'registry',
      title: 'Images',
      version: '2.8.2',
      state: 'answering',
      origin: 'sandbox',
      address: 'http://127.0.0.1:15000',
      waitingFor: [],
      tookSeconds: 0.4,
      restarts: 0,
      memoryBytes: 24_000_000,
    },
  ],
};

/** The address of a sandbox's supervisor and the files that lead to it, with a status that a test sets. */
export class SupervisorAddress {
  status: SandboxStatus = answering;
  readonly paths: SandboxPaths;
  #server: Server | undefined;

  constructor(folder: string) {
    this.paths = new SandboxPaths(folder);
  }

  async start(): Promise<void> {
    this.#server = createServer((req, res) => {
      const signedIn =
        req.headers.authorization === `Bearer ${SECRET}-supervisor`;
      res
        .writeHead(signedIn ? 200 : 401, { 'Content-Type': 'application/json' })
        .end(JSON.stringify(signedIn ? this.status : { error: 'No token.' }));
    });
    await new Promise<void>(done => {
      this.#server?.listen(0, '127.0.0.1', () => done());
    });
    const { port } = this.#server.address() as AddressInfo;
    await mkdir(dirname(this.paths.log('x')), { recursive: true });
    await writeFile(
      this.paths.connection,
      JSON.stringify(connection(this.paths)),
    );
    await writeFile(
      this.paths.supervisor,
      JSON.stringify({
        pid: process.pid,
        started: startOf(process.pid),
        address: `http://127.0.0.1:${port}`,
      }),
    );
  }

  async stop(): Promise<void> {
    await rm(this.paths.supervisor, { force: true });
    this.#server?.closeAllConnections();
    await new Promise(done => this.#server?.close(done));
  }
}

/** Clock ticks from boot to the start of a process, as the supervisor writes them down. */
function startOf(pid: number): number {
  const file = `/proc/${pid}/stat`;
  if (!existsSync(file)) return 0;
  const stat = readFileSync(file, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]);
}

function connection(paths: SandboxPaths) {
  const local = (port: number) => `http://127.0.0.1:${port}`;
  const ports = [
    'supervisor etcd etcdPeer kubernetes controllerManager scheduler kwok',
    'kubelet kubeletHealth kubeProxyHealth dnsHealth ingress ingressSupport',
    'rolloutsMetrics rolloutsHealth prometheus vault vaultCluster registry',
    'postgres gitea builder',
  ];
  return {
    version: 1,
    node: answering.node,
    ports: Object.fromEntries(
      ports
        .flatMap(line => line.split(' '))
        .map((name, i) => [name, 20000 + i]),
    ),
    supervisorToken: `${SECRET}-supervisor`,
    kubernetes: {
      server: 'https://127.0.0.1:16443',
      host: '127.0.0.1',
      ca: 'a certificate',
      adminToken: `${SECRET}-admin`,
      portalToken: `${SECRET}-portal`,
      kubeconfig: paths.run('kubeconfig'),
      version: '1.34.3',
    },
    ingress: { address: local(8088), domain: 'sandbox.localhost' },
    vault: {
      address: local(18200),
      roleId: `${SECRET}-role`,
      secretId: `${SECRET}-id`,
      rootFile: paths.data('vault', 'root.json'),
    },
    registry: { host: '127.0.0.1:15000', address: local(15000) },
    postgres: {
      host: '127.0.0.1',
      port: 15432,
      user: 'postgres',
      password: `${SECRET}-pg`,
      url: `postgresql://postgres:${SECRET}-pg@127.0.0.1:15432/postgres`,
    },
    gitea: {
      address: local(13000),
      host: '127.0.0.1:13000',
      organization: 'highroad',
      username: 'highroad-bot',
      password: `${SECRET}-gitea`,
      webhookSecret: `${SECRET}-hook`,
    },
    prometheus: { address: local(19090) },
  };
}
