import { environmentSpecSchema } from '@highroad/plugin-environments-common';
import { clashesAmong } from './clashesAmong';
import { PlannedService } from './planService';

const spec = environmentSpecSchema.parse({
  type: 'preview',
  services: [
    { name: 'cart', from: { service: 'cart' } },
    { name: 'stock', from: { service: 'stock' } },
    { name: 'web', image: 'web:1' },
  ],
  databases: [{ type: 'postgres' }],
});

/** Services with objects of these kinds and names, in the order of the manifest. */
const planned = (...objects: string[][]): PlannedService[] =>
  objects.map((names, at) => ({
    service: spec.services[at],
    parts: {
      workloads: [],
      others: names.map(key => {
        const [kind, name] = key.split(' ');
        return { apiVersion: 'v1', kind, metadata: { name } };
      }),
      ...{ image: 'x', images: ['x'], replicas: 1, notes: [] },
    },
  }));
const clashes = (...objects: string[][]) =>
  [...clashesAmong({ spec }, planned(...objects))].map(
    ([name, { message }]) => `${name}: ${message}`,
  );

describe('names of what services of one environment bring', () => {
  it('may be alike where the kinds are not', () => {
    expect(
      clashes(['Service cart'], ['ConfigMap cart'], ['Service web']),
    ).toEqual([]);
  });

  it('belong to the service that the environment describes itself, then to the first', () => {
    expect(
      clashes(
        ['Service redis', 'Service web'],
        ['Service redis'],
        ['Service web'],
      ),
    ).toEqual([
      'cart: Its Service web has the name of one of web. Name it otherwise in its manifests.',
    ]);
    expect(clashes(['Service redis'], ['Service redis'], [])).toEqual([
      'stock: Its Service redis has the name of one of cart. Name it otherwise in its manifests.',
    ]);
  });

  it('are not those of databases, nor of the cluster’s own', () => {
    expect(
      clashes(['Service database-main'], ['ConfigMap kube-root-ca.crt'], []),
    ).toEqual([
      expect.stringContaining('one of the database main'),
      expect.stringContaining('one of the cluster'),
    ]);
  });
});
