import {
  ApiBlueprint,
  createApiRef,
  fetchApiRef,
} from '@backstage/frontend-plugin-api';
import {
  Exported,
  exportOperationOf,
  metricsOperations,
} from '@highroad/plugin-metrics-common';
import {
  createOperationClient,
  OperationClient,
  openOperation,
} from '@highroad/plugin-platform-common';

type Client = OperationClient<typeof metricsOperations>;
type Scope = Parameters<Client['exportNumbersCsv']>[0];
type Behind = Parameters<Client['exportAdoptionCsv']>[0];

/** What can be asked about metrics. */
export type MetricsApi = Client & {
  /** Numbers, or what they were taken from, to be saved: as a table, or as lines of JSON */
  download(what: Exported, scope: Scope, as: 'csv' | 'jsonl'): Promise<Blob>;
  /** What a number of adoption was taken from, to be saved */
  downloadAdoption(behind: Behind, as: 'csv' | 'jsonl'): Promise<Blob>;
};

export const metricsApiRef = createApiRef<MetricsApi>().with({
  id: 'plugin.metrics.client',
  pluginId: 'metrics',
});

export const metricsApi = ApiBlueprint.make({
  name: 'client',
  params: defineParams =>
    defineParams({
      api: metricsApiRef,
      deps: { fetchApi: fetchApiRef },
      factory: ({ fetchApi }): MetricsApi => ({
        ...createOperationClient(metricsOperations, fetchApi),
        async download(what, { bucket, ...scope }, as) {
          const response =
            what === 'numbers'
              ? await openOperation(fetchApi, exportOperationOf[what][as], {
                  ...{ ...scope, bucket },
                })
              : await openOperation(
                  fetchApi,
                  exportOperationOf[what][as],
                  scope,
                );
          return response.blob();
        },
        async downloadAdoption(behind, as) {
          const response = await openOperation(
            fetchApi,
            as === 'csv'
              ? metricsOperations.exportAdoptionCsv
              : metricsOperations.exportAdoptionJson,
            behind,
          );
          return response.blob();
        },
      }),
    }),
});
