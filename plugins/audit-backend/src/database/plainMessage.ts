import { isError, stringifyError } from '@backstage/errors';

/**
 * What a database says is wrong, without the statement and its values: knex puts both in front, and the values are whole
 * records.
 */
export function plainMessage(error: unknown): string {
  if (!isError(error)) return stringifyError(error);
  const message = error.message || error.name;
  const afterStatement = message.lastIndexOf(' - ');
  const plain =
    afterStatement >= 0 &&
    /^\s*(insert|update|select|delete|begin)/i.test(message)
      ? message.slice(afterStatement + 3)
      : message;
  return plain.slice(0, 300);
}
