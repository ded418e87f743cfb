import {
  EnvironmentServiceSpec,
  environmentSpecSchema,
} from '@highroad/plugin-environments-common';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { readResource } from '../../service/readResource';
import { targetOf } from '../Target';
import { serviceObjects } from './serviceObjects';

const settings = parsePreviewSettings({ cluster: 'test' });

/** How a service is reached that asks for these ports besides. */
function reached(ports: EnvironmentServiceSpec['ports']) {
  const spec = environmentSpecSchema.parse({
    type: 'preview',
    services: [{ name: 'api', image: 'myorg/api:1', ports }],
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
  const { others } = serviceObjects(
    targetOf(resource, spec, 'group:default/shop', settings),
    spec.services[0],
    { image: 'myorg/api:1', values: '' },
  );
  return others.find(({ kind }) => kind === 'Service')?.spec;
}

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
});
