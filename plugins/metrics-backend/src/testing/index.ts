/**
 * For benches: the ledger and its numbers on a database, without a backend around them.
 *
 * @packageDocumentation
 */
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { bandsOf2023 } from '@highroad/plugin-metrics-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { FactStore } from '../database/FactStore';
import { FeedStore } from '../database/FeedStore';
import { LedgerStore } from '../database/LedgerStore';
import { QuarantineStore } from '../database/QuarantineStore';
import { WorkStore } from '../database/WorkStore';
import { AdoptionReader } from '../queries/adoption/AdoptionReader';
import { AdoptionStore } from '../queries/adoption/AdoptionStore';
import { Details } from '../queries/Details';
import { Incidents } from '../queries/Incidents';
import { Numbers } from '../queries/Numbers';
import { KnownNames } from '../queries/KnownNames';
import { NumberStore } from '../queries/NumberStore';
import { Scopes } from '../queries/Scopes';
import { Computer, FACTS } from '../service/Computer';
import { Intake } from '../service/Intake';

export { aboutOf } from '../facts/about';

/** Makes the tables, and what works on them. `compute` brings all facts up to date. */
export async function createMetrics(db: Knex, now: () => Date) {
  await db.migrate.latest({
    directory: resolvePackagePath(
      '@highroad/plugin-metrics-backend',
      'migrations',
    ),
  });
  const feeds = new FeedStore(db);
  const ledger = new LedgerStore(db);
  const work = new WorkStore(db);
  const computer = new Computer({
    ...{ db, feeds, ledger, work, facts: new FactStore() },
    settings: {
      ...{ timeZone: 'UTC', incidentWindowHours: 24, hotfix: ['hotfix'] },
      leadTimeFrom: 'first-commit',
      isProduction: name => name === 'production',
      mainProduction: 'production',
    },
    now: () => new Date(),
    onProblem: message => {
      throw new Error(message);
    },
  });
  await feeds.add(FACTS);
  const until = () => new Date(Date.now() + 60_000).toISOString();
  const lease = await feeds.claim(FACTS, {
    holder: 'bench',
    now: new Date().toISOString(),
    until: until(),
  });
  if (!lease) throw new Error('Somebody else computes.');
  const scopes = new Scopes({
    names: new KnownNames({
      db,
      environments: ['production'],
      isInCatalog: async () => true,
    }),
    groups: {
      within: async group => [group],
      around: async () => group => [group],
    },
    ...{ now, production: ['production'], timeZone: 'UTC' },
  });
  const newNumbers = () =>
    new Numbers({
      ...{ now, bands: bandsOf2023, scopes, store: new NumberStore(db) },
    });
  const numbers = newNumbers();
  const days = new NumberStore(db);
  return {
    ...{ numbers, work },
    adoption: new AdoptionReader({
      ...{ days, now, numbers, scopes },
      store: new AdoptionStore({ db, numbers: days, timeZone: 'UTC' }),
      surveys: { results: async () => [] },
    }),
    incidents: new Incidents({ db, numbers, scopes }),
    /** Numbers as of a process that has just started, which has read nothing yet. */
    newNumbers,
    details: new Details({
      ...{ db, numbers, scopes },
      links: { of: async () => () => undefined },
    }),
    intake: new Intake({
      ...{ db, ledger, onTaken: () => {} },
      // What is told goes on after the time that numbers are asked at.
      now: () => new Date(),
      quarantine: new QuarantineStore(db, { newId: () => uuidv7() }),
    }),
    /** Lets somebody else compute. */
    release: () => feeds.release(lease),
    compute: () => computer.run(lease, until, new AbortController().signal),
  };
}
