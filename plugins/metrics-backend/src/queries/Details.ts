import {
  Detail,
  durationText,
  Key,
  ScopeInput,
  Scope,
  Took,
  tookText,
} from '@highroad/plugin-metrics-common';
import { InputError } from '@backstage/errors';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { z } from 'zod';
import { column } from '../database/columns';
import { rowsWith } from '../database/manyRows';
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
  in_all: number,
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
/** What tells deployments apart. */
const PLACE = ['service', 'environment', 'deployment'];
/** A number of a pull request is no hash of a commit, though it might be a very short one. */
const HASH = /^(?!\d{1,12}$)[0-9a-f]{7,64}$/;
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
   * @throws InputError for a cursor that is none, or where what is open is asked of another number than recovery, what counts of one
   *   that is no share, or a length of time of one that is none
   */
  async of(
    input: ScopeInput &
      Took & {
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
    const took = tookOf(input);
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
      if (took) this.#thatTook(found, key, took);
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
      items: await this.#detailed(key, page, took),
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

  /** Leaves what took so long: of a lead time, what brought a change that did. */
  #thatTook(query: Knex.QueryBuilder, key: Key, took: Took): void {
    if (key === 'recovery') {
      ofLength(query, 'recovery_seconds', took);
      return;
    }
    const changes = this.#db('change_facts')
      .select(this.#db.raw('1'))
      .where('change_facts.excluded', false);
    for (const name of PLACE) {
      changes.whereRaw('?? = ??', [
        `change_facts.${name}`,
        `deployment_facts.${name}`,
      ]);
    }
    ofLength(changes, 'change_facts.seconds', took);
    query.whereExists(changes);
  }

  async #detailed(
    key: Key,
    rows: DeploymentRow[],
    took: Took | undefined,
  ): Promise<Detail[]> {
    const places = rows.map(one => [
      one.service,
      one.environment,
      one.deployment,
    ]);
    const [changes, incidents, link] = await Promise.all([
      this.#firstChanges(places, key === 'lead-time' ? took : undefined),
      rowsWith(this.#db, 'incident_facts', PLACE, places)
        .orderBy('incident_facts.detected_at')
        .select('incident_facts.*'),
      this.#links.of(rows.map(one => one.service)),
    ]);
    const changesOf = byDeployment(z.array(changeSchema).parse(changes));
    const incidentsOf = byDeployment(z.array(incidentSchema).parse(incidents));
    return rows.map(row => {
      const { service, commit } = row;
      const commitUrl = commit && link(service, commit);
      const itsChanges = changesOf(row);
      const changesInAll = itsChanges.at(0)?.in_all ?? 0;
      return {
        ...described(key, row),
        ...(key === 'lead-time' &&
          took && { why: changesTook(changesInAll, took, row) }),
        ...(commitUrl && { commitUrl }),
        changesInAll,
        changes: itsChanges.map(
          ({ change, title, url, started_at, seconds, excluded }) => ({
            ...{ change, title, seconds, excluded },
            url: url ?? (HASH.test(change) ? link(service, change) : undefined),
            startedAt: started_at,
          }),
        ),
        incidents: incidentsOf(row).map(
          ({ incident, title, url, detected_at, resolved_at }) => ({
            ...{ incident, title, url },
            detectedAt: detected_at,
            resolvedAt: resolved_at,
          }),
        ),
      };
    });
  }

  /** What is shown of the changes of each deployment: those that began first, not the thousands that one may have. */
  async #firstChanges(
    places: string[][],
    took: Took | undefined,
  ): Promise<unknown[]> {
    const own = PLACE.map(name => `change_facts.${name}`);
    const numbered = rowsWith(this.#db, 'change_facts', PLACE, places).select(
      'change_facts.*',
      this.#db.raw('count(*) over (partition by ??, ??, ??) as in_all', own),
      this.#db.raw(
        'row_number() over (partition by ??, ??, ?? order by ??, ??) as place',
        [...own, 'change_facts.started_at', 'change_facts.change'],
      ),
    );
    if (took) {
      numbered.where('change_facts.excluded', false);
      ofLength(numbered, 'change_facts.seconds', took);
    }
    return this.#db
      .from(numbered.as('numbered'))
      .where('place', '<=', MOST_CHANGES)
      .orderBy('place');
  }
}

/**
 * The lengths of time that are asked for.
 *
 * @returns nothing where all are
 * @throws InputError where none has them, or the number has no length
 */
function tookOf(input: Took & { key: Key; open?: boolean }): Took | undefined {
  const { atLeast, below: most, key, open } = input;
  if (atLeast === undefined && most === undefined) return undefined;
  if (key !== 'lead-time' && key !== 'recovery') {
    throw new InputError(
      `atLeast, below: ${key} is no length of time; ask for lead-time or recovery, or leave them out.`,
    );
  }
  if (open) {
    throw new InputError(
      'atLeast, below: what is open has no length of time yet; leave them out, or open.',
    );
  }
  if (most !== undefined && most <= (atLeast ?? 0)) {
    throw new InputError(
      `below: there is nothing of less than ${most} s and of ${
        atLeast ?? 0
      } s or more; take a higher one.`,
    );
  }
  return { atLeast, below: most };
}

/** @param name - of a column of seconds */
function ofLength(
  query: Knex.QueryBuilder,
  name: string,
  { atLeast, below: most }: Took,
): void {
  if (atLeast !== undefined) query.where(name, '>=', atLeast);
  if (most !== undefined) query.where(name, '<', most);
}

function changesTook(n: number, took: Took, row: DeploymentRow): string {
  return `It was the first to bring ${
    n === 1 ? '1 change' : `${n} changes`
  } that took ${tookText(took)}.${cutWords(row)}`;
}

function cutWords({ cut }: DeploymentRow): string {
  return cut ? CUT : '';
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
        }.${cutWords(row)}`,
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

/** What is of each deployment, in its order. */
function byDeployment<
  T extends { service: string; environment: string; deployment: string },
>(items: T[]): (row: DeploymentRow) => T[] {
  const keyOf = (one: Pick<T, 'service' | 'environment' | 'deployment'>) =>
    JSON.stringify([one.service, one.environment, one.deployment]);
  const found = new Map<string, T[]>();
  for (const item of items) {
    const list = found.get(keyOf(item));
    if (list) list.push(item);
    else found.set(keyOf(item), [item]);
  }
  return row => found.get(keyOf(row)) ?? [];
}
