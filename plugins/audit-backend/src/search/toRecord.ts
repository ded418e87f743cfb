import {
  LedgerRecord,
  ledgerRecordSchema,
  parseBody,
} from '@highroad/plugin-audit-common';
import { RecordRow } from '../database/RecordStore';

/**
 * A stored record that was found good.
 *
 * @returns nothing if its body has not the form of one, which the ledger never seals
 */
export function toRecord(row: RecordRow): LedgerRecord | undefined {
  const body = parseBody(row.body);
  const { seq, hash } = row;
  return body && ledgerRecordSchema.parse({ ...body, seq, hash });
}
