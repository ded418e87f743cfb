import { Config } from '@backstage/config';
import { ReadStore } from '../database/ReadStore';
import { DriftStore } from '../drift/DriftStore';
import { ClusterReader } from '../drivers/cluster/ClusterReader';
import { ClusterAccess } from '@highroad/plugin-platform-node/kubernetes';
import { noOnCalls, OnCallReader } from '../drivers/pagerduty/OnCallReader';
import { readPagerDutySettings } from '../drivers/pagerduty/PagerDutySettings';
import { FiringAlerts, noAlerts } from '../drivers/prometheus/FiringAlerts';
import { readPrometheusSettings } from '../drivers/prometheus/PrometheusSettings';
import { Environments } from '../service/EnvironmentSettings';
import { Services } from '../service/Services';
import { Diagnostician } from './Diagnostician';

/** @throws InputError with the path of a bad key */
export function createDiagnostician(options: {
  config: Config;
  drift: DriftStore;
  environments: Environments;
  now: () => Date;
  reader: ReadStore;
  services: Services;
}): Diagnostician {
  const { config, ...rest } = options;
  const prometheus = readPrometheusSettings(config);
  const pagerDuty = readPagerDutySettings(config);
  return new Diagnostician({
    ...rest,
    alerts: prometheus ? new FiringAlerts(prometheus) : noAlerts,
    cluster: new ClusterReader({ access: ClusterAccess.fromConfig(config) }),
    onCalls: pagerDuty ? new OnCallReader(pagerDuty) : noOnCalls,
  });
}
