import {
  SecretReference,
  secretReferenceSchema,
} from '@highroad/plugin-deployments-common';
import { Knex } from 'knex';
import { z } from 'zod';

const TABLE = 'checked_references';
const referencesSchema = z
  .string()
  .transform((text): unknown => JSON.parse(text))
  .pipe(z.array(secretReferenceSchema));

/** Which secrets manifests refer to, as a check found them rendered. */
export interface CheckedReferences {
  /** Whole reference */
  service: string;
  environment: string;
  /** Id of the deployment that was checked; none for a dry run */
  deployment?: string;
  version: string;
  /** When it was looked at, ISO 8601 */
  at: string;
  references: SecretReference[];
}

/** The last look at each service in each environment: one of a dry run and one of a deployment, whatever became of it. */
export class CheckedReferenceStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Takes the place of the look before, of its kind. */
  async keep(checked: CheckedReferences): Promise<void> {
    const { references, deployment, ...row } = checked;
    await this.#db(TABLE)
      .insert({
        ...row,
        deployment: deployment ?? null,
        dry_run: deployment === undefined,
        references: JSON.stringify(references),
      })
      .onConflict(['service', 'environment', 'dry_run'])
      .merge();
  }

  /**
   * Every look at some services, in the order of their references.
   *
   * @param options.after - reference of the service after which it goes on
   * @param options.limit - how many services
   */
  async page(options: { after: string; limit: number }): Promise<{
    services: string[];
    looks: Array<CheckedReferences & { deployed: boolean }>;
  }> {
    const rows = await this.#db(TABLE)
      .distinct('service')
      .where('service', '>', options.after)
      .orderBy('service')
      .limit(options.limit);
    const services: string[] = rows.map(({ service }) => service);
    if (services.length === 0) return { services, looks: [] };
    const looks = await this.#db(`${TABLE} as c`)
      .leftJoin('deployments as d', 'd.id', 'c.deployment')
      .whereBetween('c.service', [services[0], services[services.length - 1]])
      .orderBy(['c.service', 'c.environment', 'c.dry_run'])
      .select('c.*', { digest: 'd.manifests_digest' });
    return {
      services,
      looks: looks.map(row => ({
        ...checkedOf(row),
        deployed: Boolean(row.digest),
      })),
    };
  }

  /** @param service - whole reference */
  async of(service: string): Promise<CheckedReferences[]> {
    const rows = await this.#db(TABLE)
      .where({ service })
      .orderBy(['environment', 'dry_run']);
    return rows.map(checkedOf);
  }
}

const rowSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment: z.string().nullish(),
  version: z.string(),
  at: z.string(),
  references: referencesSchema,
});

function checkedOf(row: unknown): CheckedReferences {
  const { deployment, ...look } = rowSchema.parse(row);
  return { ...look, ...(deployment && { deployment }) };
}
