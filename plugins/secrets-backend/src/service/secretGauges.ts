import { Gauge } from '@highroad/plugin-platform-node';
import { RotationCounts } from '../database/RotationStore';

/** What Prometheus reads of rotations and of clusters. Numbers only: no key is named. */
export function secretGauges(
  rotations: RotationCounts[],
  behind: Array<{ service: string; environment: string; count: number }>,
): Gauge[] {
  const of = (
    name: string,
    help: string,
    value: (counts: RotationCounts) => number,
  ): Gauge => ({
    ...{ name: `highroad_secret_rotations${name}`, help },
    samples: rotations.map(one => ({
      labels: { service: one.service, environment: one.environment },
      value: value(one),
    })),
  });
  return [
    of('', 'Keys that are replaced by themselves', one => one.all),
    of('_due', 'Of these, to be replaced within a day', one => one.due),
    of(
      '_overdue',
      'Of these, to have been replaced by now',
      one => one.overdue,
    ),
    of('_failing', 'Of these, failed when last tried', one => one.failing),
    {
      name: 'highroad_secrets_behind',
      help: 'Whether the cluster lacks something that Vault has',
      samples: behind.map(({ service, environment, count }) => ({
        labels: { service, environment },
        value: count,
      })),
    },
  ];
}
