import {
  coreServices,
  createBackendPlugin,
  createExtensionPoint,
} from '@backstage/backend-plugin-api';
import { stringifyError } from '@backstage/errors';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { createConditionTransformer } from '@backstage/plugin-permission-node';
import { auditOperations } from '@highroad/plugin-audit-common';
import { operationsServiceRef } from '@highroad/plugin-platform-node';
import {
  auditRecordResourceRef,
  auditRecordRules,
} from './access/auditRecordResource';
import { OwnedServices } from './access/OwnedServices';
import { recordResources } from './access/recordResources';
import { Visibility } from './access/Visibility';
import { auditImplementations } from './implementations';
import { RecordExporter } from './search/RecordExporter';
import { RecordReader } from './search/RecordReader';
import { CheckpointSink } from './service/Checkpoints';
import { auditLedgerServiceRef } from './services';

/** Takes more places to carry checkpoints to, such as a write-once store. */
export interface AuditCheckpointsExtensionPoint {
  addSink(sink: CheckpointSink): void;
}

export const auditCheckpointsExtensionPoint =
  createExtensionPoint<AuditCheckpointsExtensionPoint>({
    id: 'audit.checkpoints',
  });

/** Reads, verifies, exports and archives the ledger. Writing to it is the auditor's. */
export const auditPlugin = createBackendPlugin({
  pluginId: 'audit',
  register(env) {
    const sinks: CheckpointSink[] = [];
    env.registerExtensionPoint(auditCheckpointsExtensionPoint, {
      addSink: sink => sinks.push(sink),
    });
    env.registerInit({
      deps: {
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        ledger: auditLedgerServiceRef,
        logger: coreServices.logger,
        operations: operationsServiceRef,
        permissionsRegistry: coreServices.permissionsRegistry,
        scheduler: coreServices.scheduler,
      },
      async init(deps) {
        const { auth, catalog, ledger, logger } = deps;
        const { permissionsRegistry, scheduler } = deps;
        const { now, settings } = ledger;
        const { keys } = settings;
        sinks.forEach(sink => ledger.checkpoints.addSink(sink));
        const database = () => ledger.database();
        const owned = new OwnedServices({ auth, catalog, now });
        permissionsRegistry.addResourceType({
          resourceRef: auditRecordResourceRef,
          rules: auditRecordRules,
          getResources: recordResources({ database, owned }),
        });
        const ruleset = permissionsRegistry.getPermissionRuleset(
          auditRecordResourceRef,
        );
        deps.operations.serve(
          auditOperations,
          auditImplementations({
            ledger,
            reader: new RecordReader({
              database,
              now,
              keys,
              head: ledger.head,
              verifier: ledger.verifier,
            }),
            exporter: new RecordExporter({
              ...{ database, now, keys },
              verifier: ledger.verifier,
            }),
            visibility: new Visibility({
              owned,
              transform: createConditionTransformer(ruleset),
            }),
          }),
        );

        const retention = ledger.retention(logger);
        if (!retention) return;
        await scheduler.scheduleTask({
          id: 'audit-retention',
          frequency: { hours: 24 },
          initialDelay: { minutes: 10 },
          timeout: { hours: 6 },
          fn: async () => {
            try {
              await retention.run(await ledger.database());
            } catch (error) {
              logger.error(
                `Old audit records could not be archived. ${stringifyError(
                  error,
                )} See docs/runbooks/audit-retention-failed.md`,
              );
            }
          },
        });
      },
    });
  },
});
