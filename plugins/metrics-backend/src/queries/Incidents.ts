import {
  durationText,
  IncidentDetail,
  Scope,
  ScopeInput,
} from '@highroad/plugin-metrics-common';
import { Call } from '@highroad/plugin-platform-node';
import { Knex } from 'knex';
import { column, Columns } from '../database/columns';
import { incidentOf } from '../database/factRows';
import { IncidentFact } from '../facts/Facts';
import { below, cursorOf } from './cursor';
import { factsWithin, servicesShown } from './factsWithin';
import { Numbers } from './Numbers';
import { Scopes } from './Scopes';

/** What tells incidents apart, and sorts them. */
const ORDER = [
  ...(['detected_at', 'service'] as const),
  ...(['incident', 'environment'] as const),
] as const;

/** Tells of the incidents that the time to restore was taken from. */
export class Incidents {
  readonly #db: Knex;
  readonly #numbers: Pick<Numbers, 'scope'>;
  readonly #scopes: Scopes;

  constructor(options: {
    db: Knex;
    numbers: Pick<Numbers, 'scope'>;
    scopes: Scopes;
  }) {
    this.#db = options.db;
    this.#numbers = options.numbers;
    this.#scopes = options.scopes;
  }

  /**
   * Those that were detected in a range, the newest first, a page at a time.
   *
   * @param visible - those of other services are left out
   * @throws InputError for a cursor that is none
   */
  async of(
    input: ScopeInput & { before?: string; limit: number },
    visible: Call['visible'],
  ): Promise<{ scope: Scope; items: IncidentDetail[]; next?: string }> {
    const { before, limit } = input;
    const resolved = await this.#scopes.resolve(input);
    const facts = { table: 'incident_facts', time: 'detected_at' } as const;
    const shown = await servicesShown(
      () => factsWithin(this.#db, facts, resolved),
      visible,
    );
    const query = factsWithin(this.#db, facts, resolved, shown)
      .orderBy(ORDER.map(name => ({ column: name, order: 'desc' })))
      .limit(limit + 1);
    if (before) below(query, ORDER, before);
    const rows: Columns[] = await query;
    const page = rows.slice(0, limit);
    const last = page.at(-1);
    return {
      scope: await this.#numbers.scope(resolved),
      items: page.map(row => described(incidentOf(row))),
      ...(rows.length > limit &&
        last && { next: cursorOf(ORDER.map(name => column.text(last[name]))) }),
    };
  }
}

function described(fact: IncidentFact): IncidentDetail {
  const { day: _, system: __, owner, restoreSeconds, ...rest } = fact;
  const cause = fact.deployment
    ? ` It makes a failure of deployment ${fact.deployment}.`
    : ' No deployment is blamed for it.';
  const counts = restoreSeconds !== undefined;
  return {
    ...rest,
    ...(owner && { owner }),
    ...(counts && { restoreSeconds }),
    counts,
    why: `${
      counts
        ? `It was over after ${durationText(restoreSeconds)}.`
        : 'It is still open, so it is no part of the median.'
    }${cause}`,
  };
}
