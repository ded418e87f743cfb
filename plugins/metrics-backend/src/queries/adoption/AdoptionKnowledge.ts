import { dayOf } from '@highroad/plugin-metrics-common';
import { Day } from '../Day';
import { NumberStore } from '../NumberStore';
import { Resolved } from '../Scopes';
import { AdoptionStore, Catalogue } from './AdoptionStore';
import { asOf, EligibleService, Reached } from './EligibleService';

/** What numbers of adoption of a slice are taken from that count services. */
export interface ServiceKnowledge extends Catalogue {
  /** Something tells of guardrails that are lifted */
  tellsOfDeviations: boolean;
  now: Date;
  today: string;
}

/** All that numbers of adoption of a slice are taken from. */
export interface AdoptionKnowledge extends ServiceKnowledge {
  /** Something tells of deployments */
  connected: boolean;
  /** The first day of which deployments are known of what is asked for; none where nobody tells of any */
  toldFrom?: string;
  /** Days of both ranges, of whoever owned services then: what the golden path is taken from */
  days: Day[];
}

/**
 * Those that were asked for at a time: of whoever owned them then.
 *
 * @param reached - by that time
 */
export function thoseThen(
  { services, windows, isMeant }: ServiceKnowledge,
  reached: Reached,
): Pick<ServiceKnowledge, 'services' | 'windows'> {
  if (!isMeant) return { services, windows };
  const then = (one: EligibleService) => {
    const found = asOf(one, reached);
    return isMeant(found) ? [found] : [];
  };
  return {
    services: services.flatMap(then),
    windows: windows?.flatMap(one =>
      then(one.service).map(service => ({ ...one, service })),
    ),
  };
}

interface Sources {
  numbers: NumberStore;
  store: AdoptionStore;
  now: Date;
}

export async function readServices(
  { filter, timeZone }: Resolved,
  { numbers, store, now }: Sources,
): Promise<ServiceKnowledge> {
  const [catalogue, tellsOfDeviations] = await Promise.all([
    store.of(filter),
    numbers.knowsDeviations(),
  ]);
  return {
    ...{ ...catalogue, tellsOfDeviations },
    ...{ now, today: dayOf(now, timeZone) },
  };
}

export async function readKnowledge(
  resolved: Resolved,
  from: Sources,
): Promise<AdoptionKnowledge> {
  const { filter, range, previous, timeZone } = resolved;
  const both = { from: previous.from, to: range.to };
  const [services, days, connected, { from: toldFrom }] = await Promise.all([
    readServices(resolved, from),
    from.numbers.days(filter, both, { samples: [] }),
    from.numbers.knowsDeployments(),
    from.numbers.times.of(filter, timeZone),
  ]);
  return {
    ...{ ...services, connected, toldFrom },
    days: [...days.values()].flat(),
  };
}
