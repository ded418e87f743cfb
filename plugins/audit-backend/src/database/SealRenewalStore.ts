import { Knex } from 'knex';
import { SealRenewal, sealRenewalSchema } from '../keys/sealRenewal';
import { placeIn } from './placeIn';

const TABLE = 'seal_renewals';

interface SealRenewalRow extends Omit<SealRenewal, 'keyId'> {
  key_id: string;
}

/** Up to where each key has put its seals in place of earlier ones. */
export class SealRenewalStore {
  readonly #db: Knex;

  constructor(db: Knex) {
    this.#db = db;
  }

  /** What is said of a key, if it can be read. It is not believed. */
  async by(keyId: string): Promise<SealRenewal | undefined> {
    const row = await this.#db<SealRenewalRow>(TABLE)
      .where({ key_id: keyId })
      .first();
    if (!row) return undefined;
    const { key_id, ...rest } = row;
    const parsed = sealRenewalSchema.safeParse({
      ...{ ...rest, seq: placeIn(rest.seq), keyId: key_id },
    });
    return parsed.success ? parsed.data : undefined;
  }

  async put({ keyId: key_id, ...rest }: SealRenewal): Promise<void> {
    await this.#db<SealRenewalRow>(TABLE)
      .insert({ ...rest, key_id })
      .onConflict('key_id')
      .merge();
  }

  async remove(keyId: string): Promise<void> {
    await this.#db<SealRenewalRow>(TABLE).where({ key_id: keyId }).delete();
  }
}
