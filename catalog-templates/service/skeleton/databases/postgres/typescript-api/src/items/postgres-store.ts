import type { Database } from '../database/database.ts';
import type { Item } from './item.ts';
import type { ItemStore, PageRequest } from './store.ts';

interface Row {
  id: string;
  name: string;
  created_at: Date;
}

/** Keeps items in the table `items`. */
export class PostgresItemStore implements ItemStore {
  readonly #database: Pick<Database, 'query'>;

  constructor(database: Pick<Database, 'query'>) {
    this.#database = database;
  }

  async add({ id, name, createdAt }: Item): Promise<void> {
    await this.#database.query('insert into items (id, name, created_at) values ($1, $2, $3)', [
      id,
      name,
      createdAt,
    ]);
  }

  async list({ limit, after }: PageRequest): Promise<Item[]> {
    const { rows } = await this.#database.query<Row>(
      `select id, name, created_at from items
       where $1::uuid is null or id > $1
       order by id limit $2`,
      [after ?? null, limit],
    );
    return rows.map(toItem);
  }

  async get(id: string): Promise<Item | undefined> {
    const { rows } = await this.#database.query<Row>(
      'select id, name, created_at from items where id = $1',
      [id],
    );
    return rows[0] && toItem(rows[0]);
  }

  async delete(id: string): Promise<boolean> {
    const { rowCount } = await this.#database.query('delete from items where id = $1', [id]);
    return rowCount === 1;
  }
}

function toItem({ id, name, created_at }: Row): Item {
  return { id, name, createdAt: created_at.toISOString() };
}
