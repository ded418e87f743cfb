import { dayOf } from '@highroad/plugin-metrics-common';
import { z } from 'zod';
import { Days } from '../Day';

/** A moment, and the day of the calendar that it falls on. */
export interface Moment {
  /** ISO 8601 */
  at: string;
  /** Since 1970, in milliseconds */
  ms: number;
  day: string;
}

/** A service that the platform could run. */
export interface AdoptionService {
  service: string;
  /** Who owns it now; empty where nobody is known */
  owner: string;
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
  return day < today
    ? moment => moment.day <= day
    : moment => moment.ms <= now.getTime();
}

export function isWithin({ day }: Moment, { from, to }: Days): boolean {
  return day >= from && day <= to;
}

const rowSchema = z.object({
  service: z.string(),
  owner: z.string(),
  example: z.coerce.boolean(),
  created_at: z.string().nullish(),
  onboarded_at: z.string().nullish(),
  first_production_at: z.string().nullish(),
  tickets: z
    .string()
    .transform(json => z.array(z.string()).parse(JSON.parse(json))),
  deviations: z.string().transform(json =>
    z
      .array(
        z.object({
          environment: z.string(),
          guardrail: z.string(),
          from: z.string(),
          until: z.string(),
        }),
      )
      .parse(JSON.parse(json)),
  ),
});

/** @param timeZone - that days are of */
export function readService(row: unknown, timeZone: string): AdoptionService {
  const read = rowSchema.parse(row);
  const moment = (at: string) => momentOf(at, timeZone);
  return {
    service: read.service,
    owner: read.owner,
    example: read.example,
    ...(read.created_at && { created: moment(read.created_at) }),
    ...(read.onboarded_at && { onboarded: moment(read.onboarded_at) }),
    ...(read.first_production_at && {
      firstProduction: moment(read.first_production_at),
    }),
    tickets: read.tickets.map(at => Date.parse(at)),
    deviations: read.deviations.map(({ from, until, ...rest }) => ({
      ...{ ...rest, from: moment(from), until: moment(until) },
    })),
  };
}

export function momentOf(at: string, timeZone: string): Moment {
  return { at, ms: Date.parse(at), day: dayOf(at, timeZone) };
}
