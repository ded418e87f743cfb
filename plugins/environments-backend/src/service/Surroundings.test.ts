import {
  ENVIRONMENT_UID_LABEL,
  SERVICE_LABEL,
} from '@highroad/plugin-environments-common';
import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parsePreviewSettings } from './PreviewSettings';
import { readResource } from './readResource';
import { Surroundings } from './Surroundings';

const TOKEN = 'ghp_0123456789abcdefghij0123456789abcdef';
const AT = '2026-11-30T12:00:00.000000000Z';
const answers: Record<string, unknown> = {
  '/api/v1/namespaces/env-demo': {
    ...{ apiVersion: 'v1', kind: 'Namespace' },
    metadata: { name: 'env-demo', labels: { [ENVIRONMENT_UID_LABEL]: 'u-1' } },
  },
  '/api/v1/namespaces/env-demo/pods': {
    ...{ apiVersion: 'v1', kind: 'PodList' },
    metadata: { resourceVersion: '1' },
    items: [
      { metadata: { name: 'api-1', labels: { [SERVICE_LABEL]: 'api' } } },
      {
        metadata: { name: 'cart-1', labels: { [SERVICE_LABEL]: 'cart' } },
        spec: {
          initContainers: [{ name: 'migrate' }],
          containers: [{ name: 'cart' }, { name: 'proxy' }],
        },
      },
    ],
  },
  '/api/v1/namespaces/env-demo/events': {
    ...{ apiVersion: 'v1', kind: 'EventList' },
    metadata: { resourceVersion: '1' },
    items: [
      {
        metadata: { name: 'e-1' },
        involvedObject: {},
        message: `pull failed with ${TOKEN}`,
      },
    ],
  },
  '/api/v1/namespaces/env-demo/pods/api-1/log': [
    `${AT} listening on 8080`,
    `${AT} connecting to postgres://user:hunter2@db/main`,
    `${AT} -----BEGIN PRIVATE KEY-----`,
    `${AT} MIIEvQIBADANBgkq`,
    `${AT} -----END PRIVATE KEY-----`,
    `${AT} using ${TOKEN}`,
  ].join('\n'),
};

/** As the API server answers of a pod with several containers. */
const ofContainers: Record<string, string> = {
  migrate: `${AT} 3 tables made`,
  cart: `${AT} listening on 80`,
};

it('shows what services log, of each of their containers, with when, and without what looks like a secret', async () => {
  const server = createServer(({ url = '' }, response) => {
    const { pathname, searchParams } = new URL(url, 'http://cluster.test');
    const container = searchParams.get('container') ?? '';
    const answer = pathname.endsWith('/cart-1/log')
      ? ofContainers[container]
      : answers[pathname];
    response.writeHead(answer === undefined ? 404 : 200, {
      'content-type':
        typeof answer === 'string' ? 'text/plain' : 'application/json',
    });
    response.end(typeof answer === 'string' ? answer : JSON.stringify(answer));
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  const kubeconfig = join(mkdtempSync(join(tmpdir(), 'cluster-')), 'config');
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      ...{ apiVersion: 'v1', kind: 'Config', 'current-context': 'test' },
      clusters: [
        {
          name: 'test',
          cluster: {
            server: `http://127.0.0.1:${port}`,
            'insecure-skip-tls-verify': true,
          },
        },
      ],
      users: [{ name: 'test', user: {} }],
      contexts: [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    }),
  );
  const access = new ClusterAccess([{ name: 'test', kubeconfig }]);
  const client = new ClusterClient({ config: access.config('test') });
  const settings = parsePreviewSettings({ cluster: 'test' });
  const surroundings = new Surroundings({ client: () => client, settings });
  const resource = readResource({
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: {
      ...{ name: 'demo', namespace: settings.namespace, uid: 'u-1' },
      ...{ resourceVersion: '1', creationTimestamp: AT },
    },
  });
  try {
    const ofCart = await surroundings.logs(resource, {
      ...{ service: 'cart', lines: 9 },
    });
    const of = { service: 'cart', pod: 'cart-1', at: AT };
    expect(ofCart.items).toEqual([
      { ...of, container: 'migrate', text: '3 tables made' },
      { ...of, container: 'cart', text: 'listening on 80' },
    ]);
    expect(ofCart.unread).toEqual([
      { pod: 'cart-1', message: expect.stringMatching(/^container proxy: /) },
    ]);

    const { items, unread } = await surroundings.logs(resource, {
      ...{ service: 'api', lines: 9 },
    });
    expect(unread).toEqual([]);
    expect(items.map(({ text }) => text)).toEqual([
      'listening on 8080',
      'connecting to postgres://[redacted]@db/main',
      ...['[redacted]', '[redacted]', '[redacted]'],
      'using [redacted]',
    ]);
    expect(items[0]).toMatchObject({ service: 'api', pod: 'api-1', at: AT });
    const [event] = await surroundings.events(resource);
    expect(event.message).toBe('pull failed with [redacted]');
  } finally {
    client.close();
    server.close();
    rmSync(dirname(kubeconfig), { recursive: true });
  }
});
