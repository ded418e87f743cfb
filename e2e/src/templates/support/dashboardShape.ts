import type {
  Dashboard,
  FieldConfig,
  FieldConfigSource,
  Panel,
  RowPanel,
} from '@grafana/grafana-foundation-sdk/dashboard';
import type { Dataquery } from '@grafana/grafana-foundation-sdk/prometheus';
import type {
  FieldConfig as TimeseriesFieldConfig,
  Options as TimeseriesOptions,
} from '@grafana/grafana-foundation-sdk/timeseries';

/**
 * The dashboards of services in the types that Grafana generates from its own schemas. Where those are open, since a
 * panel or a query may be of any plugin, they are closed with the types of the plugins that are used.
 */
export type ServiceDashboard = Omit<Dashboard, 'panels'> & {
  panels: Array<RowPanel | TimeseriesPanel>;
};

type TimeseriesPanel = Omit<
  Panel,
  'type' | 'options' | 'fieldConfig' | 'targets'
> & {
  type: 'timeseries';
  options: TimeseriesOptions;
  fieldConfig: Omit<FieldConfigSource, 'defaults'> & {
    defaults: Omit<FieldConfig, 'custom'> & {
      custom: Partial<TimeseriesFieldConfig>;
    };
  };
  targets: Array<Omit<Dataquery, '_implementsDataqueryVariant'>>;
};
