import {
  Adoption,
  AdoptionOfRange,
  dayOf,
  percentile,
  RangeInput,
  Share,
} from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { sums } from './values';
import { Day, Days } from './Day';
import { NumberStore } from './NumberStore';
import { Scopes } from './Scopes';

const WINDOW_DAYS = 90;
const DAY_MS = 86_400_000;
const NOT_CONNECTED = 'Nothing is connected that tells of deployments.';

const text = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const serviceSchema = z.object({
  service: z.string(),
  eligible: z.coerce.boolean(),
  known: z.coerce.boolean(),
  created_at: text,
  onboarded_at: text,
  first_production_at: text,
  tickets: z
    .string()
    .transform(json => z.array(z.string()).parse(JSON.parse(json))),
  deviations: z.string().transform(json =>
    z
      .array(
        z.object({
          guardrail: z.string(),
          from: z.string(),
          until: z.string(),
        }),
      )
      .parse(JSON.parse(json)),
  ),
});
type Service = z.infer<typeof serviceSchema>;

/** What is asked about each range. */
interface Known {
  services: Service[];
  now: Date;
  /** The day of a moment, in the time zone that days are of */
  dayOf(moment: string | Date): string;
}

/** Says how the platform is taken up. */
export class AdoptionReader {
  readonly #db: Knex;
  readonly #now: () => Date;
  readonly #numbers: NumberStore;
  readonly #scopes: Scopes;

  constructor(options: {
    db: Knex;
    now: () => Date;
    numbers: NumberStore;
    scopes: Scopes;
  }) {
    this.#db = options.db;
    this.#now = options.now;
    this.#numbers = options.numbers;
    this.#scopes = options.scopes;
  }

  async read(input: RangeInput): Promise<Adoption> {
    const { filter, range, previous, timeZone } = await this.#scopes.resolve(
      input,
    );
    const now = this.#now();
    const both = { from: previous.from, to: range.to };
    const [rows, days, connected, tickets, example] = await Promise.all([
      this.#db('service_facts').where({ known: true }).orderBy('service'),
      this.#numbers.days(filter, both, { samples: [] }),
      this.#numbers.knowsDeployments(),
      this.#db('source_kinds').where('type', 'like', '%.ticket.%').first(),
      this.#numbers.hasExample(filter, both),
    ]);
    const services = z
      .array(serviceSchema)
      .parse(rows)
      .filter(one => one.eligible);
    const known = {
      ...{ services, days: [...days.values()].flat(), connected, now },
      dayOf: (at: string | Date) => dayOf(at, timeZone),
    };
    return {
      ...adoptionOf(range, known),
      ...{ previous: adoptionOf(previous, known), example },
      deflection: tickets
        ? deflection(services, now)
        : noData(
            'No tickets are known: send events, or import them with "platform metrics import".',
          ),
    };
  }
}

function adoptionOf(
  range: Days,
  known: Known & { days: Day[]; connected: boolean },
): AdoptionOfRange {
  const { days, connected } = known;
  const [platform, delivered] = sums(
    days.filter(one => one.day >= range.from && one.day <= range.to),
    'platform',
    'delivered',
  );
  return {
    range,
    onboarding: onboarding(range.to, known),
    goldenPath: connected
      ? { state: 'value', part: platform, whole: delivered }
      : noData(NOT_CONNECTED),
    firstDeployment: firstDeployment(range, known),
    deviations: connected ? deviations(range.to, known) : noData(NOT_CONNECTED),
  };
}

function noData(why: string) {
  return { state: 'no-data' as const, why };
}

/** Of services that were there: one that is newer is neither. */
function onboarding(to: string, { services: all, dayOf: day }: Known): Share {
  const services = all.filter(
    one => one.created_at === undefined || day(one.created_at) <= to,
  );
  if (services.length === 0) {
    return noData('The catalog has no services that the platform could run.');
  }
  return {
    state: 'value',
    part: services.filter(
      one => one.onboarded_at !== undefined && day(one.onboarded_at) <= to,
    ).length,
    whole: services.length,
  };
}

function firstDeployment(
  range: Days,
  { services, now, dayOf: day }: Known,
): Adoption['firstDeployment'] {
  const created = services.filter(
    one =>
      one.created_at !== undefined &&
      day(one.created_at) >= range.from &&
      day(one.created_at) <= range.to &&
      !wasThereBefore(one),
  );
  if (created.length === 0) {
    return noData('No service is known to have been created in this time.');
  }
  const seconds = (one: Service, to: number) =>
    Math.round((to - Date.parse(one.created_at ?? '')) / 1000);
  const there = created.flatMap(one =>
    one.first_production_at
      ? [seconds(one, Date.parse(one.first_production_at))]
      : [],
  );
  const median = percentile(
    there.sort((a, b) => a - b),
    0.5,
  );
  return {
    state: 'value',
    n: there.length,
    ...(median !== undefined && { median }),
    censored: created
      .filter(one => !one.first_production_at)
      .map(one => ({
        service: one.service,
        seconds: seconds(one, now.getTime()),
      })),
  };
}

/** What runs in production before it is created was there before it was seen; how long that took is not known. */
function wasThereBefore({ created_at, first_production_at }: Service): boolean {
  return (
    created_at !== undefined &&
    first_production_at !== undefined &&
    Date.parse(first_production_at) < Date.parse(created_at)
  );
}

/** Those that lift something at the end of a day, or now where that is not over. */
function deviations(
  to: string,
  { services: all, now, dayOf: day }: Known,
): Adoption['deviations'] {
  const isOver = to < day(now);
  const at = isOver ? to : now.toISOString();
  const when = (moment: string) => (isOver ? day(moment) : moment);
  const counts = new Map<string, number>();
  let services = 0;
  for (const one of all) {
    const there = one.deviations.filter(
      ({ from, until }) => when(from) <= at && at < when(until),
    );
    services += Number(there.length > 0);
    for (const { guardrail } of there) {
      counts.set(guardrail, (counts.get(guardrail) ?? 0) + 1);
    }
  }
  return {
    ...{ state: 'value', services },
    n: [...counts.values()].reduce((sum, n) => sum + n, 0),
    guardrails: [...counts]
      .map(([guardrail, n]) => ({ guardrail, n }))
      .sort((a, b) => b.n - a.n || a.guardrail.localeCompare(b.guardrail)),
  };
}

/**
 * Only services of which both windows are known: one that is made by the platform has no time before, and a part of a
 * window would look like fewer tickets. Tickets are known from the first on, of whichever service.
 */
function deflection(services: Service[], now: Date): Adoption['deflection'] {
  const windowMs = WINDOW_DAYS * DAY_MS;
  const over = services.filter(
    one =>
      one.onboarded_at &&
      Date.parse(one.onboarded_at) + windowMs <= now.getTime(),
  );
  const [firstTicket = ''] = services.flatMap(one => one.tickets).sort();
  const ready = over.filter(({ created_at, onboarded_at }) => {
    const began = Date.parse(onboarded_at ?? '') - windowMs;
    // When those were created that were there at the first look, nobody knows: long ago.
    const wasThere =
      created_at === undefined || Date.parse(created_at) <= began;
    return wasThere && Date.parse(firstTicket) <= began;
  });
  if (ready.length === 0) {
    return noData(
      over.length > 0
        ? `Of the ${over.length} services that were onboarded ${WINDOW_DAYS} days ago or earlier, none was there with its tickets known for ${WINDOW_DAYS} days before, so there is nothing to compare.`
        : `No service was onboarded ${WINDOW_DAYS} days ago or earlier, so there is nothing to compare.`,
    );
  }
  const perService = (from: number, to: number) =>
    ready.reduce((all, one) => {
      const onboarded = Date.parse(one.onboarded_at ?? '');
      return (
        all +
        one.tickets.filter(at => {
          const away = Date.parse(at) - onboarded;
          return away >= from && away < to;
        }).length
      );
    }, 0) / ready.length;
  return {
    state: 'value',
    before: perService(-windowMs, 0),
    after: perService(0, windowMs),
    services: ready.length,
    leftOut: over.length - ready.length,
    windowDays: WINDOW_DAYS,
  };
}
