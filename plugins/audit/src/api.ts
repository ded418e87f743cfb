import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import { auditOperations, RecordFilter } from '@highroad/plugin-audit-common';
import {
  createOperationClient,
  openOperation,
  OperationClient,
} from '@highroad/plugin-platform-common';

/** What can be asked of the ledger. */
export interface AuditApi
  extends Pick<
    OperationClient<typeof auditOperations>,
    'search' | 'record' | 'tail' | 'chain' | 'verify'
  > {
  /** Records in a file: lines of JSON that verify alone, or a table. */
  file(format: 'jsonl' | 'csv', filter: RecordFilter): Promise<Blob>;
}

export const auditApiRef = createApiRef<AuditApi>().with({
  id: 'plugin.audit.client',
  pluginId: 'audit',
});

export const auditApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: auditApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }): AuditApi => ({
        ...createOperationClient(auditOperations, fetchApi),
        async file(format, filter) {
          const operation =
            format === 'csv'
              ? auditOperations.exportCsv
              : auditOperations.export;
          return (await openOperation(fetchApi, operation, filter)).blob();
        },
      }),
    }),
});
