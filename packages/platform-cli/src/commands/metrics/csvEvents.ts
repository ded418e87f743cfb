import { CliError } from '../../errors';
import { exitCodes } from '../../exitCodes';
import { wholeRef } from '../service/resolveService';
import { csvRows } from './csvRows';

type Row = Record<string, string>;

const SOURCE = '/import/csv';
/** What everything is of that says no environment. */
export const PRODUCTION = 'production';

/** A kind of table, told by the column that only it has. */
interface Kind {
  column: string;
  /** What it is of has no environment */
  nowhere?: boolean;
  events: (row: Row) => object[];
}

const KINDS: Kind[] = [
  {
    column: 'deployment',
    events: row => [
      event(row, 'com.myorg.platform.deployment.finished.1', {
        id: `${row.environment} ${row.deployment}${correction(row)}`,
        time: row.finished_at,
        data: {
          environment: row.environment,
          deployment: row.deployment,
          outcome: row.outcome || 'succeeded',
          ...saidIn(row, ['version', 'commit', 'kind', 'undoes', 'url']),
          ...(row.fixes && { fixes: row.fixes.split(/\s+/).filter(Boolean) }),
          ...(row.unplanned && { unplanned: yesOrNo(row.unplanned) }),
          ...revisionOf(row),
        },
      }),
    ],
  },
  {
    column: 'incident',
    events: row => {
      const data = {
        environment: row.environment,
        incident: row.incident,
        ...saidIn(row, ['deployment_id', 'title', 'url']),
        ...revisionOf(row),
      };
      const at = (state: 'detected' | 'resolved', time: string) =>
        event(row, `dev.cdevents.incident.${state}.0.2.0`, {
          id: `${data.environment} ${row.incident} ${state}${correction(row)}`,
          ...{ time, data },
        });
      return [
        at('detected', row.detected_at),
        ...(row.resolved_at ? [at('resolved', row.resolved_at)] : []),
      ];
    },
  },
  {
    column: 'ticket',
    nowhere: true,
    events: row => [
      event(row, 'dev.cdevents.ticket.created.0.1.0', {
        ...{ id: row.ticket, time: row.created_at },
        data: { ticket: row.ticket, ...saidIn(row, ['kind', 'url']) },
      }),
    ],
  },
];

/** An event, with the number of the row that it is of, counted from 1 for the names of the columns. */
export interface OfRow {
  event: object;
  row: number;
}

/**
 * Events of a table of deployments, incidents or tickets. Which it is, is told by its columns.
 *
 * @param given.service - reference, for rows that name none
 * @param given.environment - for rows that name none; production if left out
 * @throws CliError where it is none of these, a row names what can be no service, or an environment is given to what has none
 */
export function csvEvents(
  text: string,
  given: { service?: string; environment?: string } = {},
): OfRow[] {
  const rows = csvRows(text);
  const columns = Object.keys(rows[0] ?? {});
  const kind = KINDS.find(({ column }) => columns.includes(column));
  if (!kind) {
    throw new CliError('It is not known what the table is of.', {
      why: `Its columns are ${columns.join(', ') || 'none'}.`,
      fix: 'One of them has to be deployment, incident or ticket; docs/reference/metrics.md has all.',
      exitCode: exitCodes.usage,
    });
  }
  if (kind.nowhere && given.environment !== undefined) {
    throw new CliError(`--env is not for a table with a ${kind.column}.`, {
      why: `A ${kind.column} is of a service, and of no environment.`,
      ...{ fix: 'Leave --env out.', exitCode: exitCodes.usage },
    });
  }
  return rows.flatMap((cells, at) => {
    const row = at + 2;
    const named = cells.service && serviceOf(cells.service, row);
    return kind
      .events({
        ...cells,
        service: named || given.service || '',
        environment: cells.environment || given.environment || PRODUCTION,
      })
      .map(one => ({ event: one, row }));
  });
}

function serviceOf(name: string, row: number): string {
  try {
    return wholeRef(name);
  } catch (error) {
    if (!(error instanceof CliError)) throw error;
    throw new CliError(`Row ${row}: ${error.message}`, error);
  }
}

function event(
  { service }: Row,
  type: string,
  { id, time, data }: { id: string; time: string; data: object },
): object {
  return {
    ...{ specversion: '1.0', source: SOURCE, type, time },
    id: `${service} ${id}`,
    data: { service, ...data },
  };
}

/** What it corrects has the same name, and stays in the ledger. */
function correction({ revision }: Row): string {
  return revision && revision !== '0' ? ` revision ${revision}` : '';
}

/** What is no number stays as it is, so that the ledger says what is wrong with it. */
function revisionOf({ revision }: Row): { revision?: number | string } {
  if (!revision) return {};
  return { revision: /^\d+$/.test(revision) ? Number(revision) : revision };
}

/** What is neither stays as it is, so that the ledger says what is wrong with it. */
function yesOrNo(text: string): boolean | string {
  if (/^(?:yes|true|1)$/i.test(text)) return true;
  return /^(?:no|false|0)$/i.test(text) ? false : text;
}

/** Only what is said: an empty cell says nothing. */
function saidIn(row: Row, names: string[]): Row {
  return Object.fromEntries(
    names.flatMap(name =>
      row[name] ? [[name.replace(/_id$/, ''), row[name]]] : [],
    ),
  );
}
