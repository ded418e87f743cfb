import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';
import { readResource } from '../../service/readResource';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { targetOf } from '../Target';
import { manifestObjects } from './manifestObjects';
import { ServiceOfManifests } from './ManifestReader';

const COMMIT = 'c0ffee0000000000000000000000000000000000';
const HOST = 'cart-demo.previews.test';

const object = (
  apiVersion: string,
  kind: string,
  spec?: object,
  metadata: object = {},
): KubernetesObject => ({
  ...{ apiVersion, kind },
  metadata: { name: 'cart', ...metadata },
  ...(spec && { spec }),
});
const pod = (spec: object = {}, container: object = {}) => ({
  selector: { matchLabels: { app: 'web' } },
  template: {
    metadata: { labels: { app: 'web' }, annotations: { team: 'shop' } },
    spec: {
      containers: [
        { name: 'cart', image: 'ghcr.io/acme/cart:unset', ...container },
      ],
      ...spec,
    },
  },
});
const deployment = (spec: object = {}, container: object = {}) =>
  object('apps/v1', 'Deployment', { replicas: 3, ...pod(spec, container) });
const ingress = (annotations: object = {}, spec: object = {}) =>
  object(
    'networking.k8s.io/v1',
    'Ingress',
    {
      defaultBackend: { service: { name: 'cart', port: { number: 80 } } },
      tls: [{ hosts: ['cart.example.com'], secretName: 'cart' }],
      rules: [
        {
          host: 'cart.example.com',
          http: { paths: [{ path: '/', pathType: 'Prefix', backend: {} }] },
        },
        {
          host: 'shop.example.com',
          http: {
            paths: [
              { path: '/', pathType: 'Prefix', backend: {} },
              { path: '/cart', pathType: 'Prefix', backend: {} },
            ],
          },
        },
      ],
      ...spec,
    },
    { annotations },
  );

function make(
  objects: KubernetesObject[],
  options: {
    service?: object;
    databases?: object[];
    settings?: object;
  } = {},
) {
  const resource = readResource({
    metadata: {
      ...{ name: 'demo', namespace: 'environments', uid: 'uid-1' },
      ...{ resourceVersion: '1', creationTimestamp: '2026-01-01T00:00:00Z' },
    },
    spec: {
      type: 'preview',
      services: [
        { name: 'cart', from: { service: 'cart' }, ...options.service },
      ],
      databases: options.databases ?? [],
    },
  });
  if (!resource.spec) throw new Error(resource.problem);
  const settings = parsePreviewSettings({
    url: 'https://{service}-{environment}.previews.test',
    ...options.settings,
  });
  const target = targetOf(resource, resource.spec, 'group:default/x', settings);
  const [service] = resource.spec.services;
  if (!service.from) throw new Error('It takes no manifests.');
  const own: ServiceOfManifests = { ...service, from: service.from };
  return manifestObjects(target, own, { commit: COMMIT, objects }, 'v1');
}

describe('a service’s own manifests in an environment', () => {
  it('become a Deployment with one pod, the image of their commit, and the environment’s labels', () => {
    const parts = make([deployment()]);
    expect(parts).toMatchObject({
      image: `ghcr.io/acme/cart:${COMMIT}`,
      images: [`ghcr.io/acme/cart:${COMMIT}`],
      commit: COMMIT,
      notes: [],
    });
    const labels = {
      'platform.myorg.com/environment-uid': 'uid-1',
      'platform.myorg.com/service': 'cart',
    };
    expect(parts.workloads).toEqual([
      expect.objectContaining({
        ...{ apiVersion: 'apps/v1', kind: 'Deployment' },
        metadata: {
          ...{ name: 'cart', namespace: 'env-demo' },
          labels: expect.objectContaining(labels),
        },
        spec: expect.objectContaining({
          replicas: 1,
          selector: {
            matchLabels: {
              app: 'web',
              'platform.myorg.com/service': 'cart',
            },
          },
          template: expect.objectContaining({
            metadata: {
              labels: expect.objectContaining({ app: 'web', ...labels }),
              annotations: expect.objectContaining({ team: 'shop' }),
            },
          }),
        }),
      }),
    ]);
  });

  it('have their Rollouts run as Deployments, without what shifts traffic', () => {
    const { workloads } = make([
      object('argoproj.io/v1alpha1', 'Rollout', {
        ...pod(),
        strategy: { canary: { steps: [{ setWeight: 20 }] } },
      }),
    ]);
    expect(workloads[0]).toMatchObject({
      apiVersion: 'apps/v1',
      kind: 'Deployment',
    });
    expect(workloads[0].spec).not.toHaveProperty('strategy');
  });

  it('run the image that the environment names, in all containers of the service and no others', () => {
    const parts = make(
      [
        deployment({
          initContainers: [{ name: 'move', image: 'ghcr.io/acme/cart' }],
          containers: [
            { name: 'cart', image: 'ghcr.io/acme/cart:unset' },
            { name: 'proxy', image: 'envoy:1' },
          ],
        }),
      ],
      {
        service: { image: 'acme/cart:try' },
        settings: { registry: 'registry.test' },
      },
    );
    expect(parts.image).toBe('registry.test/acme/cart:try');
    expect(parts.images).toEqual(['registry.test/acme/cart:try', 'envoy:1']);
    expect(JSON.stringify(parts.workloads)).not.toContain('ghcr.io');
  });

  it('keep a tag or digest that the repository names itself', () => {
    const image = 'ghcr.io/acme/cart:1.2.3';
    expect(make([deployment({}, { image })]).image).toBe(image);
  });

  it('are given the environment’s database and variables in place of their own, and no Secret besides', () => {
    const { workloads, notes } = make(
      [
        object('v1', 'ServiceAccount'),
        deployment(
          {
            serviceAccountName: 'cart',
            imagePullSecrets: [{ name: 'other' }],
            volumes: [
              { name: 'keys', secret: { secretName: 'registry' } },
              { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
              { name: 'settings', configMap: { name: 'settings' } },
              {
                name: 'all',
                projected: {
                  sources: [
                    { secret: { name: 'registry' } },
                    { serviceAccountToken: { path: 'token' } },
                    { configMap: { name: 'settings' } },
                  ],
                },
              },
            ],
          },
          {
            env: [
              { name: 'LOG_LEVEL', value: 'debug' },
              { name: 'COLOUR', value: 'blue' },
              {
                name: 'DATABASE_URL',
                valueFrom: { secretKeyRef: { name: 'cart', key: 'URL' } },
              },
              {
                name: 'API_KEY',
                valueFrom: { secretKeyRef: { name: 'cart', key: 'API_KEY' } },
              },
            ],
            envFrom: [
              { secretRef: { name: 'database-main' } },
              { configMapRef: { name: 'settings' } },
            ],
          },
        ),
      ],
      {
        service: { env: [{ name: 'COLOUR', value: 'red' }] },
        databases: [{ type: 'postgres' }],
        settings: { imagePullSecret: 'registry' },
      },
    );
    const spec = JSON.parse(JSON.stringify(workloads[0].spec)).template.spec;
    expect(spec).not.toHaveProperty('serviceAccountName');
    expect(spec).toMatchObject({
      automountServiceAccountToken: false,
      imagePullSecrets: [{ name: 'registry' }],
    });
    expect(spec.volumes).toEqual([
      { name: 'keys', emptyDir: {} },
      { name: 'data', emptyDir: {} },
      { name: 'settings', configMap: { name: 'settings' } },
      {
        name: 'all',
        projected: { sources: [{ configMap: { name: 'settings' } }] },
      },
    ]);
    const [container] = spec.containers;
    expect(container.envFrom).toEqual([{ configMapRef: { name: 'settings' } }]);
    expect(container.env).toEqual([
      { name: 'LOG_LEVEL', value: 'debug' },
      {
        name: 'DATABASE_URL',
        valueFrom: {
          secretKeyRef: { name: 'database-main', key: 'DATABASE_URL' },
        },
      },
      ...['PGHOST', 'PGPORT', 'PGDATABASE', 'PGUSER', 'PGPASSWORD'].map(key =>
        expect.objectContaining({ name: key }),
      ),
      { name: 'COLOUR', value: 'red' },
    ]);
    expect(notes).toEqual([
      'It goes without what its manifests read of Secrets: API_KEY of cart, database-main, registry. Give it what it needs under env.',
    ]);
  });

  it('have their Ingress at the environment’s host alone, with annotations that name none', () => {
    const { others, url } = make(
      [
        deployment(),
        ingress({
          'nginx.ingress.kubernetes.io/proxy-body-size': '8m',
          'nginx.ingress.kubernetes.io/server-alias': 'cart.example.com',
          'external-dns.alpha.kubernetes.io/hostname': 'cart.example.com',
          'cert-manager.io/cluster-issuer': 'other',
        }),
      ],
      { settings: { tlsIssuer: 'letsencrypt', ingressClass: 'nginx' } },
    );
    expect(url).toBe(`https://${HOST}`);
    expect(others).toEqual([
      expect.objectContaining({
        kind: 'Ingress',
        metadata: expect.objectContaining({
          annotations: {
            'nginx.ingress.kubernetes.io/proxy-body-size': '8m',
            'cert-manager.io/cluster-issuer': 'letsencrypt',
          },
        }),
        spec: {
          ingressClassName: 'nginx',
          tls: [{ hosts: [HOST], secretName: 'cart-tls' }],
          rules: [
            {
              host: HOST,
              http: {
                paths: [
                  { path: '/', pathType: 'Prefix', backend: {} },
                  { path: '/cart', pathType: 'Prefix', backend: {} },
                ],
              },
            },
          ],
        },
      }),
    ]);
  });

  it('have no address where they have no Ingress, or the environment wants none', () => {
    expect(make([deployment()]).url).toBeUndefined();
    const hidden = make([deployment(), ingress()], {
      service: { public: false },
    });
    expect(hidden.url).toBeUndefined();
    expect(hidden.others).toEqual([]);
  });

  it('have Services that reach their own pods only, and the ConfigMaps that these read', () => {
    const { others } = make([
      deployment({}, { envFrom: [{ configMapRef: { name: 'settings' } }] }),
      object(
        'v1',
        'Service',
        {
          selector: { app: 'web' },
          ports: [{ port: 80, targetPort: 8080 }],
        },
        { annotations: { 'external-dns.alpha.kubernetes.io/hostname': 'x' } },
      ),
      {
        ...object('v1', 'ConfigMap', undefined, { name: 'settings' }),
        data: { a: '1' },
      },
      object('v1', 'ConfigMap', undefined, { name: 'dashboard' }),
    ]);
    expect(
      others.map(({ kind, metadata }) => `${kind} ${metadata.name}`),
    ).toEqual(['ConfigMap settings', 'Service cart']);
    expect(others[0]).toMatchObject({ data: { a: '1' } });
    expect(others[1].metadata).not.toHaveProperty('annotations');
    expect(others[1].spec).toEqual({
      selector: { app: 'web', 'platform.myorg.com/service': 'cart' },
      ports: [{ port: 80, targetPort: 8080 }],
    });
  });

  it('leave to standing environments what is of no use here, and say which jobs do not run', () => {
    const parts = make([
      deployment(),
      object('networking.k8s.io/v1', 'NetworkPolicy', { podSelector: {} }),
      object('autoscaling/v2', 'HorizontalPodAutoscaler', {}),
      object('policy/v1', 'PodDisruptionBudget', {}),
      object('monitoring.coreos.com/v1', 'ServiceMonitor', { endpoints: [] }),
      object('batch/v1', 'Job', pod({ restartPolicy: 'Never' }), {
        name: 'move',
      }),
    ]);
    expect(parts.others).toEqual([]);
    expect(parts.notes).toEqual([
      'The Job move is left out: previews run what stays.',
    ]);
  });

  it.each([
    ['no workload', [object('v1', 'ConfigMap')], {}, /nothing would run/],
    [
      'several, none of which is the service’s',
      ['a', 'b'].map(name => object('apps/v1', 'Deployment', pod(), { name })),
      {},
      /several workloads \(Deployment a, Deployment b\); name the service's own cart/,
    ],
    [
      'what a repository may not have',
      [deployment({ hostNetwork: true })],
      {},
      /hostNetwork/,
    ],
    [
      'an image from where none may be',
      [deployment()],
      { settings: { images: ['registry.test'] } },
      /is from where none may be/,
    ],
    [
      'a sidecar from where none may be',
      [
        deployment({
          containers: [
            { name: 'cart', image: 'ghcr.io/acme/cart' },
            { name: 'proxy', image: 'evil.test/proxy:1' },
          ],
        }),
      ],
      { settings: { images: ['ghcr.io/acme'] } },
      /evil.test\/proxy:1 is from where none may be/,
    ],
    [
      'an image that is none',
      [deployment({}, { image: 'UPPER' })],
      {},
      /"UPPER" of its Deployment cart can't be read/,
    ],
    [
      'an Ingress without a path',
      [deployment(), ingress({}, { rules: [] })],
      {},
      /has no path/,
    ],
  ])('are refused in words with %s', (_what, objects, options, why) => {
    expect(() => make(objects, options)).toThrow(
      expect.objectContaining({
        name: 'ManifestProblem',
        message: expect.stringMatching(why),
      }),
    );
  });

  it('may be rendered for another namespace', () => {
    const parts = make([
      object('apps/v1', 'Deployment', pod(), { namespace: 'cart-staging' }),
    ]);
    expect(parts.workloads[0].metadata.namespace).toBe('env-demo');
  });
});
