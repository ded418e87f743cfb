import { Adoption } from '@highroad/plugin-metrics-common';
import { WINDOW_DAYS, WINDOW_MS } from '../../facts/windows';
import { EligibleService, Moment, momentOf, Reached } from './EligibleService';
import { Judged } from './judged';

/** A service that was onboarded, with its tickets in equal windows before and after. */
export interface Onboarded {
  service: EligibleService;
  /** The end of the window after */
  over: Moment;
  before: number;
  after: number;
  /** Why it is left out: nothing of it was deployed in either, or the window before is not known */
  leftOut?: 'inactive' | 'created' | 'tickets';
}

/**
 * Both windows of each service that was onboarded. The one before is known of services that were there, and of tickets that were told of:
 * a part of a window would look like fewer tickets. Tickets are known since a Git host was asked for them, or from the first on, of
 * whichever service.
 *
 * @param services - all that there are
 * @param askedFrom - ISO 8601, since when tickets at Git hosts are known
 */
export function windowsOf(
  services: EligibleService[],
  timeZone: string,
  askedFrom?: string,
): Onboarded[] {
  let ticketsFrom = askedFrom === undefined ? undefined : Date.parse(askedFrom);
  for (const at of services.flatMap(one => one.tickets)) {
    if (ticketsFrom === undefined || at < ticketsFrom) ticketsFrom = at;
  }
  return services.flatMap(service => {
    const { onboarded, tickets } = service;
    if (!onboarded) return [];
    const began = onboarded.ms - WINDOW_MS;
    const ends = onboarded.ms + WINDOW_MS;
    const within = (from: number, to: number) =>
      tickets.filter(at => at >= from && at < to).length;
    return [
      {
        service,
        ...leftOutOf(service, began, ticketsFrom),
        over: momentOf(new Date(ends).toISOString(), timeZone),
        before: within(began, onboarded.ms),
        after: within(onboarded.ms, ends),
      },
    ];
  });
}

function leftOutOf(
  { active, created }: EligibleService,
  began: number,
  ticketsFrom: number | undefined,
): Pick<Onboarded, 'leftOut'> {
  // When those were created that were there at the first look, nobody knows: long ago.
  if (created && created.ms > began) return { leftOut: 'created' };
  if (ticketsFrom === undefined || ticketsFrom > began) {
    return { leftOut: 'tickets' };
  }
  return active ? {} : { leftOut: 'inactive' };
}

/**
 * Only services of which both windows are over and known, and something was deployed in them.
 *
 * @param reached - at the end of `day`
 */
export function deflectionOf(
  all: Onboarded[],
  day: string,
  reached: Reached,
): Adoption['deflection'] {
  const over = all.filter(one => reached(one.over));
  const ready = over.filter(one => !one.leftOut);
  if (ready.length === 0) {
    return {
      state: 'no-data',
      why:
        over.length > 0
          ? `Of the ${over.length} services that were onboarded ${WINDOW_DAYS} days before ${day} or earlier, none was deployed around that time and there with its tickets known for ${WINDOW_DAYS} days before, so there is nothing to compare.`
          : `No service was onboarded ${WINDOW_DAYS} days before ${day} or earlier, so there is nothing to compare.`,
    };
  }
  const perService = (name: 'before' | 'after') =>
    ready.reduce((sum, one) => sum + one[name], 0) / ready.length;
  return {
    state: 'value',
    before: perService('before'),
    after: perService('after'),
    services: ready.length,
    leftOut: over.length - ready.length,
    windowDays: WINDOW_DAYS,
  };
}

export function judgeDeflection(all: Onboarded[], reached: Reached): Judged[] {
  return all
    .filter(({ service }) => service.onboarded && reached(service.onboarded))
    .map(one => ({
      service: one.service,
      counts: reached(one.over) && !one.leftOut,
      part: '',
      at: one.service.onboarded?.at,
      ticketCounts: { before: one.before, after: one.after },
      why: () => wordsOf(one, reached(one.over)),
    }));
}

function wordsOf({ before, after, over, leftOut }: Onboarded, isOver: boolean) {
  if (!isOver) {
    return `The ${WINDOW_DAYS} days after it was onboarded are not over before ${over.day}.`;
  }
  if (leftOut === 'inactive') {
    return `Nothing of it was deployed in the ${WINDOW_DAYS} days before it was onboarded, nor in those after.`;
  }
  if (leftOut === 'created') {
    return `It was not there yet ${WINDOW_DAYS} days before it was onboarded, so there is no time before to compare with.`;
  }
  if (leftOut === 'tickets') {
    return `Tickets are not known from ${WINDOW_DAYS} days before it was onboarded on.`;
  }
  return `${ticketsText(
    before,
  )} in the ${WINDOW_DAYS} days before it was onboarded, ${ticketsText(
    after,
  )} in those after.`;
}

function ticketsText(n: number): string {
  return n === 1 ? '1 ticket' : `${n} tickets`;
}

/** In which window of a service a moment is. */
export function windowOf(
  { onboarded }: EligibleService,
  at: string,
): 'before' | 'after' | undefined {
  if (!onboarded) return undefined;
  const away = Date.parse(at) - onboarded.ms;
  if (away < -WINDOW_MS || away >= WINDOW_MS) return undefined;
  return away < 0 ? 'before' : 'after';
}
