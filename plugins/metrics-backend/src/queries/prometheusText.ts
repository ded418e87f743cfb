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

/** Whose a sample is, and that example history is among what it is of. */
export function ownerLabels(
  owner: string,
  example: boolean,
): Record<string, string> {
  return { owner, ...(example && { example: 'true' }) };
}

/**
 * What Prometheus reads. Where there is no value, there is no sample: none is made up.
 *
 * @param all.example - example history is among what they are of
 */
export function prometheusText(
  all: { measures: ReadonlyMap<Key, Measure>; example: boolean },
  teams: TeamRow[],
): string {
  return gaugesText(
    METRICS.map(({ key, name, help }) => ({
      ...{ name, help },
      samples: [
        {
          labels: ownerLabels('', all.example),
          measure: all.measures.get(key),
        },
        ...teams
          .filter(one => one.ref)
          .map(({ ref, example = false, measures }) => ({
            labels: ownerLabels(ref, example),
            measure: measures[key],
          })),
      ].flatMap(({ labels, measure }) =>
        measure?.state === 'value' ? [{ labels, value: measure.value }] : [],
      ),
    })),
  );
}
