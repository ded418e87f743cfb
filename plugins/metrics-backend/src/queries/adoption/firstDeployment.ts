import {
  Adoption,
  durationText,
  spreadOf,
} from '@highroad/plugin-metrics-common';
import { Days } from '../Day';
import { EligibleService, isWithin } from './EligibleService';
import { Judged } from './judged';

export function firstDeploymentOf(
  services: EligibleService[],
  range: Days,
  now: Date,
): Adoption['firstDeployment'] {
  const created = createdIn(services, range).filter(
    one => !wasThereBefore(one),
  );
  if (created.length === 0) {
    return {
      state: 'no-data',
      why: 'No service is known to have been created in this time.',
    };
  }
  const times = timesOf(created);
  const waiting = created.filter(one => !one.firstProduction);
  const spread = spreadOf(times);
  return {
    ...{ state: 'value', n: times.length, waiting: waiting.length },
    ...(spread && { median: spread.median }),
    censored: waiting.map(one => ({
      service: one.service,
      seconds: secondsTo(one, now.getTime()),
    })),
  };
}

/** Of those that were created in a range and are in production by now, in seconds. */
export function firstDeploymentTimes(
  services: EligibleService[],
  range: Days,
): number[] {
  return timesOf(
    createdIn(services, range).filter(one => !wasThereBefore(one)),
  );
}

export function judgeFirstDeployments(
  services: EligibleService[],
  range: Days,
  now: Date,
): Judged[] {
  return createdIn(services, range).map(service => {
    const { firstProduction: first, created } = service;
    const isEarlier = wasThereBefore(service);
    return {
      ...{ service, part: '', counts: first !== undefined && !isEarlier },
      at: (first ?? created)?.at,
      deployedAt: first?.at,
      why: () => {
        if (isEarlier) {
          return 'It ran in production before the catalog got it, so how long it took is not known.';
        }
        const took = durationText(
          secondsTo(service, first?.ms ?? now.getTime()),
        );
        return first
          ? `It was in production ${took} after it was created.`
          : `It is not in production yet, ${took} after it was created.`;
      },
    };
  });
}

function createdIn(services: EligibleService[], range: Days) {
  return services.filter(one => one.created && isWithin(one.created, range));
}

function timesOf(services: EligibleService[]): number[] {
  return services.flatMap(one =>
    one.firstProduction ? [secondsTo(one, one.firstProduction.ms)] : [],
  );
}

function secondsTo({ created }: EligibleService, to: number): number {
  return Math.round((to - (created?.ms ?? to)) / 1000);
}

/** What runs in production before it is created was there before it was seen; how long that took is not known. */
function wasThereBefore({ created, firstProduction }: EligibleService) {
  return (
    created !== undefined &&
    firstProduction !== undefined &&
    firstProduction.ms < created.ms
  );
}
