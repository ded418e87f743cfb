import { DeploymentRow } from './Details';

/** Names of columns, and what a row has in them. */
export type ColumnsOf<T> = ReadonlyArray<
  readonly [string, (row: T) => string | number | boolean | null | undefined]
>;

export const deploymentColumns: ColumnsOf<DeploymentRow> = [
  ['service', row => row.service],
  ['environment', row => row.environment],
  ['deployment', row => row.deployment],
  ['finished_at', row => row.finished_at],
  ['owner', row => row.owner],
  ['kind', row => row.kind],
  ['outcome', row => row.outcome],
  ['version', row => row.version],
  ['commit', row => row.commit],
  ['changes', row => row.changes],
  ['failure', row => row.failure],
  ['failure_by', row => row.failure_by],
  ['recovery_seconds', row => row.recovery_seconds],
  ['rework', row => row.rework],
  ['example', row => row.example],
  ['url', row => row.url],
];

/** A table by RFC 4180. */
export async function* csvOf<T>(
  rows: AsyncIterable<T>,
  columns: ColumnsOf<T>,
): AsyncIterable<string> {
  yield `${columns.map(([name]) => name).join(',')}\r\n`;
  for await (const row of rows) {
    yield `${columns.map(([, of]) => cell(of(row))).join(',')}\r\n`;
  }
}

export async function* jsonLinesOf<T>(
  rows: AsyncIterable<T>,
  columns: ColumnsOf<T>,
): AsyncIterable<string> {
  for await (const row of rows) {
    const named = columns.map(([name, of]) => [name, of(row) ?? undefined]);
    yield `${JSON.stringify(Object.fromEntries(named))}\n`;
  }
}

function cell(value: unknown): string {
  if (value === undefined || value === null) return '';
  const text = String(value);
  // A spreadsheet would take it for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
