import {
  AuditorService,
  AuthService,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { Config } from '@backstage/config';
import { CatalogService } from '@backstage/plugin-catalog-node';
import { readConfigAs, RefusalRecords } from '@highroad/plugin-platform-node';
import { EntityRepositories } from '@highroad/plugin-platform-node/git';
import { Router } from 'express';
import { Knex } from 'knex';
import { z } from 'zod';
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
import { createWebhookRouter } from './webhookRouter';

/** A lost webhook is repaired within a minute, also where one listing fails. */
const relistSchema = z.number().int().min(5).max(60).default(25);

/** Environments of pull requests, as one part of the backend. */
export interface PullRequests {
  /** Where Git hosts send deliveries; to be served without a sign-in at {@link WEBHOOK_PREFIX} */
  webhooks: Router;
  /** By which people ask for one by its address */
  door: PullRequestDoor;
  start(): void;
  stop(): Promise<void>;
}

/** What needs no sign-in: each delivery is signed instead. */
export const WEBHOOK_PREFIX = '/v1/webhooks';

/** @throws InputError with the path of a bad key under `platform.pullRequests` */
export function createPullRequests(options: {
  auditor: AuditorService;
  auth: AuthService;
  catalog: CatalogService;
  config: Config;
  db: Knex;
  environments: EnvironmentResources;
  holder: string;
  logger: LoggerService;
  now: () => Date;
  /** From 0 to 1 */
  random: () => number;
  settings: Pick<PreviewSettings, 'lifetime'>;
}): PullRequests {
  const { auditor, config, environments, logger, now, random } = options;
  const hosts = PullRequestHosts.fromConfig(config);
  const relistSeconds = readConfigAs(
    config,
    'platform.pullRequests.relistSeconds',
    relistSchema,
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
      recorder,
      portalUrl: config.getString('app.baseUrl').replace(/\/$/, ''),
    }),
  });
  const watcher = new EnvironmentWatcher({
    ...{ environments, logger, random },
    hosts: hosts.all().map(({ host }) => host),
    want: (ref, inMs) => worker.want(ref, inMs),
  });
  const refusals = new RefusalRecords({
    ...{ auditor, logger, eventId: 'webhook' },
  });
  let unwatch = () => {};
  return {
    door: new PullRequestDoor({
      ...{ environments, hosts, now, owners, store },
      provisioning: new Provisioning({ environments, now, owners, recorder }),
      want: ref => worker.want(ref),
    }),
    webhooks: createWebhookRouter({
      ...{ hosts, refusals },
      want: ref => worker.want(ref),
    }),
    start() {
      // Where none is connected there is nothing to look at.
      if (hosts.all().length === 0) return;
      unwatch = watcher.start();
      worker.start();
    },
    async stop() {
      unwatch();
      await refusals.flush();
      await worker.stop();
    },
  };
}
