import { environmentsOf, LedgerRecord } from '@highroad/plugin-audit-common';

const COLUMNS: Array<[string, (record: LedgerRecord) => unknown]> = [
  ['seq', r => r.seq],
  ['id', r => r.id],
  ['at', r => r.at],
  ['event', r => `${r.plugin}.${r.event}`],
  ['severity', r => r.severity],
  ['phase', r => r.phase],
  ['outcome', r => r.outcome],
  ['intent', r => r.intent],
  ['actor', r => r.actor.ref],
  ['door', r => r.door],
  ['service', r => r.service],
  ['environment', r => environmentsOf(r).join(', ') || undefined],
  ['correlation', r => r.correlation],
  ['reason', r => r.reason],
  ['method', r => r.request?.method],
  ['path', r => r.request?.path],
  ['error', r => r.error && `${r.error.name}: ${r.error.message}`],
  ['meta', r => r.meta && JSON.stringify(r.meta)],
  ['hash', r => r.hash],
];

export const CSV_HEADER = `${COLUMNS.map(([name]) => name).join(',')}\r\n`;

/** One record as a line of CSV (RFC 4180). */
export function csvLine(record: LedgerRecord): string {
  return `${COLUMNS.map(([, value]) => cell(value(record))).join(',')}\r\n`;
}

/** Spreadsheets run what begins like a formula: a quote in front makes it text. */
function cell(value: unknown): string {
  if (value === undefined) return '';
  const text = String(value);
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
