import { LoggerService } from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { Knex } from 'knex';
import { ManifestStore } from '../database/ManifestStore';
import { ReadStore } from '../database/ReadStore';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { Environments } from '../service/EnvironmentSettings';
import { KeptManifests } from '../service/KeptManifests';
import { Services } from '../service/Services';
import { ClusterComparer } from './ClusterComparer';
import { DriftStore } from './DriftStore';
import { DriftWatcher } from './DriftWatcher';

/** What looks for changes by hand, and where it writes down what it sees. */
export function createDriftWatcher(options: {
  config: Config;
  db: Knex;
  environments: Environments;
  logger: LoggerService;
  manifests: ManifestStore;
  newId: () => string;
  now: () => Date;
  onChange: () => void;
  reader: ReadStore;
  services: Services;
}): { store: DriftStore; watcher: DriftWatcher } {
  const { config, db, manifests, newId, services, ...rest } = options;
  const store = new DriftStore(db, { newId });
  const watcher = new DriftWatcher({
    ...{ ...rest, store },
    comparer: new ClusterComparer({ access: ClusterAccess.fromConfig(config) }),
    kept: new KeptManifests(manifests),
    nameOf: async service => (await services.get(service)).name,
  });
  return { store, watcher };
}
