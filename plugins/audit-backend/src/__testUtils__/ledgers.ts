import { mockServices, TestDatabaseId } from '@backstage/backend-test-utils';
import { RecordBody } from '@highroad/plugin-audit-common';
import { Knex } from 'knex';
import { v7 as uuidv7 } from 'uuid';
import { generateKey } from '../keys/keyFile';
import { LedgerKeys } from '../keys/LedgerKeys';
import { LedgerSettings } from '../LedgerSettings';
import { Ledger } from '../service/Ledger';

/** The databases that everything runs on. */
export const DATABASES: TestDatabaseId[] = ['SQLITE_3', 'POSTGRES_18'];

export const TEST_KEY = generateKey();

/** A clock that goes on by a second each time it is asked. */
export function steppingClock(start = '2026-05-01T10:00:00.000Z') {
  let time = Date.parse(start);
  return {
    now: () => {
      time += 1_000;
      return new Date(time);
    },
    advance: (milliseconds: number) => {
      time += milliseconds;
    },
  };
}

/** A ledger on a database, whose loop only runs when it is told to. */
export function openLedger(
  knex: Knex,
  options: Partial<LedgerSettings> & { now?: () => Date } = {},
): Ledger {
  const { now, ...settings } = options;
  return new Ledger({
    settings: {
      keys: LedgerKeys.fromPem(TEST_KEY),
      intakeTimeoutMs: 20_000,
      checkpoints: { everyMs: 10_000, everyRecords: 1_000, log: false },
      ...settings,
    },
    database: { getClient: async () => knex },
    logger: mockServices.logger.mock(),
    now,
  });
}

export function body(overrides: Partial<RecordBody> = {}): RecordBody {
  return {
    v: 1,
    id: uuidv7(),
    at: '2026-05-01T10:00:00.000Z',
    plugin: 'deployments',
    event: 'create',
    severity: 'medium',
    phase: 'intent',
    actor: { kind: 'user', ref: 'user:default/ann' },
    door: 'cli',
    service: 'component:default/cart',
    environment: 'staging',
    correlation: 'request-1',
    ...overrides,
  };
}

/** Writes some records and seals them. */
export async function fill(
  ledger: Ledger,
  count: number,
  overrides: Partial<RecordBody> = {},
): Promise<void> {
  for (let n = 1; n <= count; n++) {
    await ledger.intake.write(
      body({
        environment: n % 2 ? 'staging' : 'production',
        ...overrides,
      }),
    );
  }
  await ledger.loop.turn();
}
