import { wantedBy } from './about';
import { dailyFacts } from './dailyFacts';
import { DeploymentFact, Facts, FactSettings, ServiceFact } from './Facts';
import { environmentFacts, ownerAt, ownersOf } from './environmentFacts';
import { LedgerEvent, ServiceEvents, sortEvents } from './ServiceEvents';
import { waitingIn } from './ServiceState';
import { isAround } from './windows';

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
  const events = sortEvents(told, settings);
  const environments = [
    ...new Set(
      [...events.deployments, ...events.incidents].map(one => one.environment),
    ),
  ].sort();
  const parts = environments.map(environment =>
    environmentFacts(service, environment, events, settings),
  );
  const facts = {
    deployments: parts.flatMap(part => part.deployments),
    changes: parts.flatMap(part => part.changes),
    incidents: parts.flatMap(part => part.incidents),
  };
  const fact =
    told.length > 0
      ? serviceFact(service, events, facts.deployments, settings)
      : undefined;
  return {
    ...facts,
    daily: dailyFacts(facts),
    wanted: wantedBy(told),
    ...(fact && {
      service: fact,
      state: {
        fact,
        owned: events.owned.map(({ at, owner, system }) => ({
          ...{ at, owner, system },
        })),
        environments: Object.fromEntries(
          environments.map((name, at) => [name, parts[at].state]),
        ),
        ...waitingIn(
          events,
          parts.map(part => part.state),
        ),
      },
    }),
  };
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
  const { created, owned, tickets, commits, deviations } = events;
  const onboardedAt = earliest([
    created?.template ? created.at : undefined,
    owned.find(one => one.template)?.at,
    ...successes.filter(one => one.platform).map(one => one.finishedAt),
  ]);
  return {
    service,
    ...ownerAt(events, END_OF_TIME),
    known: owned.length > 0,
    eligible: owned.at(-1)?.eligible ?? true,
    example: [...events.deployments, ...owned].some(one => one.example),
    createdAt: created?.at,
    onboardedAt,
    active:
      onboardedAt !== undefined &&
      successes.some(one => isAround(one.finishedAt, onboardedAt)),
    owners: ownersOf(events),
    firstProductionAt: earliest(
      successes
        .filter(one => settings.isProduction(one.environment))
        .map(one => one.finishedAt),
    ),
    hasCommits: commits.size > 0,
    tickets: tickets.map(one => one.at),
    deviations,
  };
}
