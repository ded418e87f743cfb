import { Knex } from 'knex';
import { z } from 'zod';
import { aboutDetected, aboutResolved } from '../facts/about';
import { PAGERDUTY } from './deliveries';

/** Of the latest deployments of a service, among which one to production is looked for. */
const MOST_READ = 500;
const FINISHED = 'com.myorg.platform.deployment.finished.1';

const rowsSchema = z.array(
  z.object({
    data: z
      .string()
      .transform((text): unknown => JSON.parse(text))
      .pipe(
        z.object({
          environment: z.string(),
          outcome: z.string().optional(),
          kind: z.string().optional(),
          applied: z.boolean().optional(),
        }),
      ),
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

  /**
   * The environment of the production that was told of with the incident before, else the one that the service was last deployed to then, else
   * the first.
   *
   * @param about.at - ISO 8601, when it began or ended
   */
  async of(about: {
    service: string;
    incident: string;
    at: string;
  }): Promise<string> {
    const [first = 'production', ...others] = this.#production;
    if (others.length === 0) return first;
    return (
      (await this.#toldBefore(about)) ?? (await this.#last(about)) ?? first
    );
  }

  /** So that the end of an incident is where its beginning is, and a delivery that comes again says the same. */
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

  async #last({
    service,
    at,
  }: {
    service: string;
    at: string;
  }): Promise<string | undefined> {
    const rows = await this.#db('ledger')
      .where({ service, type: FINISHED })
      .where('time', '<=', new Date(at).toISOString())
      .orderBy('time', 'desc')
      .limit(MOST_READ)
      .select('data');
    return rowsSchema
      .parse(rows)
      .find(
        ({ data: { environment, outcome, kind, applied } }) =>
          this.#production.includes(environment) &&
          (outcome === 'succeeded' || outcome === 'failed') &&
          kind !== 'rollback' &&
          applied !== false,
      )?.data.environment;
  }
}
