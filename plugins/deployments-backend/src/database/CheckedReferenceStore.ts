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
  version: string;
  /** When it was looked at, ISO 8601 */
  at: string;
  references: SecretReference[];
}

/** The last look at each service in each environment, whether it was deployed then or not. */
export class CheckedReferenceStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** Takes the place of the look before. */
  async keep(checked: CheckedReferences): Promise<void> {
    const { references, ...row } = checked;
    await this.#db(TABLE)
      .insert({ ...row, references: JSON.stringify(references) })
      .onConflict(['service', 'environment'])
      .merge();
  }

  /** @param service - whole reference */
  async of(service: string): Promise<CheckedReferences[]> {
    const rows = await this.#db(TABLE)
      .where({ service })
      .orderBy('environment');
    return rows.map(({ environment, version, at, references }) => ({
      ...{ service, environment, version, at },
      references: referencesSchema.parse(references),
    }));
  }
}
