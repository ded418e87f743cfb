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

  /** @param service - whole reference */
  async of(service: string): Promise<CheckedReferences[]> {
    const rows = await this.#db(TABLE)
      .where({ service })
      .orderBy(['environment', 'dry_run']);
    return rows.map(({ environment, deployment, version, at, references }) => ({
      ...{ service, environment, version, at },
      ...(deployment && { deployment }),
      references: referencesSchema.parse(references),
    }));
  }
}
