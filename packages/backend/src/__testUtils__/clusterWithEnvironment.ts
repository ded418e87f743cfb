import { createServer, ServerResponse } from 'node:http';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ClusterWithEnvironment {
  /** Path of a kubeconfig for it */
  kubeconfig: string;
  stop(): Promise<void>;
}

/**
 * Answers as a cluster does that has one environment and nothing else: enough to ask who may do what with it. Somebody
 * else holds the lease, so that nothing is made.
 */
export async function startClusterWithEnvironment(options: {
  name: string;
  owner: string;
}): Promise<ClusterWithEnvironment> {
  const environment = {
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: {
      ...{ name: options.name, namespace: 'environments', uid: 'u-1' },
      ...{ resourceVersion: '1', generation: 1 },
      creationTimestamp: new Date().toISOString(),
    },
    spec: {
      ...{ type: 'preview', owner: options.owner },
      services: [{ name: 'payment-service', image: 'payments:1' }],
    },
  };
  const lease = {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name: 'highroad-environments', resourceVersion: '1' },
    spec: { holderIdentity: 'another', leaseDurationSeconds: 3600 },
  };
  const server = createServer((request, response) => {
    const { pathname, searchParams } = new URL(
      request.url ?? '/',
      'http://cluster',
    );
    if (searchParams.has('watch')) {
      // Nothing happens.
      response.writeHead(200).flushHeaders();
      return;
    }
    const ofEnvironment = pathname.includes('/environments/');
    if (request.method === 'PATCH' || request.method === 'DELETE') {
      request.resume();
      answer(response, environment);
    } else if (pathname.includes('/leases/')) answer(response, lease);
    else if (/\/namespaces\/(environments|kube-system)$/.test(pathname)) {
      const name = pathname.split('/').pop();
      answer(response, {
        ...{ apiVersion: 'v1', kind: 'Namespace' },
        metadata: { name, uid: `u-${name}` },
      });
    } else if (ofEnvironment && pathname.endsWith(`/${options.name}`)) {
      answer(response, environment);
    } else if (ofEnvironment || /\/namespaces\/[^/]+$/.test(pathname)) {
      response.writeHead(404).end('{"message":"there is none"}');
    } else {
      answer(response, {
        metadata: { resourceVersion: '1' },
        items: pathname.endsWith('/environments') ? [environment] : [],
      });
    }
  });
  await new Promise<void>(resolve => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const { port } = server.address() as AddressInfo;
  const folder = await mkdtemp(join(tmpdir(), 'highroad-cluster-'));
  const kubeconfig = join(folder, 'kubeconfig');
  await writeFile(
    kubeconfig,
    JSON.stringify({
      'current-context': 'test',
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
      clusters: [
        {
          name: 'test',
          cluster: {
            server: `http://127.0.0.1:${port}`,
            'insecure-skip-tls-verify': true,
          },
        },
      ],
      users: [{ name: 'test', user: { token: 'none' } }],
    }),
  );
  return {
    kubeconfig,
    async stop() {
      await new Promise(resolve => {
        server.close(resolve);
        server.closeAllConnections();
      });
      await rm(folder, { recursive: true });
    },
  };
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'Content-Type': 'application/json' });
  response.end(JSON.stringify(body));
}
