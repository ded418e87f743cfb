import { Key, Measure, TeamRow } from '@highroad/plugin-metrics-common';
import { gaugesText } from '@highroad/plugin-platform-node';

/** The numbers of one owner, system or environment. */
export type Measures = Readonly<Partial<Record<Key, Measure>>>;
type ValueOf = (measures: Measures) => number | undefined;

const valueOf =
  (key: Key, part: 'value' | 'p75' | 'p90' = 'value'): ValueOf =>
  ({ [key]: measure }) =>
    measure?.state === 'value' ? measure[part] : undefined;

/** Of what stands beside the recovery time: failures that are open, the age of the oldest in seconds, or the time to restore. */
const besideOf =
  (wanted: 'open' | 'age' | 'restore'): ValueOf =>
  ({ recovery }) => {
    if (!recovery || recovery.state === 'no-data') return undefined;
    return recovery.beside.find(({ behind, unit }) => {
      switch (wanted) {
        case 'open':
          return behind === 'open-failures';
        case 'restore':
          return behind === 'incidents';
        default:
          return behind === undefined && unit === 'seconds';
      }
    })?.value;
  };

const GAUGES: Array<{ name: string; help: string; of: ValueOf }> = [
  {
    name: 'deployments_per_week',
    help: 'Successful deployments in a week, of the last 90 days',
    of: valueOf('frequency'),
  },
  {
    name: 'lead_time_seconds',
    help: 'Median lead time for changes, of the last 90 days',
    of: valueOf('lead-time'),
  },
  {
    name: 'lead_time_p75_seconds',
    help: 'Lead time that three of four changes stay below, of the last 90 days',
    of: valueOf('lead-time', 'p75'),
  },
  {
    name: 'lead_time_p90_seconds',
    help: 'Lead time that nine of ten changes stay below, of the last 90 days',
    of: valueOf('lead-time', 'p90'),
  },
  {
    name: 'change_failure_ratio',
    help: 'Deployments that needed intervention over completed ones, of the last 90 days',
    of: valueOf('change-failure-rate'),
  },
  {
    name: 'recovery_seconds',
    help: 'Median recovery time of failed deployments, of the last 90 days',
    of: valueOf('recovery'),
  },
  {
    name: 'recovery_p75_seconds',
    help: 'Recovery time that three of four failed deployments stay below, of the last 90 days',
    of: valueOf('recovery', 'p75'),
  },
  {
    name: 'recovery_p90_seconds',
    help: 'Recovery time that nine of ten failed deployments stay below, of the last 90 days',
    of: valueOf('recovery', 'p90'),
  },
  {
    name: 'restore_seconds',
    help: 'Median time to restore of all incidents that were detected in the last 90 days',
    of: besideOf('restore'),
  },
  {
    name: 'open_failures',
    help: 'Failed deployments that nothing has repaired yet, of whenever',
    of: besideOf('open'),
  },
  {
    name: 'oldest_open_failure_seconds',
    help: 'Age of the oldest failed deployment that nothing has repaired yet',
    of: besideOf('age'),
  },
  {
    name: 'rework_ratio',
    help: 'Deployments that repair over successful ones, of the last 90 days',
    of: valueOf('rework'),
  },
];

/** Whose a sample is, and that example history is among what it is of. */
export function ownerLabels(
  owner: string,
  example: boolean,
): Record<string, string> {
  return { owner, ...(example && { example: 'true' }) };
}

/** Numbers of something that has a name, and whether example history is among what they are of. */
export interface Named {
  name: string;
  measures: Measures;
  example: boolean;
}

/** Rows of a table, without those of nobody. */
export function namedRows(rows: TeamRow[]): Named[] {
  return rows
    .filter(one => one.ref)
    .map(({ ref, measures, example = false }) => ({
      ...{ name: ref, measures, example },
    }));
}

/**
 * What Prometheus reads. Where there is no value, there is no sample: none is made up. Systems and environments have gauges of their own,
 * since who selects what has no owner would get them as well.
 *
 * @param numbers.owners - all under the empty name
 */
export function prometheusText(numbers: {
  owners: Named[];
  systems: Named[];
  environments: Named[];
}): string {
  const { owners, systems, environments } = numbers;
  return [
    text('highroad_delivery', 'of production', 'owner', owners),
    text('highroad_delivery_system', 'of production', 'system', systems),
    text('highroad_delivery_environment', '', 'environment', environments),
  ].join('');
}

function text(
  prefix: string,
  where: string,
  label: string,
  numbers: Named[],
): string {
  return gaugesText(
    GAUGES.map(({ name, help, of }) => ({
      name: `${prefix}_${name}`,
      help: where ? `${help}; ${where}` : help,
      samples: numbers.flatMap(one => {
        const value = of(one.measures);
        const { example } = one;
        const labels = {
          ...{ [label]: one.name },
          ...(example && { example: 'true' }),
        };
        return value === undefined ? [] : [{ labels, value }];
      }),
    })),
  );
}
