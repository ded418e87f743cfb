import { emptyDay, noteOpen, settleDay } from './dayMaterial';
import {
  ChangeFact,
  DailyFact,
  DeploymentFact,
  IncidentFact,
  Placed,
} from './Facts';

/** What a day is made of. */
export interface DayParts {
  deployments: Array<
    Placed &
      Pick<
        DeploymentFact,
        | ('delivered' | 'completed' | 'successful' | 'platform')
        | ('failure' | 'rework' | 'recoverySeconds' | 'finishedAt')
      >
  >;
  changes: Array<Placed & Pick<ChangeFact, 'seconds' | 'excluded'>>;
  incidents: Array<Placed & Pick<IncidentFact, 'restoreSeconds'>>;
}

/** What numbers are made of, by day, and by who owned the service then. */
export function dailyFacts({
  deployments,
  changes,
  incidents,
}: DayParts): DailyFact[] {
  const days = new Map<string, DailyFact>();
  const dayOf = (one: Placed): DailyFact => {
    const { service, environment, day, owner, system, example } = one;
    const placed = { service, environment, day, owner, system, example };
    const key = JSON.stringify(placed);
    const found = days.get(key) ?? { ...placed, ...emptyDay() };
    days.set(key, found);
    return found;
  };
  for (const one of deployments) {
    const day = dayOf(one);
    day.delivered += Number(one.delivered);
    day.completed += Number(one.completed);
    day.failed += Number(Boolean(one.failure));
    day.successful += Number(one.successful);
    day.rework += Number(Boolean(one.rework));
    day.platform += Number(one.platform && one.delivered);
    if (!one.failure) continue;
    if (one.recoverySeconds === undefined) {
      day.open += 1;
      noteOpen(day, one.finishedAt);
    } else day.recoveries.push(one.recoverySeconds);
  }
  for (const one of changes) {
    const day = dayOf(one);
    if (one.excluded) day.excluded += 1;
    else day.leads.push(one.seconds);
  }
  for (const one of incidents) {
    if (one.restoreSeconds !== undefined) {
      dayOf(one).restores.push(one.restoreSeconds);
    }
  }
  const all = [...days.values()];
  all.forEach(settleDay);
  return all;
}
