import { AdoptionOfRange, Share } from '@highroad/plugin-metrics-common';
import { Days } from '../Day';
import { sums } from '../values';
import {
  AdoptionKnowledge,
  ServiceKnowledge,
  thoseThen,
} from './AdoptionKnowledge';
import { reachedBy } from './EligibleService';
import { deflectionOf } from './deflection';
import { deviationsOf } from './deviations';
import { firstDeploymentOf } from './firstDeployment';
import { onboardingOf } from './onboarding';

const NOT_CONNECTED = 'Nothing is connected that tells of deployments.';
const NOT_HERE = 'Nothing tells of deployments of this.';
const NOT_THEN = 'Deployments of this time are not known.';
const NO_DEVIATIONS =
  'Nothing is connected that tells of guardrails that are lifted.';
const NO_TICKETS =
  'Nothing is connected that tells of tickets: name their label under platform.metrics.tickets, send events, or import them with "platform metrics import".';

/** All numbers of a range. */
export function adoptionOf(
  range: Days,
  known: AdoptionKnowledge,
): AdoptionOfRange {
  const { tellsOfDeviations, now } = known;
  const reached = reachedBy(range.to, known);
  const { services, windows } = thoseThen(known, reached);
  return {
    range,
    onboarding: onboardingAt(range.to, known),
    goldenPath: goldenPathOf(range, known),
    firstDeployment: firstDeploymentOf(services, range, now),
    deviations: tellsOfDeviations
      ? deviationsOf(services, reached)
      : noData(NO_DEVIATIONS),
    deflection: windows
      ? deflectionOf(windows, range.to, reached)
      : noData(NO_TICKETS),
  };
}

/** At the end of a day. */
export function onboardingAt(day: string, known: ServiceKnowledge): Share {
  const { servicesFrom } = known;
  if (servicesFrom && day < servicesFrom) {
    return noData(
      `Which services there were is known from ${servicesFrom} on only.`,
    );
  }
  const reached = reachedBy(day, known);
  return onboardingOf(thoseThen(known, reached).services, reached);
}

function goldenPathOf({ from, to }: Days, known: AdoptionKnowledge): Share {
  const { connected, days, toldFrom } = known;
  if (!connected) return noData(NOT_CONNECTED);
  if (toldFrom === undefined) return noData(NOT_HERE);
  if (toldFrom > to) return noData(NOT_THEN);
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
