import {
  LedgerRecord,
  ledgerRecordSchema,
  parseBody,
} from '@highroad/plugin-audit-common';
import { RecordRow } from '../database/RecordStore';

/**
 * A stored record as it is given out.
 *
 * @returns nothing if its body cannot be read, as after somebody changed it in the database; verifying names it
 */
export function toRecord(row: RecordRow): LedgerRecord | undefined {
  const body = parseBody(row.body);
  const { seq, hash } = row;
  return body && ledgerRecordSchema.parse({ ...body, seq, hash });
}
