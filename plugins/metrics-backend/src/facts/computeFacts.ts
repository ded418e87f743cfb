import {
  DailyFact,
  DeploymentFact,
  Facts,
  FactSettings,
  ServiceFact,
} from './Facts';
import { environmentFacts, ownerAt } from './environmentFacts';
import { LedgerEvent, ServiceEvents, sortEvents } from './ServiceEvents';

/** After every other time that there is. */
const END_OF_TIME = '9999';

/**
 * All that follows from what was told about one service. It depends on the events and the settings only, not on the order in which
 * they came nor on when it is asked.
 */
export function computeFacts(
  service: string,
  told: LedgerEvent[],
  settings: FactSettings,
): Facts {
  const events = sortEvents(told);
  const environments = [
    ...new Set(
      [...events.deployments, ...events.incidents].map(one => one.environment),
    ),
  ].sort();
  const parts = environments.map(environment =>
    environmentFacts(service, environment, events, settings),
  );
  const deployments = parts.flatMap(part => part.deployments);
  return {
    deployments,
    changes: parts.flatMap(part => part.changes),
    incidents: parts.flatMap(part => part.incidents),
    daily: dailyFacts(deployments),
    ...(told.length > 0 && {
      service: serviceFact(service, events, deployments, settings),
    }),
  };
}

function dailyFacts(deployments: DeploymentFact[]): DailyFact[] {
  const days = new Map<string, DailyFact>();
  for (const one of deployments) {
    const { service, environment, day, owner, system, example } = one;
    const placed = { service, environment, day, owner, system, example };
    const key = JSON.stringify(placed);
    const sum = days.get(key) ?? {
      ...placed,
      ...{ delivered: 0, completed: 0, failed: 0, successful: 0 },
      ...{ rework: 0, platform: 0, seen: 0 },
    };
    sum.delivered += Number(one.delivered);
    sum.completed += Number(one.completed);
    sum.failed += Number(Boolean(one.failure));
    sum.successful += Number(one.successful);
    sum.rework += Number(Boolean(one.rework));
    sum.platform += Number(one.platform && one.delivered);
    sum.seen += Number(one.delivered);
    days.set(key, sum);
  }
  return [...days.values()];
}

function serviceFact(
  service: string,
  events: ServiceEvents,
  deployments: DeploymentFact[],
  settings: FactSettings,
): ServiceFact {
  const successes = deployments.filter(one => one.delivered);
  const earliest = (times: Array<string | undefined>) =>
    times.filter((one): one is string => one !== undefined).sort()[0];
  const { created, owned, tickets, commits } = events;
  return {
    service,
    ...ownerAt(events, END_OF_TIME),
    known: owned.length > 0,
    eligible: owned.at(-1)?.eligible ?? true,
    example: [...events.deployments, ...owned].some(one => one.example),
    createdAt: created?.at,
    onboardedAt: earliest([
      created?.template ? created.at : undefined,
      owned.find(one => one.template)?.at,
      ...successes.filter(one => one.platform).map(one => one.finishedAt),
    ]),
    firstProductionAt: earliest(
      successes
        .filter(one => settings.isProduction(one.environment))
        .map(one => one.finishedAt),
    ),
    hasCommits: commits.size > 0,
    tickets,
  };
}
