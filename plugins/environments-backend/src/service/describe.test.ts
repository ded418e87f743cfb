import { REQUESTED_BY_ANNOTATION } from '@highroad/plugin-environments-common';
import { databasesOf, describeEnvironment } from './describe';
import { parsePreviewSettings } from './PreviewSettings';
import { readResource } from './readResource';

const settings = parsePreviewSettings({ namespace: 'environments' });
const resource = (
  namespace: string,
  { databases = [], had = [] }: { databases?: string[]; had?: string[] } = {},
) =>
  readResource({
    metadata: {
      ...{ name: 'demo', namespace, uid: '1', resourceVersion: '7' },
      creationTimestamp: '2026-01-01T12:00:00Z',
      annotations: { [REQUESTED_BY_ANNOTATION]: 'user:default/anna' },
    },
    spec: {
      type: 'preview',
      services: [{ name: 'api', image: 'myorg/api:1' }],
      databases: databases.map(name => ({ name, type: 'postgres' })),
    },
    status: {
      databases: had.map(name => ({
        ...{ name, type: 'postgres', driver: 'server', state: 'ready' },
      })),
    },
  });
const askedBy = (namespace: string) =>
  describeEnvironment(resource(namespace), settings, new Date(0)).requestedBy;

it('says who asked for one where the platform wrote that down, and not where anybody of a team could', () => {
  expect(askedBy('environments')).toBe('user:default/anna');
  expect(askedBy('shop')).toBeUndefined();
});

it('names the databases that go with one, those too that were taken out of its manifest', () => {
  const one = resource('shop', { databases: ['main'], had: ['main', 'old'] });
  expect(databasesOf(one)).toEqual(['main', 'old']);
});
