import { dayOf } from '@highroad/plugin-metrics-common';
import { z } from 'zod';
import { column, Columns } from '../../database/columns';
import { Days } from '../Day';

/** A moment, and the day of the calendar that it falls on. */
export interface Moment {
  /** ISO 8601 */
  at: string;
  /** Since 1970, in milliseconds */
  ms: number;
  day: string;
  /** The day as a number, since very many are compared */
  dayMs: number;
}

/** A service that the platform could run. */
export interface EligibleService {
  service: string;
  /** Who owns it now; empty where nobody is known */
  owner: string;
  system: string;
  /** Whose it was from when, the oldest first; none where it was always whose it is now */
  owners: Array<{ from: Moment; owner: string; system: string }>;
  /** Something of it was deployed in the time before or after it was onboarded */
  active: boolean;
  example: boolean;
  /** Left out where it was there at the first look at the catalog */
  created?: Moment;
  onboarded?: Moment;
  /** Its first success in production */
  firstProduction?: Moment;
  /** When each was written, in milliseconds */
  tickets: number[];
  deviations: Deviation[];
}

export interface Deviation {
  environment: string;
  guardrail: string;
  from: Moment;
  /** When it expires, or was taken back before */
  until: Moment;
}

/** Whether a moment has come. */
export type Reached = (moment: Moment) => boolean;

/**
 * Whether moments have come at the end of a day, or by now where that is not over.
 *
 * @param time.today - the day of now
 */
export function reachedBy(
  day: string,
  { now, today }: { now: Date; today: string },
): Reached {
  const nowMs = now.getTime();
  const dayMs = Date.parse(day);
  return day < today
    ? moment => moment.dayMs <= dayMs
    : moment => moment.ms <= nowMs;
}

export function isWithin({ day }: Moment, { from, to }: Days): boolean {
  return day >= from && day <= to;
}

const ticketsSchema = z.array(z.string());
const deviationsSchema = z.array(
  z.object({
    environment: z.string(),
    guardrail: z.string(),
    from: z.string(),
    until: z.string(),
  }),
);
const ownersSchema = z.array(
  z.object({ at: z.string(), owner: z.string(), system: z.string() }),
);
const NONE = '[]';

/**
 * A service as whose it was at a time. Before it was looked at first, it is taken for whose it was then.
 *
 * @param reached - by that time
 */
export function asOf(
  service: EligibleService,
  reached: Reached,
): EligibleService {
  const { owners } = service;
  if (owners.length === 0) return service;
  const then =
    [...owners].reverse().find(({ from }) => reached(from)) ?? owners[0];
  return { ...service, owner: then.owner, system: then.system };
}

/** @param timeZone - that days are of */
export function readService(row: Columns, timeZone: string): EligibleService {
  const moment = (value: unknown) => {
    const at = column.textOrNone(value);
    return at === undefined ? undefined : momentOf(at, timeZone);
  };
  const tickets = column.text(row.tickets);
  const deviations = column.text(row.deviations);
  const owners = column.text(row.owners);
  return {
    service: column.text(row.service),
    owner: column.text(row.owner),
    system: column.text(row.system),
    active: column.flag(row.active),
    example: column.flag(row.example),
    owners:
      owners === NONE
        ? []
        : ownersSchema.parse(JSON.parse(owners)).map(({ at, ...rest }) => ({
            ...rest,
            from: momentOf(at, timeZone),
          })),
    created: moment(row.created_at),
    onboarded: moment(row.onboarded_at),
    firstProduction: moment(row.first_production_at),
    tickets:
      tickets === NONE
        ? []
        : ticketsSchema.parse(JSON.parse(tickets)).map(at => Date.parse(at)),
    deviations:
      deviations === NONE
        ? []
        : deviationsSchema
            .parse(JSON.parse(deviations))
            .map(({ from, until, ...rest }) => ({
              ...rest,
              from: momentOf(from, timeZone),
              until: momentOf(until, timeZone),
            })),
  };
}

export function momentOf(at: string, timeZone: string): Moment {
  const day = dayOf(at, timeZone);
  return { at, ms: Date.parse(at), day, dayMs: Date.parse(day) };
}
