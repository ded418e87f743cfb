import {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { DeliveryTaker, readConfigAs } from '@highroad/plugin-platform-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { Knex } from 'knex';
import { z } from 'zod';
import { PullRequestHost } from '../drivers/gitHosts/PullRequestHost';
import { PullRequestHosts } from '../drivers/gitHosts/PullRequestHosts';
import { EnvironmentResources } from '../service/EnvironmentResources';
import { PreviewSettings } from '../service/PreviewSettings';
import { EnvironmentWatcher } from './EnvironmentWatcher';
import { Provisioning } from './Provisioning';
import { PullRequestDoor } from './PullRequestDoor';
import { PullRequestReconciler } from './PullRequestReconciler';
import { PullRequestRecorder } from './PullRequestRecorder';
import { PullRequestStore } from './PullRequestStore';
import { PullRequestWorker } from './PullRequestWorker';
import { Relisting } from './Relisting';
import { CatalogRepositoryOwners } from './RepositoryOwners';
import { pullRequestTaker } from './pullRequestTaker';

/** A lost webhook is repaired within a minute, also where one listing fails. */
const relistSchema = z.number().int().min(5).max(60).default(25);

/**
 * Write access at the host is the permission that comments go by. What is kept by it ends with its pull request at the latest,
 * and takes one of its owner's places until then.
 */
export const keepByCommentSchema = z.boolean().default(true);

/** Environments of pull requests, as one part of the backend. */
export interface PullRequests {
  /** Takes what Git hosts tell */
  taker: DeliveryTaker<PullRequestHost>;
  /** By which people ask for one by its address */
  door: PullRequestDoor;
  start(): void;
  stop(): Promise<void>;
}

/**
 * @param options.drivers - names of those that make databases
 * @throws InputError with the path of a bad key under `platform.pullRequests`
 */
export function createPullRequests(options: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  db: Knex;
  drivers: string[];
  environments: EnvironmentResources;
  holder: string;
  logger: LoggerService;
  now: () => Date;
  /** From 0 to 1 */
  random: () => number;
  settings: Pick<PreviewSettings, 'lifetime'>;
}): PullRequests {
  const { auditor, config, drivers, environments, logger, now, random } =
    options;
  const hosts = PullRequestHosts.fromConfig(config);
  const relistSeconds = readConfigAs(
    config,
    'platform.pullRequests.relistSeconds',
    relistSchema,
  );
  const mayKeep = readConfigAs(
    config,
    'platform.pullRequests.keepByComment',
    keepByCommentSchema,
  );
  const store = new PullRequestStore(options.db);
  const owners = new CatalogRepositoryOwners({
    ...{ ...options, hosts },
    repositories: EntityRepositories.fromConfig(config),
  });
  const recorder = new PullRequestRecorder({ auditor });
  const worker = new PullRequestWorker({
    ...{ logger, now, random, store, holder: options.holder },
    relistMs: relistSeconds * 1000,
    relisting: new Relisting({ environments, hosts, now, owners, store }),
    reconciler: new PullRequestReconciler({
      ...{ environments, hosts, now, owners, settings: options.settings },
      ...{ drivers, mayKeep, recorder },
      portalUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
    }),
  });
  const watcher = new EnvironmentWatcher({
    ...{ environments, logger, random },
    hosts: hosts.all().map(({ host }) => host),
    want: (ref, inMs) => worker.want(ref, inMs),
  });
  let unwatch = () => {};
  return {
    door: new PullRequestDoor({
      ...{ environments, hosts, now, owners, store },
      provisioning: new Provisioning({
        ...{ drivers, environments, now, owners, recorder },
      }),
      want: ref => worker.want(ref),
    }),
    taker: pullRequestTaker({ hosts, want: ref => worker.want(ref) }),
    start() {
      // Where none is connected there is nothing to look at.
      if (hosts.all().length === 0) return;
      unwatch = watcher.start();
      worker.start();
    },
    async stop() {
      unwatch();
      await worker.stop();
    },
  };
}
