import {
  Adoption,
  AdoptionOfRange,
  percentile,
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

  async read(input: { from?: string; to?: string }): Promise<Adoption> {
    const { filter, range, previous } = await this.#scopes.resolve(input);
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
    const known = { services, days: [...days.values()].flat(), connected, now };
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
  known: { services: Service[]; days: Day[]; connected: boolean; now: Date },
): AdoptionOfRange {
  const { services, days, connected, now } = known;
  const [platform, delivered] = sums(
    days.filter(one => one.day >= range.from && one.day <= range.to),
    'platform',
    'delivered',
  );
  return {
    range,
    onboarding: onboarding(services, endOf(range.to)),
    goldenPath: connected
      ? { state: 'value', part: platform, whole: delivered }
      : noData(NOT_CONNECTED),
    firstDeployment: firstDeployment(services, range, now),
    deviations: connected
      ? deviations(services, earlier(endOf(range.to), now.toISOString()))
      : noData(NOT_CONNECTED),
  };
}

function noData(why: string) {
  return { state: 'no-data' as const, why };
}

/** Of services that were there: one that is newer is neither. */
function onboarding(all: Service[], until: string): Share {
  const services = all.filter(
    one => one.created_at === undefined || one.created_at < until,
  );
  if (services.length === 0) {
    return noData('The catalog has no services that the platform could run.');
  }
  return {
    state: 'value',
    part: services.filter(
      one => one.onboarded_at !== undefined && one.onboarded_at < until,
    ).length,
    whole: services.length,
  };
}

function firstDeployment(
  services: Service[],
  range: { from: string; to: string },
  now: Date,
): Adoption['firstDeployment'] {
  const created = services.filter(
    one =>
      one.created_at !== undefined &&
      one.created_at >= range.from &&
      one.created_at < endOf(range.to),
  );
  if (created.length === 0) {
    return noData('No service is known to have been created in this time.');
  }
  const seconds = (one: Service, to: number) =>
    Math.max(0, Math.round((to - Date.parse(one.created_at ?? '')) / 1000));
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

/** Those that lift something at a time. */
function deviations(all: Service[], at: string): Adoption['deviations'] {
  const counts = new Map<string, number>();
  let services = 0;
  for (const one of all) {
    const there = one.deviations.filter(
      ({ from, until }) => from <= at && at < until,
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

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** Only services whose window after onboarding is over: a part of one would look like fewer tickets. */
function deflection(services: Service[], now: Date): Adoption['deflection'] {
  const windowMs = WINDOW_DAYS * DAY_MS;
  const ready = services.filter(
    one =>
      one.onboarded_at &&
      Date.parse(one.onboarded_at) + windowMs <= now.getTime(),
  );
  if (ready.length === 0) {
    return noData(
      `No service was onboarded ${WINDOW_DAYS} days ago or earlier, so there is nothing to compare.`,
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
    windowDays: WINDOW_DAYS,
  };
}

/** The moment at which a day is over, closely enough: in UTC. */
function endOf(day: string): string {
  return new Date(Date.parse(day) + DAY_MS).toISOString();
}
