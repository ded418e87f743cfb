import { mockServices } from '@backstage/backend-test-utils';
import { KIND } from '@highroad/plugin-environments-common';
import {
  DatabaseDriver,
  DatabaseHolding,
} from '@highroad/plugin-environments-node';
import {
  ClusterClient,
  ClusterError,
} from '@highroad/plugin-platform-node/kubernetes';
import { OrphanDatabases } from './OrphanDatabases';

const { signal } = new AbortController();
const HERE = 'this-cluster';
const LEFT = {
  ...{ environmentUid: 'u-left', cluster: HERE },
  names: ['env_left_main_1'],
};

function driverWith(holdings: () => Promise<DatabaseHolding[]>) {
  return {
    holdings: jest.fn(holdings),
    removeAll: jest.fn<Promise<void>, unknown[]>(),
  };
}

/** A cluster with one environment, and the namespace of another whose resource is gone. */
function clusterThat(shows: { kubeSystem: 'its uid' | 'nothing' | '403' }) {
  const client: Pick<ClusterClient, 'find' | 'list'> = {
    async find() {
      if (shows.kubeSystem === '403') throw new ClusterError(403, 'forbidden');
      return shows.kubeSystem === 'nothing'
        ? undefined
        : {
            ...{ apiVersion: 'v1', kind: 'Namespace' },
            metadata: { name: 'kube-system', uid: HERE },
          };
    },
    async list(kind) {
      const labels = { 'platform.myorg.com/environment-uid': 'u-namespace' };
      const item =
        kind === KIND
          ? { metadata: { name: 'one', uid: 'u-living' } }
          : { metadata: { name: 'env-two', labels } };
      return {
        items: [{ apiVersion: 'v1', kind, ...item }],
        resourceVersion: '1',
      };
    },
  };
  return client as ClusterClient;
}

function orphans(
  drivers: Record<string, Pick<DatabaseDriver, 'holdings' | 'removeAll'>>,
  kubeSystem: 'its uid' | 'nothing' | '403' = 'its uid',
) {
  const client = clusterThat({ kubeSystem });
  return new OrphanDatabases({
    client: () => client,
    drivers: new Map(Object.entries(drivers)) as Map<string, DatabaseDriver>,
    logger: mockServices.logger.mock(),
  });
}

describe('databases that are left', () => {
  it('are those of this cluster of which it has neither resource nor namespace, and those that name none', async () => {
    const { cluster: _, ...nameless } = { ...LEFT, environmentUid: 'u-old' };
    const server = driverWith(async () => [
      LEFT,
      nameless,
      { ...LEFT, environmentUid: 'u-living' },
      { ...LEFT, environmentUid: 'u-namespace' },
      { ...LEFT, environmentUid: 'u-theirs', cluster: 'another' },
    ]);
    const found = orphans({ server });
    expect(await found.list(signal)).toEqual({
      databases: [
        {
          ...{ environmentUid: 'u-left', driver: 'server', ours: true },
          names: LEFT.names,
        },
        {
          ...{ environmentUid: 'u-old', driver: 'server', ours: false },
          names: LEFT.names,
        },
      ],
      problems: [],
    });
    expect(await found.remove('u-left', signal)).toEqual(LEFT.names);
    expect(server.removeAll).toHaveBeenCalledWith(
      { environmentUid: 'u-left', cluster: HERE },
      signal,
    );
    for (const uid of ['u-living', 'u-namespace', 'u-theirs', 'u-none']) {
      await expect(found.remove(uid, signal)).rejects.toThrow(
        /No databases are left/,
      );
    }
    await expect(found.remove('u-old', signal)).rejects.toThrow(
      /do not say of which cluster/,
    );
    expect(server.removeAll).toHaveBeenCalledTimes(1);
  });

  it('are listed as far as their servers answer, without what is not for everybody', async () => {
    const found = orphans({
      away: driverWith(async () => {
        throw new Error('connect ECONNREFUSED 10.1.2.3:5432');
      }),
      server: driverWith(async () => [LEFT]),
    });
    const { databases, problems } = await found.list(signal);
    expect(databases).toHaveLength(1);
    expect(problems).toEqual([
      'Whether databases of the driver "away" are left could not be found out. The portal\'s log says why.',
    ]);
    // It may be on the server that is away.
    await expect(found.remove('u-none', signal)).rejects.toThrow(
      /could not be found out/,
    );
  });

  it.each(['nothing', '403'] as const)(
    'are not told from those of others where the cluster shows %s of what tells it apart',
    async kubeSystem => {
      const server = driverWith(async () => [LEFT]);
      const found = orphans({ server }, kubeSystem);
      expect(await found.list(signal)).toEqual({
        databases: [],
        problems: [
          expect.stringMatching(/does not show its namespace kube-system/),
        ],
      });
      await expect(found.remove('u-left', signal)).rejects.toThrow(
        /kube-system/,
      );
      expect(server.removeAll).not.toHaveBeenCalled();
    },
  );
});
