import {
  Detail,
  durationText,
  Key,
  ScopeInput,
  Scope,
} from '@highroad/plugin-metrics-common';
import { InputError } from '@backstage/errors';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { column } from '../database/columns';
import { CommitLinks } from '../gitHosts/CommitLinks';
import { Numbers } from './Numbers';
import { above, below, cursorOf } from './cursor';
import { DEPLOYMENTS, factsWithin, servicesShown, Within } from './factsWithin';
import { Scopes } from './Scopes';
import { failureWords, reworkWords } from './words';

const text = z
  .string()
  .nullish()
  .transform(value => value ?? undefined);
const address = text.transform(column.addressOrNone);
const number = z.coerce.number();

const deploymentSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment: z.string(),
  finished_at: z.string(),
  outcome: z.string(),
  kind: z.string(),
  version: text,
  commit: text,
  url: address,
  owner: z.string(),
  example: z.coerce.boolean(),
  cut: z.coerce.boolean(),
  changes: number,
  failure: text,
  failure_by: text,
  recovered_at: text,
  recovery_seconds: number.nullable(),
  rework: text,
});
export type DeploymentRow = z.infer<typeof deploymentSchema>;

const changeSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment: z.string(),
  change: z.string(),
  title: text,
  url: address,
  started_at: z.string(),
  seconds: number,
  excluded: z.coerce.boolean(),
});

const incidentSchema = z.object({
  service: z.string(),
  environment: z.string(),
  deployment: z.string(),
  incident: z.string(),
  title: text,
  url: address,
  detected_at: z.string(),
  resolved_at: text,
});

const MOST_CHANGES = 50;
/** Of a pull request; as the hash of a commit it would be a very short one. */
const NUMBER = /^\d{1,12}$/;
const CUT =
  ' Its history ends at commits that nothing is known of, so it may have brought more.';
/** What tells deployments apart, and sorts them. */
const ORDER = ['finished_at', 'service', 'environment', 'deployment'] as const;

/** Tells of the deployments that numbers were taken from. */
export class Details {
  readonly #db: Knex;
  readonly #links: CommitLinks;
  readonly #numbers: Numbers;
  readonly #scopes: Scopes;

  constructor(options: {
    db: Knex;
    links: CommitLinks;
    numbers: Numbers;
    scopes: Scopes;
  }) {
    this.#db = options.db;
    this.#links = options.links;
    this.#numbers = options.numbers;
    this.#scopes = options.scopes;
  }

  /**
   * Newest first, a page at a time.
   *
   * @param visible - those of other services are left out
   * @throws InputError for a cursor that is none, or where what is open is asked of another number than recovery, or what counts of one
   *   that is no share
   */
  async of(
    input: ScopeInput & {
      key: Key;
      /** Of a share: only what is counted as such, or only the others */
      counts?: boolean;
      /** Only failures that are still open, of whenever up to the last day */
      open?: boolean;
      before?: string;
      limit: number;
    },
    visible: Call['visible'],
  ): Promise<{ scope: Scope; items: Detail[]; next?: string }> {
    const { key, counts, open = false, before, limit } = input;
    if (open && key !== 'recovery') {
      throw new InputError(
        `open: ${key} has none; ask for recovery, or leave it out.`,
      );
    }
    if (counts !== undefined && !isShare(key)) {
      throw new InputError(
        `counts: of ${key}, all that is listed counts; ask for change-failure-rate or rework, or leave it out.`,
      );
    }
    const resolved = await this.#scopes.resolve(input);
    const { filter, range } = resolved;
    const within = open ? { filter, range: { to: range.to } } : resolved;
    const counting = (services?: string[]) => {
      const found = narrow(this.#rows(within, services), key, counts);
      return open ? found.whereNull('recovered_at') : found;
    };
    const shown = await servicesShown(counting, visible);
    const query = counting(shown)
      .orderBy(ORDER.map(name => ({ column: name, order: 'desc' })))
      .limit(limit + 1);
    if (before) below(query, ORDER, before);
    const rows = z.array(deploymentSchema).parse(await query);
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      scope: await this.#numbers.scope(resolved),
      items: await this.#detailed(key, page),
      ...(rows.length > limit &&
        last && {
          next: cursorOf(ORDER.map(valueIn(last))),
        }),
    };
  }

  /**
   * All deployments of a scope, oldest first, as they are in the database.
   *
   * @param visible - those of other services are left out
   */
  async *all(
    input: ScopeInput,
    visible: Call['visible'],
  ): AsyncIterable<DeploymentRow> {
    const resolved = await this.#scopes.resolve(input);
    const shown = await servicesShown(() => this.#rows(resolved), visible);
    let last: DeploymentRow | undefined;
    do {
      const query = this.#rows(resolved, shown)
        .orderBy([...ORDER])
        .limit(1_000);
      if (last) above(query, ORDER, ORDER.map(valueIn(last)));
      const rows = z.array(deploymentSchema).parse(await query);
      yield* rows;
      last = rows.at(-1);
    } while (last);
  }

  #rows(within: Within, services?: string[]): Knex.QueryBuilder {
    return factsWithin(this.#db, DEPLOYMENTS, within, services);
  }

  async #detailed(key: Key, rows: DeploymentRow[]): Promise<Detail[]> {
    const places = rows.map(one => [
      one.service,
      one.environment,
      one.deployment,
    ]);
    const of = (table: string) =>
      this.#db(table).whereIn(['service', 'environment', 'deployment'], places);
    const [changes, incidents, link] = await Promise.all([
      places.length ? of('change_facts').orderBy('started_at') : [],
      places.length ? of('incident_facts').orderBy('detected_at') : [],
      this.#links.of(rows.map(one => one.service)),
    ]);
    const allChanges = z.array(changeSchema).parse(changes);
    const allIncidents = z.array(incidentSchema).parse(incidents);
    return rows.map(row => {
      const itsChanges = allChanges.filter(one => isOf(one, row));
      const { service, commit } = row;
      const commitUrl = commit && link(service, commit);
      return {
        ...described(key, row),
        ...(commitUrl && { commitUrl }),
        changesInAll: itsChanges.length,
        changes: itsChanges
          .slice(0, MOST_CHANGES)
          .map(({ change, title, url, started_at, seconds, excluded }) => ({
            ...{ change, title, seconds, excluded },
            url:
              url ?? (NUMBER.test(change) ? undefined : link(service, change)),
            startedAt: started_at,
          })),
        incidents: allIncidents
          .filter(one => isOf(one, row))
          .map(({ incident, title, url, detected_at, resolved_at }) => ({
            ...{ incident, title, url },
            detectedAt: detected_at,
            resolvedAt: resolved_at,
          })),
      };
    });
  }
}

function valueIn(row: DeploymentRow) {
  return (name: (typeof ORDER)[number]) => row[name];
}

/** Numbers that are a share, of which what it is a share of is listed too. */
function isShare(key: Key): key is 'change-failure-rate' | 'rework' {
  return key === 'change-failure-rate' || key === 'rework';
}

/** Only deployments that count for the number, on either side of a share. */
function narrow(
  query: Knex.QueryBuilder,
  key: Key,
  counts?: boolean,
): Knex.QueryBuilder {
  if (key === 'frequency') return query.where({ delivered: true });
  if (key === 'lead-time') return query.where('changes', '>', 0);
  if (key === 'recovery') return query.whereNotNull('failure');
  const [part, whole] =
    key === 'rework' ? ['rework', 'successful'] : ['failure', 'completed'];
  query.where({ [whole]: true });
  if (counts === undefined) return query;
  return counts ? query.whereNotNull(part) : query.whereNull(part);
}

function described(
  key: Key,
  row: DeploymentRow,
): Omit<Detail, 'changes' | 'changesInAll' | 'incidents'> {
  const { service, environment, deployment, outcome, kind } = row;
  return {
    ...{ service, environment, deployment, outcome, kind },
    version: row.version,
    commit: row.commit,
    url: row.url,
    finishedAt: row.finished_at,
    ...(row.owner && { owner: row.owner }),
    example: row.example,
    ...why(key, row),
    ...(row.recovery_seconds !== null && {
      recoverySeconds: row.recovery_seconds,
    }),
  };
}

function why(key: Key, row: DeploymentRow): { why: string; counts: boolean } {
  switch (key) {
    case 'frequency':
      return { why: 'It succeeded.', counts: true };
    case 'lead-time':
      return {
        why: `It was the first to bring ${row.changes} ${
          row.changes === 1 ? 'change' : 'changes'
        }.${row.cut ? CUT : ''}`,
        counts: true,
      };
    case 'change-failure-rate':
      return row.failure
        ? { why: failureWords(row.failure, row.failure_by), counts: true }
        : {
            why: 'It completed and needed no intervention.',
            counts: false,
          };
    case 'recovery':
      return row.recovery_seconds === null
        ? {
            why: `${failureWords(
              row.failure,
              row.failure_by,
            )} It is still open, so it is no part of the median.`,
            counts: false,
          }
        : {
            why: `${failureWords(
              row.failure,
              row.failure_by,
            )} It was repaired after ${durationText(row.recovery_seconds)}.`,
            counts: true,
          };
    default:
      return row.rework
        ? { why: reworkWords(row.rework), counts: true }
        : {
            why: 'It succeeded, and repaired nothing.',
            counts: false,
          };
  }
}

function isOf(
  one: { service: string; environment: string; deployment: string },
  row: DeploymentRow,
): boolean {
  return (
    one.service === row.service &&
    one.environment === row.environment &&
    one.deployment === row.deployment
  );
}
