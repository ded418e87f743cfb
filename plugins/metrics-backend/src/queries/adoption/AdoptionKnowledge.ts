import { dayOf } from '@highroad/plugin-metrics-common';
import { Day } from '../Day';
import { NumberStore } from '../NumberStore';
import { Resolved } from '../Scopes';
import { AdoptionService } from './AdoptionService';
import { AdoptionStore } from './AdoptionStore';
import { Onboarded, windowsOf } from './deflection';

/** All that numbers of adoption of a slice are taken from. */
export interface AdoptionKnowledge {
  services: AdoptionService[];
  /** The first day of which it is known which services there were */
  servicesFrom?: string;
  /** Days of both ranges, of whoever owned services then */
  days: Day[];
  /** Something tells of deployments */
  connected: boolean;
  /** Services that were onboarded, with their tickets; none where nothing tells of tickets */
  windows?: Onboarded[];
  now: Date;
  today: string;
}

export async function readKnowledge(
  { filter, range, previous, timeZone }: Resolved,
  from: { numbers: NumberStore; store: AdoptionStore; now: Date },
): Promise<AdoptionKnowledge> {
  const { numbers, store, now } = from;
  const both = { from: previous.from, to: range.to };
  const [services, servicesFrom, days, connected, tickets] = await Promise.all([
    store.services(filter),
    store.servicesFrom(),
    numbers.days(filter, both, { samples: [] }),
    numbers.knowsDeployments(),
    store.tickets(),
  ]);
  return {
    ...{ services, connected, now, today: dayOf(now, timeZone) },
    days: [...days.values()].flat(),
    ...(servicesFrom && { servicesFrom: dayOf(servicesFrom, timeZone) }),
    ...(tickets && { windows: windowsOf(services, tickets.from, timeZone) }),
  };
}
