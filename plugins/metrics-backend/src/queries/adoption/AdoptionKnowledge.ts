import { dayOf } from '@highroad/plugin-metrics-common';
import { Day } from '../Day';
import { NumberStore } from '../NumberStore';
import { Resolved } from '../Scopes';
import { AdoptionStore, Catalogue } from './AdoptionStore';

/** All that numbers of adoption of a slice are taken from. */
export interface AdoptionKnowledge extends Catalogue {
  /** Days of both ranges, of whoever owned services then */
  days: Day[];
  /** Something tells of deployments */
  connected: boolean;
  now: Date;
  today: string;
}

export async function readKnowledge(
  { filter, range, previous, timeZone }: Resolved,
  from: { numbers: NumberStore; store: AdoptionStore; now: Date },
): Promise<AdoptionKnowledge> {
  const { numbers, store, now } = from;
  const both = { from: previous.from, to: range.to };
  const [catalogue, days, connected] = await Promise.all([
    store.of(filter),
    numbers.days(filter, both, { samples: [] }),
    numbers.knowsDeployments(),
  ]);
  return {
    ...{ ...catalogue, connected, now, today: dayOf(now, timeZone) },
    days: [...days.values()].flat(),
  };
}
