import {
  EnvironmentServiceSpec,
  environmentSpecSchema,
} from '@highroad/plugin-environments-common';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { readResource } from '../../service/readResource';
import { targetOf } from '../Target';
import { serviceObjects } from './serviceObjects';

/** What a service that says this consists of, besides its Deployment, where previews are set up like this. */
function othersOf(
  service: Partial<EnvironmentServiceSpec>,
  previews: Record<string, unknown> = {},
) {
  const settings = parsePreviewSettings({ cluster: 'test', ...previews });
  const spec = environmentSpecSchema.parse({
    type: 'preview',
    services: [{ name: 'api', image: 'myorg/api:1', ...service }],
  });
  const resource = readResource({
    ...{ apiVersion: 'platform.myorg.com/v1', kind: 'Environment' },
    metadata: {
      ...{ name: 'demo', namespace: settings.namespace, uid: 'u-1' },
      resourceVersion: '1',
      creationTimestamp: '2026-11-30T00:00:00Z',
    },
    spec,
  });
  return serviceObjects(
    targetOf(resource, spec, 'group:default/shop', settings),
    spec.services[0],
    { image: 'myorg/api:1', values: '' },
  ).others;
}

/** How a service is reached that asks for these ports besides. */
const reached = (ports: EnvironmentServiceSpec['ports']) =>
  othersOf({ ports }).find(({ kind }) => kind === 'Service')?.spec;

const HOST = 'api-demo.previews.example.com';

/** How a public service answers from outside. */
const ingress = (previews: Record<string, unknown>) =>
  othersOf(
    {},
    {
      url: 'https://{service}-{environment}.previews.example.com',
      ...previews,
    },
  ).find(({ kind }) => kind === 'Ingress');

const TCP = { protocol: 'TCP' };
const OWN = [
  { ...{ name: 'http', port: 80, targetPort: 8080 }, ...TCP },
  { ...{ name: 'http-own', port: 8080, targetPort: 8080 }, ...TCP },
];

describe('a service of an environment', () => {
  it('is reached at port 80, at its own and at those that it asks for', () => {
    expect(reached([{ name: 'metrics', port: 9090 }])).toMatchObject({
      ports: [
        ...OWN,
        { ...{ name: 'metrics', port: 9090, targetPort: 9090 }, ...TCP },
      ],
    });
  });

  it('stays reached where it asked for ports of the platform before that was refused', () => {
    const ports = [
      { name: 'web', port: 80 },
      { name: 'http-own', port: 9090 },
      { name: 'again', port: 8080 },
    ];
    expect(reached(ports)).toMatchObject({ ports: OWN });
  });

  it('has a certificate of the issuer that is configured asked for its address', () => {
    expect(
      ingress({ tlsIssuer: 'letsencrypt', ingressClass: 'nginx' }),
    ).toMatchObject({
      metadata: {
        name: 'api',
        annotations: { 'cert-manager.io/cluster-issuer': 'letsencrypt' },
      },
      spec: {
        ingressClassName: 'nginx',
        tls: [{ hosts: [HOST], secretName: 'api-tls' }],
        rules: [{ host: HOST }],
      },
    });
  });

  it('asks nobody for a certificate where no issuer is configured', () => {
    const found = ingress({});
    expect(found).toMatchObject({ spec: { rules: [{ host: HOST }] } });
    expect(found?.metadata.annotations).toBeUndefined();
    expect(found?.spec).not.toHaveProperty('tls');
  });
});
