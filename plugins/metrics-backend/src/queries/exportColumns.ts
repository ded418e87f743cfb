import { definitions } from '@highroad/plugin-metrics-common';
import { IncidentFact } from '../facts/Facts';
import { DeploymentRow } from './Details';
import type { ChangeRow, NumberRow } from './Exported';

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

export const changeColumns: ColumnsOf<ChangeRow> = [
  ['service', row => row.deployment.service],
  ['environment', row => row.deployment.environment],
  ['deployment', row => row.deployment.deployment],
  ['finished_at', row => row.deployment.finished_at],
  ['owner', row => row.deployment.owner],
  ['change', row => row.change],
  ['started_at', row => row.startedAt],
  ['lead_time_seconds', row => row.seconds],
  ['counts', row => !row.excluded],
  ['example', row => row.deployment.example],
  ['title', row => row.title],
  ['url', row => row.url],
];

export const incidentColumns: ColumnsOf<IncidentFact> = [
  ['service', row => row.service],
  ['environment', row => row.environment],
  ['incident', row => row.incident],
  ['detected_at', row => row.detectedAt],
  ['resolved_at', row => row.resolvedAt],
  ['restore_seconds', row => row.restoreSeconds],
  ['owner', row => row.owner],
  ['deployment_id', row => row.deployment],
  ['example', row => row.example],
  ['title', row => row.title],
  ['url', row => row.url],
];

export const numberColumns: ColumnsOf<NumberRow> = [
  ['number', row => row.key],
  ['part', row => row.part],
  ['from', row => row.from],
  ['to', row => row.to],
  ['state', row => row.state],
  ['value', row => row.value],
  [
    'unit',
    // Of a range it is what is done in a week, of a part what was done in it.
    ({ key, part }) =>
      key === 'frequency' && part.startsWith('range')
        ? 'deployments a week'
        : definitions[key].unit,
  ],
  ['n', row => row.n],
  ['p75', row => row.p75],
  ['p90', row => row.p90],
  ['days', row => row.days],
  ['complete', row => row.complete],
  ['band', row => row.band],
  ['example', row => row.example],
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
  if (typeof value === 'number') return String(value);
  const text = String(value);
  // A spreadsheet would take it for a formula.
  const safe = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replace(/"/g, '""')}"` : safe;
}
