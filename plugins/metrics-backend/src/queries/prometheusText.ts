import { Key, Measure, TeamRow } from '@highroad/plugin-metrics-common';
import { gaugesText } from '@highroad/plugin-platform-node';

const METRICS: Array<{ key: Key; name: string; help: string }> = [
  {
    key: 'frequency',
    name: 'highroad_delivery_deployments_per_week',
    help: 'Successful deployments to production in a week, of the last 90 days',
  },
  {
    key: 'lead-time',
    name: 'highroad_delivery_lead_time_seconds',
    help: 'Median lead time for changes, of the last 90 days',
  },
  {
    key: 'change-failure-rate',
    name: 'highroad_delivery_change_failure_ratio',
    help: 'Deployments that needed intervention over completed ones, of the last 90 days',
  },
  {
    key: 'recovery',
    name: 'highroad_delivery_recovery_seconds',
    help: 'Median recovery time of failed deployments, of the last 90 days',
  },
  {
    key: 'rework',
    name: 'highroad_delivery_rework_ratio',
    help: 'Deployments that repair over successful ones, of the last 90 days',
  },
];

/** What Prometheus reads. Where there is no value, there is no sample: none is made up. */
export function prometheusText(
  all: ReadonlyMap<Key, Measure>,
  teams: TeamRow[],
): string {
  return gaugesText(
    METRICS.map(({ key, name, help }) => ({
      ...{ name, help },
      samples: [
        { owner: '', measure: all.get(key) },
        ...teams
          .filter(one => one.ref)
          .map(one => ({ owner: one.ref, measure: one.measures[key] })),
      ].flatMap(({ owner, measure }) =>
        measure?.state === 'value'
          ? [{ labels: { owner }, value: measure.value }]
          : [],
      ),
    })),
  );
}
