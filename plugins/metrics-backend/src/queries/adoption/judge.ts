import { AdoptionKey } from '@highroad/plugin-metrics-common';
import { Days } from '../Day';
import { ServiceKnowledge, thoseThen } from './AdoptionKnowledge';
import { onboardingAt } from './adoptionOf';
import { reachedBy } from './EligibleService';
import { judgeDeflection } from './deflection';
import { judgeDeviations } from './deviations';
import { judgeFirstDeployments } from './firstDeployment';
import { Judged } from './judged';
import { judgeOnboarding } from './onboarding';

/** Numbers that are taken from services, not from deployments one by one. */
export type ServiceKey = Exclude<AdoptionKey, 'golden-path'>;

/** What a number of a range was taken from; nothing where it is not known. */
export function judge(
  key: ServiceKey,
  range: Days,
  known: ServiceKnowledge,
): Judged[] {
  const { tellsOfDeviations, now } = known;
  const reached = reachedBy(range.to, known);
  const { services, windows } = thoseThen(known, reached);
  switch (key) {
    case 'onboarding':
      return onboardingAt(range.to, known).state === 'value'
        ? judgeOnboarding(services, reached)
        : [];
    case 'first-deployment':
      return judgeFirstDeployments(services, range, now);
    case 'deviations':
      return tellsOfDeviations ? judgeDeviations(services, range, reached) : [];
    default:
      return judgeDeflection(windows ?? [], reached);
  }
}
