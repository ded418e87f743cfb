import {
  coreServices,
  createBackendPlugin,
  resolvePackagePath,
} from '@backstage/backend-plugin-api';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import {
  incidentDelivery,
  METRICS_CHANNEL,
  metricsOperations,
  repositoryDelivery,
} from '@highroad/plugin-metrics-common';
import {
  ChangeSignal,
  operationsServiceRef,
  ownFetchApi,
  productionCheck,
} from '@highroad/plugin-platform-node';
import {
  EntityRepositories,
  RepositoryLocator,
} from '@highroad/plugin-platform-node/git';
import {
  GitHosts,
  readWebhookSecrets,
} from '@highroad/plugin-platform-node/git-hosts';
import { hostname } from 'node:os';
import { resolve } from 'node:path';
import { v7 as uuidv7 } from 'uuid';
import { CatalogGroups } from './catalog/CatalogGroups';
import { OWNERSHIP, OwnershipWatcher } from './catalog/OwnershipWatcher';
import { COMMITS, CommitReader } from './commits/CommitReader';
import { FactStore } from './database/FactStore';
import { FeedStore, Lease } from './database/FeedStore';
import { LedgerStore } from './database/LedgerStore';
import { QuarantineStore } from './database/QuarantineStore';
import { WorkStore } from './database/WorkStore';
import { Example } from './example/Example';
import {
  DEPLOYMENTS_FEED,
  DeploymentsFeed,
  FEED_SOURCE,
  translateFeed,
} from './feed/DeploymentsFeed';
import { CatalogCommitLinks } from './gitHosts/CommitLinks';
import { GIT_HOST_READER, GitHostReader } from './gitHosts/GitHostReader';
import { RepositoryStore } from './gitHosts/RepositoryStore';
import { ServiceRepositories } from './gitHosts/ServiceRepositories';
import { repositoryTaker } from './gitHosts/repositoryTaker';
import { metricsImplementations } from './implementations';
import { readMetricsSettings } from './MetricsSettings';
import { PAGERDUTY } from './pagerduty/deliveries';
import { IncidentEnvironments } from './pagerduty/IncidentEnvironments';
import { PagerDuty } from './pagerduty/PagerDuty';
import { incidentTaker } from './pagerduty/incidentTaker';
import { AdoptionDetails } from './queries/adoption/AdoptionDetails';
import { AdoptionReader } from './queries/adoption/AdoptionReader';
import { AdoptionStore } from './queries/adoption/AdoptionStore';
import { Details } from './queries/Details';
import { Exported } from './queries/Exported';
import { Numbers } from './queries/Numbers';
import { Incidents } from './queries/Incidents';
import { KnownNames } from './queries/KnownNames';
import { NumberStore } from './queries/NumberStore';
import {
  configuredNames,
  mainProduction,
  productionNames,
  Scopes,
} from './queries/Scopes';
import { SourceStore } from './queries/SourceStore';
import { Computer, FACTS } from './service/Computer';
import { Intake } from './service/Intake';
import { LeasedLoop } from './service/LeasedLoop';
import { OpenPages } from './service/OpenPages';
import { Surveys } from './surveys/Surveys';
import { SurveyStore } from './surveys/SurveyStore';

const FACTS_TICK_MS = 500;
/** Each look is a request, which is logged. With it and the computing, numbers are right within five seconds. */
const FEED_TICK_MS = 2_000;
const OWNERSHIP_TICK_MS = 60_000;
const COMMITS_TICK_MS = 2_000;
const GIT_HOSTS_TICK_MS = 5_000;

/** Keeps the ledger of what happened, and answers with numbers of delivery and adoption. */
export const metricsPlugin = createBackendPlugin({
  pluginId: 'metrics',
  register(env) {
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        discovery: coreServices.discovery,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        operations: operationsServiceRef,
        signals: signalsServiceRef,
      },
      async init(deps) {
        const { auth, catalog, config, database } = deps;
        const { discovery, lifecycle, logger, operations, signals } = deps;
        const settings = readMetricsSettings(config);
        const db = await database.getClient();
        if (!database.migrations?.skip) {
          await db.migrate.latest({
            directory: resolvePackagePath(
              '@highroad/plugin-metrics-backend',
              'migrations',
            ),
          });
        }
        const now = () => new Date();
        const feeds = new FeedStore(db);
        const ledger = new LedgerStore(db);
        const quarantine = new QuarantineStore(db, { newId: () => uuidv7() });
        const work = new WorkStore(db);
        const loop = (
          name: string,
          tickMs: number,
          turn: (lease: Lease, signal: AbortSignal) => Promise<void>,
        ) => {
          const made = new LeasedLoop({
            ...{ name, tickMs, turn, feeds, logger, now },
            holder: `${hostname()}-${process.pid}`,
          });
          lifecycle.addStartupHook(() => made.start());
          lifecycle.addShutdownHook(() => made.stop());
          return made;
        };
        const changes = new ChangeSignal({
          ...{ logger, signals },
          channel: METRICS_CHANNEL,
        });
        const pages = new OpenPages({ tell: () => changes.tell() });
        lifecycle.addShutdownHook(() => pages.stop());
        const computer = new Computer({
          ...{ db, feeds, ledger, work },
          facts: new FactStore(),
          settings: {
            ...{ ...settings, isProduction: productionCheck(config) },
            mainProduction: mainProduction(config),
          },
          now,
          onProblem: message => logger.warn(message),
          onChanged: () => pages.tell(),
        });
        const computing = loop(FACTS, FACTS_TICK_MS, async (lease, signal) => {
          await computer.run(lease, () => computing.until(), signal);
          if (!signal.aborted) await work.noteEnd(now().toISOString());
        });
        const wake = () => computing.wake();
        const intake = new Intake({
          ...{ db, ledger, quarantine, now },
          onTaken: wake,
          onQuarantine: () => pages.tell(),
        });
        const feed = new DeploymentsFeed({
          ...{ feeds, intake, now },
          fetchApi: ownFetchApi({ auth, discovery }),
          onProblem: message => logger.warn(message),
        });
        intake.addTranslator(FEED_SOURCE, translateFeed);
        loop(DEPLOYMENTS_FEED, FEED_TICK_MS, (lease, signal) =>
          feed.read(lease, signal),
        );
        const ownership = new OwnershipWatcher({
          ...{ auth, catalog, db, intake, now },
        });
        loop(OWNERSHIP, OWNERSHIP_TICK_MS, () => ownership.look());
        const repositories = EntityRepositories.fromConfig(config);
        const commits = new CommitReader({
          ...{ auth, catalog, db, intake, now, repositories },
          locator: RepositoryLocator.fromConfig(config),
          onProblem: message => logger.warn(message),
        });
        loop(COMMITS, COMMITS_TICK_MS, (_, signal) => commits.look(signal));
        const hosts = GitHosts.fromConfig(config);
        const gitHosts = new GitHostReader({
          ...{ intake, ledger, now },
          backfillDays: settings.backfillDays,
          repositories: new ServiceRepositories({
            ...{ auth, catalog, repositories },
            hosts,
          }),
          store: new RepositoryStore(db),
          tickets: settings.tickets,
        });
        const reading = loop(GIT_HOST_READER, GIT_HOSTS_TICK_MS, (_, signal) =>
          gitHosts.look(signal),
        );
        const example = new Example({
          ...{ db, intake, ledger, now },
          file:
            settings.exampleHistory === undefined
              ? undefined
              : resolve(settings.exampleHistory),
        });
        lifecycle.addStartupHook(() => example.loadFirst());

        const pagerDuty = new PagerDuty({
          ...{ auth, catalog, intake, now, quarantine },
          onQuarantine: () => pages.tell(),
          environments: new IncidentEnvironments({
            db,
            production: productionNames(config),
          }),
        });
        intake.addTranslator(PAGERDUTY, body => pagerDuty.translate(body));
        operations.receive(
          incidentDelivery,
          incidentTaker({
            pagerDuty,
            secrets: settings.pagerduty?.webhookSecrets ?? [],
          }),
        );
        operations.receive(
          repositoryDelivery,
          repositoryTaker({
            hosts: readWebhookSecrets(config),
            async onHint(url) {
              const isRead = await gitHosts.hint(url);
              if (isRead) reading.wake();
              return isRead;
            },
          }),
        );

        const scopes = new Scopes({
          ...{ now, timeZone: settings.timeZone },
          groups: new CatalogGroups({ auth, catalog, now }),
          names: new KnownNames({
            db,
            environments: [...configuredNames(config), 'production'],
            isInCatalog: async ref =>
              (await catalog.getEntityByRef(ref, {
                credentials: await auth.getOwnServiceCredentials(),
              })) !== undefined,
          }),
          production: productionNames(config),
        });
        const store = new NumberStore(db);
        const numbers = new Numbers({
          ...{ now, scopes, store, bands: settings.bands },
        });
        const surveys = new Surveys({
          ...{ auth, catalog, now, timeZone: settings.timeZone },
          secret: config.getOptionalString('auth.session.secret'),
          store: new SurveyStore(db),
        });
        lifecycle.addStartupHook(() => surveys.start());
        const details = new Details({
          ...{ db, numbers, scopes },
          links: new CatalogCommitLinks({
            ...{ auth, catalog, hosts, repositories },
          }),
        });
        const adopted = {
          ...{ days: store, now, numbers, scopes },
          store: new AdoptionStore({
            ...{ db, numbers: store, timeZone: settings.timeZone },
          }),
        };
        operations.serve(
          metricsOperations,
          metricsImplementations({
            ...{ example, intake, now, numbers, quarantine, surveys },
            ...{ wake, work },
            onAsked: () => pages.asked(),
            onQuarantine: () => pages.tell(),
            adoption: new AdoptionReader({ ...adopted, surveys }),
            adoptionDetails: new AdoptionDetails({ ...adopted, db, ledger }),
            ...{
              details,
              environments: configuredNames(config),
              exported: new Exported({ db, details, numbers, scopes }),
            },
            incidents: new Incidents({ db, numbers, scopes }),
            sources: new SourceStore(db, {
              expected: settings.sources,
              pagerDuty: settings.pagerduty !== undefined,
            }),
          }),
        );
      },
    });
  },
});
