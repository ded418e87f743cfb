import { environmentSpecSchema } from '@highroad/plugin-environments-common';
import { parsePreviewSettings } from './PreviewSettings';
import { sizeProblem } from './sizeProblem';

const settings = parsePreviewSettings({
  databases: { cluster: { image: 'postgres:17' } },
});
const problem = (
  count: number,
  service: object = {},
  databases: object[] = [],
) =>
  sizeProblem(
    environmentSpecSchema.parse({
      type: 'preview',
      services: Array.from({ length: count }, (_, at) => ({
        ...{ name: `api-${at}`, image: 'myorg/api:1' },
        ...service,
      })),
      databases,
    }),
    settings,
  );

describe('an environment whose services find no room beside one another', () => {
  it('is told by CPU, memory and pods, with what to change', () => {
    expect(problem(9)).toBe(
      'together they may use 4.5 CPU, and an environment has 4 at most; ask for less under resources.limits.cpu, without which each counts with 500m',
    );
    expect(problem(3, { resources: { requests: { memory: '3Gi' } } })).toMatch(
      /^together they may use 9Gi of memory, and .* has 8Gi at most/,
    );
    expect(
      problem(5, { replicas: 9, resources: { limits: { cpu: '1m' } } }),
    ).toMatch(/^together they are 45 pods, .* run fewer replicas$/);
  });

  it('is not one with as much as it may have, or where the services’ own manifests say it', () => {
    expect(problem(8)).toBeUndefined();
    expect(
      problem(20, { resources: { limits: { cpu: '200m', memory: '64Mi' } } }),
    ).toBeUndefined();
    expect(
      problem(10, {
        replicas: 4,
        resources: { limits: { cpu: '100m', memory: '1Mi' } },
      }),
    ).toBeUndefined();
    const from = { name: 'cart', from: { service: 'cart' }, image: undefined };
    expect(problem(1, { ...from, replicas: 10 })).toBeUndefined();
  });

  it('counts servers of databases that stand in it', () => {
    expect(
      problem(8, {}, [{ type: 'postgres', driver: 'server' }]),
    ).toBeUndefined();
    expect(problem(8, {}, [{ type: 'postgres', driver: 'cluster' }])).toMatch(
      /5 CPU/,
    );
  });
});
