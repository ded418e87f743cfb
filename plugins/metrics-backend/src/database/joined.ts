import { Knex } from 'knex';
import { isPostgres } from './isPostgres';

/**
 * The texts of many rows as one, in SQL: as many rows would take longer to arrive than all else. What is null is left out.
 *
 * @param text - an expression of SQL, whose values have no separator in them
 */
export function joined(db: Knex, text: string, separator: string): string {
  return isPostgres(db)
    ? `string_agg(${text}, '${separator}')`
    : `group_concat(${text}, '${separator}')`;
}
