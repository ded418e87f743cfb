import { Share } from '@highroad/plugin-metrics-common';
import { EligibleService, Reached } from './EligibleService';
import { Judged } from './judged';

/** Of services that were there: one that is newer is neither. */
export function onboardingOf(
  services: EligibleService[],
  reached: Reached,
): Share {
  let part = 0;
  let whole = 0;
  for (const one of services) {
    if (!isThere(one, reached)) continue;
    whole += 1;
    if (isOnboarded(one, reached)) part += 1;
  }
  return whole === 0
    ? {
        state: 'no-data',
        why: 'The catalog has no services that the platform could run.',
      }
    : { state: 'value', part, whole };
}

export function judgeOnboarding(
  services: EligibleService[],
  reached: Reached,
): Judged[] {
  return services
    .filter(one => isThere(one, reached))
    .map(service => {
      const { onboarded } = service;
      if (!onboarded || !isOnboarded(service, reached)) {
        return {
          ...{ service, counts: false, part: '' },
          why: () =>
            onboarded
              ? `It came to the platform later, on ${onboarded.day}.`
              : 'It was not made from a template of the platform, and the platform has not deployed it.',
        };
      }
      return {
        ...{ service, counts: true, part: '' },
        ...{ at: onboarded.at, deployedAt: onboarded.at },
        why: deployment =>
          deployment
            ? `The platform deployed it first on ${onboarded.day}.`
            : `It is made from a template of the platform, which is known since ${onboarded.day}.`,
      };
    });
}

function isThere({ created }: EligibleService, reached: Reached): boolean {
  return !created || reached(created);
}

function isOnboarded({ onboarded }: EligibleService, reached: Reached) {
  return onboarded !== undefined && reached(onboarded);
}
