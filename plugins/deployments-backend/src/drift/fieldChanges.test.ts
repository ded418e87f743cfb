import { fieldChanges } from './fieldChanges';
import { KubernetesObject } from '@highroad/plugin-platform-node/manifests';

const workload = (spec: object): KubernetesObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'cart', labels: { 'app.kubernetes.io/name': 'cart' } },
  spec,
});
const map: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name: 'settings' },
};

describe('what differs between manifests', () => {
  it('is told by field, with items of lists by their names', () => {
    const before = workload({
      replicas: 1,
      containers: [
        { name: 'proxy', image: 'p:1' },
        { name: 'cart', image: 'c:1', env: [{ name: 'A', value: '1' }] },
      ],
      args: ['a', 'b'],
    });
    const after = workload({
      replicas: 3,
      containers: [
        { name: 'cart', image: 'c:2', env: [{ name: 'B', value: '2' }] },
        { name: 'proxy', image: 'p:1' },
      ],
      args: ['a', 'c'],
    });
    expect(fieldChanges([before], [after])).toEqual([
      {
        object: 'Deployment cart',
        change: 'changed',
        fields: [
          { path: 'spec.replicas', before: '1', after: '3' },
          { path: 'spec.containers[cart].image', before: 'c:1', after: 'c:2' },
          {
            path: 'spec.containers[cart].env[A]',
            before: '{"name":"A","value":"1"}',
          },
          {
            path: 'spec.containers[cart].env[B]',
            after: '{"name":"B","value":"2"}',
          },
          { path: 'spec.args[1]', before: 'b', after: 'c' },
        ],
      },
    ]);
  });

  it('names what is new and what is gone, and nothing that is the same', () => {
    expect(fieldChanges([workload({}), map], [workload({})])).toEqual([
      { object: 'ConfigMap settings', change: 'removed', fields: [] },
    ]);
    expect(fieldChanges([], [map])).toEqual([
      { object: 'ConfigMap settings', change: 'added', fields: [] },
    ]);
    expect(fieldChanges([map], [{ ...map }])).toEqual([]);
  });

  it('writes keys with dots so that they can be told from paths', () => {
    const other = workload({});
    other.metadata.labels = { 'app.kubernetes.io/name': 'other' };
    expect(fieldChanges([workload({})], [other])[0].fields).toEqual([
      {
        path: 'metadata.labels["app.kubernetes.io/name"]',
        before: 'cart',
        after: 'other',
      },
    ]);
  });
});
