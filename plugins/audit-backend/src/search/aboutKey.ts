import { Knex } from 'knex';
import { isSqlite } from '../database/isSqlite';
import { RECORDS } from '../database/RecordStore';

const BODY = `${RECORDS}.body`;

/**
 * Narrows a query to records that say that they are about a key: `meta.key`, or one of `meta.keys`. It goes by the text
 * that is chained, of which there is no copy that somebody could change alone, and so takes reading the records of the
 * service that is asked for.
 *
 * @param key - letters, digits, "_", "-" and "."
 */
export function whereAboutKey(
  db: Knex,
  builder: Knex.QueryBuilder,
  key: string,
): void {
  if (isSqlite(db)) {
    // Somebody may have made the text unreadable.
    builder.whereRaw(
      `case when json_valid(${BODY}) then
        json_extract(${BODY}, '$.meta.key') is ? or exists (
          select 1 from json_each(${BODY}, '$.meta.keys') where value is ?
        ) else 0 end`,
      [key, key],
    );
    return;
  }
  // Quotation marks within a text are escaped, so that these are those of a name and its value.
  const name = key.replace(/[.-]/g, '\\$&');
  builder.whereRaw(`${BODY} ~ ?`, [
    `"key":"${name}"|"keys":\\[("[^"]*",)*"${name}"[],]`,
  ]);
}
