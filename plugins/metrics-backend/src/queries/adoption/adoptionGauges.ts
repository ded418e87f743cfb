import { Share } from '@highroad/plugin-metrics-common';
import { gaugesText } from '@highroad/plugin-platform-node';
import { ownerLabels } from '../prometheusText';
import { OwnerAdoption } from './AdoptionReader';

const GAUGES: Array<{
  name: string;
  help: string;
  of: (adoption: OwnerAdoption) => number | undefined;
}> = [
  {
    name: 'highroad_adoption_onboarded_ratio',
    help: 'Services on the platform over those that it could run',
    of: one => shareOf(one.onboarding),
  },
  {
    name: 'highroad_adoption_golden_path_ratio',
    help: 'Production deployments that the platform made over all, of the last 90 days',
    of: one => shareOf(one.goldenPath),
  },
  {
    name: 'highroad_adoption_first_deployment_seconds',
    help: 'Median from creation to the first success in production, of services created in the last 90 days',
    of: ({ firstDeployment: value }) =>
      value.state === 'value' ? value.median : undefined,
  },
  {
    name: 'highroad_adoption_lifted_guardrails',
    help: 'Guardrails that are lifted',
    of: ({ deviations: value }) =>
      value.state === 'value' ? value.n : undefined,
  },
  {
    name: 'highroad_adoption_tickets_before',
    help: 'Tickets for each service in the 90 days before it was onboarded',
    of: ({ deflection: value }) =>
      value.state === 'value' ? value.before : undefined,
  },
  {
    name: 'highroad_adoption_tickets_after',
    help: 'Tickets for each service in the 90 days after it was onboarded',
    of: ({ deflection: value }) =>
      value.state === 'value' ? value.after : undefined,
  },
  {
    name: 'highroad_adoption_nps',
    help: 'Net promoter score of the last quarter, from -100 to 100, where it may be shown',
    of: ({ nps }) => (nps.state === 'value' ? nps.score : undefined),
  },
];

/**
 * What Prometheus reads. Where there is no value, there is no sample: none is made up.
 *
 * @param owners - all under the empty name
 */
export function adoptionGauges(owners: Map<string, OwnerAdoption>): string {
  return gaugesText(
    GAUGES.map(({ name, help, of }) => ({
      ...{ name, help },
      samples: [...owners].flatMap(([owner, adoption]) => {
        const value = of(adoption);
        const labels = ownerLabels(owner, adoption.example);
        return value === undefined ? [] : [{ labels, value }];
      }),
    })),
  );
}

function shareOf(share: Share): number | undefined {
  return share.state === 'value' && share.whole > 0
    ? share.part / share.whole
    : undefined;
}
