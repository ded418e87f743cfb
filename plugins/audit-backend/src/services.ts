import { DefaultAuditorService } from '@backstage/backend-defaults/auditor';
import {
  coreServices,
  createServiceFactory,
  createServiceRef,
  DatabaseService,
} from '@backstage/backend-plugin-api';
import { v7 as uuidv7 } from 'uuid';
import { LedgerAuditor } from './auditor/LedgerAuditor';
import { logEvent, severityLogLevels } from './auditor/logEvent';
import { ledgerDatabase } from './database/openLedgerDatabase';
import { readLedgerSettings } from './LedgerSettings';
import { Ledger } from './service/Ledger';

/** Where the ledger is kept: the database of the plugin `audit`, unless a test says otherwise. */
export const auditDatabaseServiceRef = createServiceRef<DatabaseService>({
  id: 'platform.audit.database',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        logger: coreServices.rootLogger,
        lifecycle: coreServices.rootLifecycle,
      },
      factory: deps => ledgerDatabase(deps),
    }),
});

/** The one ledger of this process. */
export const auditLedgerServiceRef = createServiceRef<Ledger>({
  id: 'platform.audit.ledger',
  scope: 'root',
  defaultFactory: async service =>
    createServiceFactory({
      service,
      deps: {
        config: coreServices.rootConfig,
        database: auditDatabaseServiceRef,
        logger: coreServices.rootLogger,
        lifecycle: coreServices.rootLifecycle,
      },
      factory({ config, database, logger, lifecycle }) {
        const ledger = new Ledger({
          settings: readLedgerSettings(config, process.env.NODE_ENV),
          database,
          logger: logger.child({ plugin: 'audit' }),
        });
        ledger.start();
        // Plugins have ended by then, and can record how.
        lifecycle.addShutdownHook(() => ledger.stop());
        return ledger;
      },
    }),
});

/** The auditor of every plugin: it logs as the standard one does, and writes to the ledger. */
export const ledgerAuditorServiceFactory = createServiceFactory({
  service: coreServices.auditor,
  deps: {
    auth: coreServices.auth,
    config: coreServices.rootConfig,
    httpAuth: coreServices.httpAuth,
    ledger: auditLedgerServiceRef,
    logger: coreServices.logger,
    plugin: coreServices.pluginMetadata,
  },
  factory({ auth, config, httpAuth, ledger, logger, plugin }) {
    const levels = severityLogLevels(config);
    const log = DefaultAuditorService.create(
      event => logEvent(logger, levels, event),
      { auth, httpAuth, plugin },
    );
    return new LedgerAuditor({
      ...{ auth, httpAuth, log, logger },
      plugin: plugin.getId(),
      intake: ledger.intake,
      now: ledger.now,
      newId: () => uuidv7(),
    });
  },
});
