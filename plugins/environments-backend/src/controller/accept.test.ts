import { environmentSpecSchema } from '@highroad/plugin-environments-common';
import {
  ClusterAccess,
  ClusterClient,
} from '@highroad/plugin-platform-node/kubernetes';
import { parsePreviewSettings } from '../service/PreviewSettings';
import { readResource } from '../service/readResource';
import { accept } from './accept';
import { Places } from './quota';

const settings = parsePreviewSettings({ cluster: 'test' });
const cluster = { name: 'test', url: 'https://127.0.0.1:9', token: 'none' };

/** What becomes of an environment that somebody applied straight to the cluster, where no policy stands before it. */
const accepted = (spec: object, status: object) => {
  const resource = readResource({
    apiVersion: 'platform.myorg.com/v1',
    kind: 'Environment',
    metadata: {
      ...{ name: 'demo', namespace: settings.namespace, uid: 'u-1' },
      resourceVersion: '1',
      creationTimestamp: '2026-11-30T00:00:00Z',
    },
    ...{ spec, status },
  });
  return accept(resource, {
    client: new ClusterClient({
      config: new ClusterAccess([cluster]).config('test'),
    }),
    ...{ settings, places: new Places({ perTeam: 1, total: 1 }), drivers: [] },
    secrets: { ownerOf: async () => 'group:default/shop' },
    all: () => [],
  });
};

const applied = (service: object, status: object = {}) =>
  accepted(
    environmentSpecSchema.parse({
      ...{ type: 'preview', owner: 'group:default/shop' },
      services: [{ name: 'api', image: 'myorg/api:1', ...service }],
    }),
    status,
  );

describe('an environment that is applied straight to the cluster', () => {
  it('is refused with a secret in plain text, and told where to put it, without the secret', async () => {
    const refused = await applied({
      env: [{ name: 'DB_PASSWORD', value: 'hunter2' }],
    });
    expect(refused).toMatchObject({
      ...{ ok: false, reason: 'PlainSecret', owner: 'group:default/shop' },
      message: expect.stringContaining('platform secrets set api/DB_PASSWORD'),
    });
    expect(JSON.stringify(refused)).not.toContain('hunter2');
  });

  it('goes on with one where it was made before, and is warned of', async () => {
    const goesOn = await applied(
      { env: [{ name: 'POSTGRES_PASSWORD', value: 'postgres' }] },
      { phase: 'refused', namespace: 'env-demo' },
    );
    expect(goesOn).toMatchObject({
      ...{ ok: true, owner: 'group:default/shop' },
      warning: expect.stringMatching(
        /goes on.*platform secrets set api\/POSTGRES_PASSWORD/,
      ),
    });
  });

  it.each([
    [{ name: 'http', port: 9090 }, 'name: "http" is the platform’s'],
    [{ name: 'web', port: 80 }, 'port: 80 leads to its port (8080) already'],
    [{ name: 'web', port: 8080 }, 'port: 8080 is its port already'],
  ])(
    'is refused with the port %j, and goes on with it where it was made before',
    async (port, problem) => {
      const said = expect.stringContaining(
        `spec.services[0].ports[0].${problem}`,
      );
      expect(await applied({ ports: [port] })).toMatchObject({
        ...{ ok: false, reason: 'PortRefused', message: said },
      });
      const made = { phase: 'ready', namespace: 'env-demo' };
      expect(await applied({ ports: [port] }, made)).toMatchObject({
        ...{ ok: true, warning: said },
      });
    },
  );

  it('is refused where its services find no room beside one another, and goes on where it was made before', async () => {
    const large = { resources: { requests: { memory: '9Gi' } } };
    expect(await applied(large)).toMatchObject({
      ...{ ok: false, reason: 'TooLarge' },
      message: expect.stringMatching(
        /^Its services find no room: together they may use 9Gi of memory/,
      ),
    });
    const made = { phase: 'degraded', namespace: 'env-demo' };
    expect(await applied(large, made)).toMatchObject({ ok: true });
  });

  it('is taken with ports that have a name and a number of their own', async () => {
    const ports = [{ name: 'metrics', port: 9090 }];
    expect(await applied({ ports })).not.toHaveProperty('warning');
    expect(await applied({ ports })).toMatchObject({ ok: true });
  });

  it('is taken with other plain values', async () => {
    expect(
      await applied({ env: [{ name: 'LOG_LEVEL', value: 'debug' }] }),
    ).toMatchObject({ ok: true });
  });

  it('is still whose it was where it can’t be read any more', async () => {
    const owner = 'group:default/shop';
    expect(
      await accepted(
        { type: 'preview', ttl: '7d', services: [{ name: 'api' }] },
        { owner, phase: 'ready', namespace: 'env-demo' },
      ),
    ).toMatchObject({ ...{ ok: false, reason: 'Invalid', owner } });
  });
});
