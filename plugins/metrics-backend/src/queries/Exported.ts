import {
  Bucket,
  Key,
  keys,
  Measure,
  Point,
  ScopeInput,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { column, Columns } from '../database/columns';
import { incidentOf } from '../database/factRows';
import { IncidentFact } from '../facts/Facts';
import { above } from './cursor';
import { DeploymentRow, Details } from './Details';
import { factsWithin, servicesShown } from './factsWithin';
import { Numbers } from './Numbers';
import { Scopes } from './Scopes';

const PAGE = 1_000;
const INCIDENTS = { table: 'incident_facts', time: 'detected_at' } as const;
/** What tells incidents apart, and sorts them. */
const ORDER = ['detected_at', 'service', 'environment', 'incident'] as const;

/** A change, and the deployment that first brought it. */
export interface ChangeRow {
  deployment: DeploymentRow;
  change: string;
  startedAt: string;
  /** From there to the finish of the deployment */
  seconds: number;
  /** Left out of the median, since it is negative */
  excluded: boolean;
  title?: string;
  url?: string;
}

/** A number in a part of the time. */
export interface NumberRow extends Partial<Omit<Point, 'from' | 'to'>> {
  key: Key;
  /** The whole range, the one before, or a part of the range */
  part: 'range' | 'range before' | Bucket;
  from: string;
  to: string;
  state: Measure['state'];
  band?: string;
  /** Example history is among what the range or the one before is of */
  example: boolean;
}

/** All that numbers were taken from, and the numbers, to be kept elsewhere. */
export class Exported {
  readonly #db: Knex;
  readonly #details: Details;
  readonly #numbers: Numbers;
  readonly #scopes: Scopes;

  constructor(options: {
    db: Knex;
    details: Details;
    numbers: Numbers;
    scopes: Scopes;
  }) {
    this.#db = options.db;
    this.#details = options.details;
    this.#numbers = options.numbers;
    this.#scopes = options.scopes;
  }

  /**
   * All changes that deployments of a scope brought first, those of the first deployment first.
   *
   * @param visible - those of other services are left out
   */
  async *changes(
    input: ScopeInput,
    visible: Call['visible'],
  ): AsyncIterable<ChangeRow> {
    let deployments: DeploymentRow[] = [];
    for await (const one of this.#details.all(input, visible)) {
      if (one.changes > 0) deployments.push(one);
      if (deployments.length < PAGE) continue;
      yield* await this.#changesOf(deployments);
      deployments = [];
    }
    yield* await this.#changesOf(deployments);
  }

  async #changesOf(deployments: DeploymentRow[]): Promise<ChangeRow[]> {
    const placeOf = (...parts: string[]) => JSON.stringify(parts);
    const byPlace = new Map(
      deployments.map(one => [
        placeOf(one.service, one.environment, one.deployment),
        { deployment: one, rows: [] as ChangeRow[] },
      ]),
    );
    const found: Columns[] = await this.#db('change_facts')
      .whereIn(
        ['service', 'environment', 'deployment'],
        deployments.map(one => [one.service, one.environment, one.deployment]),
      )
      .orderBy(['started_at', 'change']);
    for (const row of found) {
      const [service, environment, deployment] = [
        row.service,
        row.environment,
        row.deployment,
      ].map(column.text);
      const place = byPlace.get(placeOf(service, environment, deployment));
      place?.rows.push({
        deployment: place.deployment,
        change: column.text(row.change),
        startedAt: column.text(row.started_at),
        seconds: column.number(row.seconds),
        excluded: column.flag(row.excluded),
        title: column.textOrNone(row.title),
        url: column.addressOrNone(row.url),
      });
    }
    return [...byPlace.values()].flatMap(one => one.rows);
  }

  /**
   * All incidents that were detected in a range, the first first.
   *
   * @param visible - those of other services are left out
   */
  async *incidents(
    input: ScopeInput,
    visible: Call['visible'],
  ): AsyncIterable<IncidentFact> {
    const resolved = await this.#scopes.resolve(input);
    const shown = await servicesShown(
      () => factsWithin(this.#db, INCIDENTS, resolved),
      visible,
    );
    let last: IncidentFact | undefined;
    do {
      const query = factsWithin(this.#db, INCIDENTS, resolved, shown)
        .orderBy([...ORDER])
        .limit(PAGE);
      if (last) {
        const { detectedAt, service, environment } = last;
        above(query, ORDER, [detectedAt, service, environment, last.incident]);
      }
      const rows: Columns[] = await query;
      const page = rows.map(incidentOf);
      yield* page;
      last = page.at(-1);
    } while (last);
  }

  /** Each number of delivery: of the range, of the one before, and of each part of the range. */
  async *numbers(
    input: ScopeInput & { bucket: Bucket },
  ): AsyncIterable<NumberRow> {
    const { bucket } = input;
    const summary = await this.#numbers.summary(input);
    const { range, previous, example } = summary.scope;
    for (const key of keys) {
      const of = summary.keys.find(one => one.key === key);
      if (!of) continue;
      yield {
        key,
        part: 'range',
        ...range,
        ...measured(of.current),
        ...{ band: of.band, example },
      };
      yield {
        ...{ key, part: 'range before', ...previous },
        ...{ ...measured(of.previous), example },
      };
      const { points } = await this.#numbers.series({ ...input, key });
      for (const point of points) {
        yield { key, part: bucket, ...point, state: stateOf(point), example };
      }
    }
  }
}

function stateOf({ unknown, value }: Point): Measure['state'] {
  if (unknown) return 'no-data';
  return value === undefined ? 'nothing' : 'value';
}

function measured(measure: Measure) {
  if (measure.state !== 'value') return { state: measure.state };
  const { state, value, n, p75, p90 } = measure;
  return { state, value, n, p75, p90 };
}
