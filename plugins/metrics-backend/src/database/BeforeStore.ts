import { COMMIT_HASH } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { z } from 'zod';
import { DeploymentFact, IncidentFact } from '../facts/Facts';
import { Before } from '../facts/goOn/Before';
import { neededFor } from '../facts/goOn/neededFor';
import { LedgerEvent } from '../facts/ServiceEvents';
import { ServiceState } from '../facts/ServiceState';
import { Columns } from './columns';
import { deploymentOf, incidentOf } from './factRows';
import { rowsWith } from './manyRows';
import { keyOf, StateStore } from './StateStore';

/** Of a service, where it stands and what more was told of it. */
export interface ToGoOn {
  service: string;
  state: ServiceState;
  events: LedgerEvent[];
}

const ranSchema = z.array(
  z.object({
    service: z.string(),
    environment: z.string(),
    version: z.string(),
    since: z.string(),
  }),
);

/** Reads what has to be known to go on with facts, of many services at once. */
export class BeforeStore {
  readonly #states = new StateStore();

  /** @param now - numbers in the ledger of what is gone on with */
  async of(
    services: ToGoOn[],
    now: ReadonlySet<string>,
    transaction: Knex.Transaction,
  ): Promise<(service: string) => Before> {
    const needed = services.map(({ service, state, events }) => ({
      service,
      ...neededFor(state, events),
    }));
    const abouts = needed.flatMap(({ service, abouts: all }) =>
      all.map((about): [string, string] => [service, about]),
    );
    const told = await this.#states.told(abouts, now, transaction);
    const wanted = await this.#states.wanted(abouts, transaction);
    const ran = await this.#ran(
      needed.flatMap(({ service, versions }) =>
        versions.map(one => [service, ...one]),
      ),
      transaction,
    );
    const incidents = await this.#incidents(
      needed.flatMap(one => one.incidents.map(id => [one.service, ...id])),
      transaction,
    );
    const deployments = await this.#deployments(
      [
        ...needed.flatMap(one =>
          one.deployments.map(id => [one.service, ...id]),
        ),
        ...[...incidents.values()].flatMap(one =>
          one.deployment
            ? [[one.service, one.environment, one.deployment]]
            : [],
        ),
      ],
      transaction,
    );
    return service => ({
      told: about => told.has(keyOf({ service, about })),
      wanted: about => wanted.has(keyOf({ service, about })),
      ranSince: (...version) => ran.get(JSON.stringify([service, ...version])),
      deployment: (...id) => deployments.get(JSON.stringify([service, ...id])),
      incident: (...id) => incidents.get(JSON.stringify([service, ...id])),
    });
  }

  /** When versions were first deployed with success, also where one is a commit that was deployed without a version. */
  async #ran(
    versions: string[][],
    transaction: Knex.Transaction,
  ): Promise<Map<string, string>> {
    const table = 'deployment_facts';
    const first = new Map<string, string>();
    const ways = [
      { name: 'version', given: versions },
      {
        name: 'commit',
        given: versions.filter(([, , one]) => COMMIT_HASH.test(one)),
        without: 'version',
      },
    ];
    for (const { name, given, without } of ways) {
      if (given.length === 0) continue;
      const columns = ['service', 'environment', name];
      const places = columns.map(column => `${table}.${column}`);
      const query = rowsWith(transaction, table, columns, given, { without })
        .where(`${table}.successful`, true)
        .groupBy(places)
        .min({ since: `${table}.finished_at` })
        .select(places.slice(0, 2))
        .select({ version: places[2] });
      for (const one of ranSchema.parse(await query)) {
        const { service, environment, version, since } = one;
        const key = JSON.stringify([service, environment, version]);
        const known = first.get(key);
        if (known === undefined || since < known) first.set(key, since);
      }
    }
    return first;
  }

  async #deployments(
    ids: string[][],
    transaction: Knex.Transaction,
  ): Promise<Map<string, DeploymentFact>> {
    const rows: Columns[] = await rowsWith(
      transaction,
      'deployment_facts',
      ['service', 'environment', 'deployment'],
      ids,
    ).select('deployment_facts.*');
    return new Map(
      rows
        .map(deploymentOf)
        .map(one => [
          JSON.stringify([one.service, one.environment, one.deployment]),
          one,
        ]),
    );
  }

  async #incidents(
    ids: string[][],
    transaction: Knex.Transaction,
  ): Promise<Map<string, IncidentFact>> {
    const rows: Columns[] = await rowsWith(
      transaction,
      'incident_facts',
      ['service', 'environment', 'incident'],
      ids,
    ).select('incident_facts.*');
    return new Map(
      rows
        .map(incidentOf)
        .map(one => [
          JSON.stringify([one.service, one.environment, one.incident]),
          one,
        ]),
    );
  }
}
