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
import { rowsWith } from '../database/manyRows';
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
    const found = page.map(incidentOf);
    const [scope, isBlamed] = await Promise.all([
      this.#numbers.scope(resolved),
      this.#blamed(found),
    ]);
    return {
      scope,
      items: found.map(one => described(one, isBlamed(one))),
      ...(rows.length > limit &&
        last && { next: cursorOf(ORDER.map(name => column.text(last[name]))) }),
    };
  }

  /** Which of some are of a deployment that counts as a failure: one may name what is not known, or did nothing. */
  async #blamed(
    incidents: IncidentFact[],
  ): Promise<(incident: IncidentFact) => boolean> {
    const places = incidents.flatMap(one =>
      one.deployment ? [[one.service, one.environment, one.deployment]] : [],
    );
    const rows: Columns[] = await rowsWith(
      this.#db,
      'deployment_facts',
      ['service', 'environment', 'deployment'],
      places,
    )
      .whereNotNull('deployment_facts.failure')
      .select(
        ...['service', 'environment', 'deployment'].map(
          name => `deployment_facts.${name}`,
        ),
      );
    const failed = new Set(
      rows.map(({ service, environment, deployment }) =>
        keyOf(
          column.text(service),
          column.text(environment),
          column.text(deployment),
        ),
      ),
    );
    return one =>
      failed.has(keyOf(one.service, one.environment, one.deployment));
  }
}

/**
 * @param isBlamed - the deployment that it is of counts as a failure
 */
function described(fact: IncidentFact, isBlamed: boolean): IncidentDetail {
  const { day: _, system: __, owner, restoreSeconds, ...rest } = fact;
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
    } ${causeWords(fact.deployment, isBlamed)}`,
  };
}

function causeWords(deployment: string | undefined, isBlamed: boolean): string {
  if (!deployment) return 'No deployment is blamed for it.';
  return isBlamed
    ? `It makes a failure of deployment ${deployment}.`
    : `It names deployment ${deployment}, which is not known there, took another back, or applied nothing, so no deployment is blamed for it.`;
}

function keyOf(service: string, environment: string, deployment?: string) {
  return JSON.stringify([service, environment, deployment]);
}
