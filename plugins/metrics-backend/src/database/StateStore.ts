import { chunksOf } from '@highroad/plugin-platform-common';
import { Knex } from 'knex';
import { Facts } from '../facts/Facts';
import {
  MOST_STATE,
  ServiceState,
  serviceStateSchema,
} from '../facts/ServiceState';
import { Row } from './factRows';
import { MOST_SEQS } from './LedgerStore';
import { insertRows, rowsWith } from './manyRows';

/** Where the facts of services go on from. */
export class StateStore {
  /** Those of services that can be gone on with: not what a replica of another version has written. */
  async get(
    services: string[],
    transaction: Knex.Transaction,
  ): Promise<Map<string, ServiceState>> {
    const rows = await transaction('service_states')
      .whereIn('service', services)
      .select('service', 'state');
    return new Map(
      rows.flatMap(({ service, state }) => {
        const read = serviceStateSchema.safeParse(JSON.parse(state));
        return read.success ? [[String(service), read.data] as const] : [];
      }),
    );
  }

  /** What facts of services that were computed anew go on from. */
  async reset(
    facts: Map<string, Facts>,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const services = [...facts.keys()];
    for (const table of ['service_states', 'wanted']) {
      await transaction(table).whereIn('service', services).delete();
    }
    await this.put(
      [...facts].flatMap(([service, { state, wanted }]) =>
        state ? [{ service, state, wanted }] : [],
      ),
      transaction,
    );
  }

  async put(
    states: Array<{ service: string; state: ServiceState; wanted: string[] }>,
    transaction: Knex.Transaction,
  ): Promise<void> {
    const rows: Row[] = [];
    const tooLong: string[] = [];
    for (const { service, state } of states) {
      const text = JSON.stringify(state);
      if (text.length > MOST_STATE) tooLong.push(service);
      else rows.push({ service, state: text });
    }
    await insertRows(transaction, {
      ...{ table: 'service_states', rows },
      conflict: { columns: ['service'], replace: true },
    });
    if (tooLong.length > 0) {
      await transaction('service_states').whereIn('service', tooLong).delete();
    }
    await insertRows(transaction, {
      table: 'wanted',
      rows: states.flatMap(({ service, wanted }) =>
        wanted.map(about => ({ service, about })),
      ),
      conflict: { columns: ['service', 'about'] },
    });
  }

  /** Which of these events refer to that are told of already. */
  async wanted(
    abouts: Array<[string, string]>,
    transaction: Knex.Transaction,
  ): Promise<Set<string>> {
    const rows = await rowsWith(
      transaction,
      'wanted',
      ['service', 'about'],
      abouts,
    ).select('wanted.service', 'wanted.about');
    return new Set(rows.map(keyOf));
  }

  /**
   * Which of these facts follow already: those that are told and not fresh.
   *
   * @param now - of what is gone on with, which is fresh
   */
  async told(
    abouts: Array<[string, string]>,
    now: ReadonlySet<string>,
    transaction: Knex.Transaction,
  ): Promise<Set<string>> {
    const rows: Array<{
      seq: string | number;
      service: string;
      about: string;
    }> = await rowsWith(
      transaction,
      'ledger',
      ['service', 'about'],
      abouts,
    ).select('ledger.seq', 'ledger.service', 'ledger.about');
    const others = rows.filter(one => !now.has(String(one.seq)));
    // Looked up apart: joined, PostgreSQL walks through all that is fresh for each, as it takes that for empty.
    const fresh = new Set<string>();
    for (const part of chunksOf(others, MOST_SEQS)) {
      const seqs: Array<string | number> = await transaction('fresh')
        .whereIn(
          'seq',
          part.map(one => one.seq),
        )
        .pluck('seq');
      for (const seq of seqs) fresh.add(String(seq));
    }
    return new Set(
      others.filter(one => !fresh.has(String(one.seq))).map(keyOf),
    );
  }
}

/** What a service and something of it are found by. */
export function keyOf(one: { service: string; about: string }): string {
  return JSON.stringify([one.service, one.about]);
}
