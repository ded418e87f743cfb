import { KubeConfig } from '@kubernetes/client-node';
import { once } from 'node:events';
import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import {
  ClusterSecrets,
  FIELD_MANAGER,
  RESTART_ANNOTATION,
  REVISION_ANNOTATION,
} from './ClusterSecrets';

const place = {
  ...{ cluster: 'test', namespace: 'cart-staging', secret: 'cart' },
  ...{ service: 'component:default/cart', environment: 'staging' },
};

async function listening(server: Server): Promise<Server> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return server;
}

function clustersAt(server: Server, callMs?: number): ClusterSecrets {
  const { port } = server.address() as AddressInfo;
  const config = new KubeConfig();
  config.loadFromClusterAndUser(
    {
      ...{ name: 'test', server: `http://127.0.0.1:${port}` },
      skipTLSVerify: true,
    },
    { name: 'platform', token: 'x' },
  );
  return new ClusterSecrets({
    access: { config: () => config, names: () => ['test'] },
    callMs,
  });
}

describe('a cluster that does not answer in time', () => {
  let server: Server;

  beforeEach(async () => {
    server = await listening(createServer());
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('is asked no more: what it was asked for is given up', async () => {
    const clusters = clustersAt(server, 200);
    const asked = once(server, 'request');
    const read = clusters.read(place);
    const [, response] = await asked;
    const givenUp = once(response, 'close');
    await expect(read).rejects.toThrow('It did not answer in time.');
    await givenUp;
  });
});

describe('workloads of which one cannot be restarted', () => {
  const AT = '2026-11-30T12:00:10.000Z';
  let server: Server;
  let clusters: ClusterSecrets;
  /** Whose every change is refused, by its path */
  let refused: string[];
  /** For which time each was restarted, by its path */
  let marks: Record<string, string>;
  let patches: string[];
  /** For which revision of the Secret each was, by its path */
  let revisions: Record<string, string>;
  let revision: string;
  let secretWrittenAt: string;
  let now: string;
  const patchedAt = new Map<string, string>();
  const deployments = '/apis/apps/v1/namespaces/cart-staging/deployments';
  const sets = '/apis/apps/v1/namespaces/cart-staging/statefulsets';

  const noted = (time: string | undefined) =>
    time ? [{ manager: FIELD_MANAGER, operation: 'Update', time }] : [];
  const workload = (path: string) => ({
    metadata: {
      ...{ name: path.split('/').at(-1), namespace: place.namespace },
      ...(revisions[path] && {
        annotations: { [REVISION_ANNOTATION]: revisions[path] },
      }),
      managedFields: noted(patchedAt.get(path)),
    },
    spec: {
      selector: { matchLabels: { app: 'cart' } },
      template: {
        metadata: {
          annotations: marks[path] ? { [RESTART_ANNOTATION]: marks[path] } : {},
        },
        spec: {
          containers: [
            { name: 'main', envFrom: [{ secretRef: { name: 'cart' } }] },
          ],
        },
      },
    },
  });
  const kinds = (...names: Array<[name: string, kind: string]>) => ({
    ...{ kind: 'APIResourceList', apiVersion: 'v1', groupVersion: 'x' },
    resources: names.map(([name, kind]) => ({
      ...{ name, kind, namespaced: true, singularName: '', verbs: [] },
    })),
  });
  const list = (kind: string, ...paths: string[]) => ({
    ...{ kind: `${kind}List`, apiVersion: 'apps/v1', metadata: {} },
    items: paths.map(workload),
  });
  const answers: Record<string, () => object> = {
    '/api/v1': () => kinds(['secrets', 'Secret'], ['pods', 'Pod']),
    '/apis/apps/v1': () =>
      kinds(
        ['deployments', 'Deployment'],
        ['statefulsets', 'StatefulSet'],
        ['daemonsets', 'DaemonSet'],
      ),
    '/api/v1/namespaces/cart-staging/secrets/cart': () => ({
      ...{ kind: 'Secret', apiVersion: 'v1' },
      metadata: {
        ...{ name: 'cart', resourceVersion: revision },
        managedFields: noted(secretWrittenAt),
      },
    }),
    '/api/v1/namespaces/cart-staging/pods': () => ({
      ...{ kind: 'PodList', apiVersion: 'v1', metadata: {}, items: [] },
    }),
    [deployments]: () =>
      list('Deployment', `${deployments}/old`, `${deployments}/web`),
    [sets]: () => list('StatefulSet', `${sets}/queue`),
    '/apis/apps/v1/namespaces/cart-staging/daemonsets': () => list('DaemonSet'),
  };
  const answer = async (
    request: IncomingMessage,
  ): Promise<{ status: number; body: object }> => {
    const [path] = `${request.url}`.split('?');
    if (request.method !== 'PATCH') {
      const found = answers[path]?.();
      return found
        ? { status: 200, body: found }
        : { status: 404, body: { kind: 'Status' } };
    }
    const body = JSON.parse(await text(request));
    if (refused.includes(path)) {
      return { status: 403, body: { kind: 'Status' } };
    }
    const mark = body.spec.template.metadata.annotations[RESTART_ANNOTATION];
    revisions[path] = body.metadata.annotations[REVISION_ANNOTATION];
    if (marks[path] !== mark) {
      marks[path] = mark;
      patchedAt.set(path, now);
      patches.push(`${path.split('/').at(-1)}`);
    }
    return { status: 200, body: workload(path) };
  };

  beforeEach(async () => {
    refused = [`${deployments}/old`];
    marks = {};
    revisions = {};
    revision = '7';
    patches = [];
    patchedAt.clear();
    secretWrittenAt = '2026-11-30T12:00:00Z';
    now = '2026-11-30T12:00:11Z';
    server = await listening(
      createServer(async (request, response) => {
        const { status, body } = await answer(request);
        response.writeHead(status, { 'content-type': 'application/json' });
        response.end(JSON.stringify(body));
      }),
    );
    clusters = clustersAt(server);
  });
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it('are restarted but for that one, and it is said which were and which was not', async () => {
    const { message } = await clusters.restart(place, { at: AT }).then(
      () => ({ message: 'all were restarted' }),
      error => error,
    );
    expect(message).toMatch(
      /^The cluster could not restart Deployment old in cart-staging: the platform may not;.* \(403\)\. Restarted all the same: Deployment web, StatefulSet queue\.$/,
    );
    expect(patches.sort()).toEqual(['queue', 'web']);
  });

  it('are restarted no second time when it is tried again, and all are said once it can be', async () => {
    const again = () => clusters.restart(place, { at: AT });
    await expect(again()).rejects.toThrow('Deployment old');
    now = '2026-11-30T12:01:00Z';
    await expect(again()).rejects.toThrow('Deployment old');
    expect(patches.sort()).toEqual(['queue', 'web']);
    refused = [];
    expect(await again()).toEqual([
      ...['Deployment old', 'Deployment web', 'StatefulSet queue'],
    ]);
    expect(patches.sort()).toEqual(['old', 'queue', 'web']);
  });

  it('are restarted for what is written while that one still cannot be, and once only', async () => {
    const again = () => clusters.restart(place, { at: AT });
    await expect(again()).rejects.toThrow('Deployment old');
    secretWrittenAt = '2026-11-30T12:05:00Z';
    revision = '8';
    now = '2026-11-30T12:05:03Z';
    await expect(again()).rejects.toThrow('Deployment old');
    expect(patches.sort()).toEqual(['queue', 'queue', 'web', 'web']);
    now = '2026-11-30T12:06:00Z';
    await expect(again()).rejects.toThrow('Deployment old');
    expect(patches).toHaveLength(4);
  });

  it('are restarted once for each thing that is written, also where all of it comes in the same second', async () => {
    const again = () => clusters.restart(place, { at: AT });
    now = secretWrittenAt;
    for (const written of ['7', '8', '9']) {
      revision = written;
      patches = [];
      await expect(again()).rejects.toThrow('Deployment old');
      await expect(again()).rejects.toThrow('Deployment old');
      expect(patches.sort()).toEqual(['queue', 'web']);
    }
  });

  it('are told of in some words where there are many', async () => {
    const many = Array.from({ length: 8 }, (_, at) => `${deployments}/n${at}`);
    const { [deployments]: few } = answers;
    answers[deployments] = () => list('Deployment', ...many);
    refused = many;
    try {
      await expect(clusters.restart(place, { at: AT })).rejects.toThrow(
        /n0 in.* n4 in cart-staging[^.]*\. Nor 3 more\. Restarted all the same: StatefulSet queue\.$/,
      );
    } finally {
      answers[deployments] = few;
    }
  });
});
