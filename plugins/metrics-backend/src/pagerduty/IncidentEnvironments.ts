import { Knex } from 'knex';
import { z } from 'zod';
import { aboutDetected, aboutResolved } from '../facts/about';
import { IncidentPlace, PAGERDUTY } from './deliveries';

const rowsSchema = z.array(
  z.object({
    data: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(z.object({ environment: z.string() })),
  }),
);

/** Which environment an incident is of: PagerDuty knows services only. */
export class IncidentEnvironments {
  readonly #db: Knex;
  readonly #production: string[];

  /** @param options.production - names of the environments that are production, those of the configuration first */
  constructor(options: { db: Knex; production: string[] }) {
    this.#db = options.db;
    this.#production = options.production;
  }

  /** What is known when it is told. Which one of several it is, is not decided here: of its deployments more may be told later. */
  async of(about: {
    service: string;
    incident: string;
  }): Promise<IncidentPlace> {
    const [environment = 'production', ...others] = this.#production;
    if (others.length === 0) return { environment };
    const before = await this.#toldBefore(about);
    return before === undefined
      ? { ofProduction: true }
      : { environment: before };
  }

  /** Of one that began when there was one environment only, so that its end is where its beginning is. */
  async #toldBefore({
    service,
    incident,
  }: {
    service: string;
    incident: string;
  }): Promise<string | undefined> {
    const rows = await this.#db('ledger')
      .where({ service, source: PAGERDUTY })
      .whereIn(
        'about',
        this.#production.flatMap(name => [
          aboutDetected(name, incident),
          aboutResolved(name, incident),
        ]),
      )
      .orderBy('seq')
      .limit(1)
      .select('data');
    return rowsSchema.parse(rows)[0]?.data.environment;
  }
}
