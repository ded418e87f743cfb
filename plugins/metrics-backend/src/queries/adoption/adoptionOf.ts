import { AdoptionOfRange, Share } from '@highroad/plugin-metrics-common';
import { Days } from '../Day';
import { sums } from '../values';
import { AdoptionKnowledge, ServiceKnowledge } from './AdoptionKnowledge';
import { reachedBy } from './EligibleService';
import { deflectionOf } from './deflection';
import { deviationsOf } from './deviations';
import { firstDeploymentOf } from './firstDeployment';
import { onboardingOf } from './onboarding';

const NOT_CONNECTED = 'Nothing is connected that tells of deployments.';
const NO_TICKETS =
  'No tickets are known: send events, or import them with "platform metrics import".';

/** All numbers of a range. */
export function adoptionOf(
  range: Days,
  known: AdoptionKnowledge,
): AdoptionOfRange {
  const { services, connected, windows, now } = known;
  const reached = reachedBy(range.to, known);
  return {
    range,
    onboarding: onboardingAt(range.to, known),
    goldenPath: connected ? goldenPathOf(range, known) : noData(NOT_CONNECTED),
    firstDeployment: firstDeploymentOf(services, range, now),
    deviations: connected
      ? deviationsOf(services, reached)
      : noData(NOT_CONNECTED),
    deflection: windows
      ? deflectionOf(windows, range.to, reached)
      : noData(NO_TICKETS),
  };
}

/** At the end of a day. */
export function onboardingAt(day: string, known: ServiceKnowledge): Share {
  const { services, servicesFrom } = known;
  if (servicesFrom && day < servicesFrom) {
    return noData(
      `Which services there were is known from ${servicesFrom} on only.`,
    );
  }
  return onboardingOf(services, reachedBy(day, known));
}

function goldenPathOf({ from, to }: Days, { days }: AdoptionKnowledge): Share {
  const [platform, delivered] = sums(
    days.filter(({ day }) => day >= from && day <= to),
    'platform',
    'delivered',
  );
  return { state: 'value', part: platform, whole: delivered };
}

function noData(why: string) {
  return { state: 'no-data' as const, why };
}
