import { databaseObjects } from '../../drivers/databases/cluster/databaseObjects';
import { parsePreviewSettings } from '../../service/PreviewSettings';
import { databasePart } from './databaseParts';

const target = { namespace: 'env-demo', labels: { whose: 'demo' } };

function server(image: string, storage?: { size: string; class?: string }) {
  const { databases } = parsePreviewSettings({
    databases: { cluster: { image, ...(storage && { storage }) } },
  });
  if (!databases.cluster) throw new Error('There are no settings.');
  const [, wanted] = databaseObjects('main', {
    ...{ secret: 'database-main-admin', settings: databases.cluster },
  });
  return wanted;
}

describe('the server of a database in an environment', () => {
  const begun = databasePart(
    target,
    'main',
    server('postgres:17.6', { size: '1Gi', class: 'fast' }),
    undefined,
  );

  it('has rows on a volume of the size and class that are configured, which goes with it', () => {
    expect(begun).toMatchObject({
      metadata: {
        ...{ name: 'database-main', namespace: 'env-demo' },
        labels: { whose: 'demo', 'platform.myorg.com/database': 'main' },
      },
      spec: {
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Delete' },
        volumeClaimTemplates: [
          {
            spec: {
              storageClassName: 'fast',
              resources: { requests: { storage: '1Gi' } },
            },
          },
        ],
      },
    });
  });

  it('keeps its image and its volume where the configuration names others since', () => {
    const changed = server('postgres:18.1', { size: '2Gi' });
    expect(databasePart(target, 'main', changed, begun)).toEqual(begun);
  });

  it('is told apart from one that never had a volume', () => {
    const without = databasePart(
      target,
      'main',
      server('postgres:17.6'),
      undefined,
    );
    const changed = server('postgres:17.6', { size: '2Gi' });
    const kept = databasePart(target, 'main', changed, without).spec;
    expect(kept).toMatchObject({ template: Object(without.spec).template });
    expect(kept).not.toHaveProperty('volumeClaimTemplates');
  });
});
