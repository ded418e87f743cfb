import {
  BackendFeature,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import {
  LedgerRecord,
  ledgerRecordSchema,
} from '@highroad/plugin-audit-common';
import createKnex, { Knex } from 'knex';
import { RecordStore } from '../database/RecordStore';
import { generateKey } from '../keys/keyFile';
import { LedgerKeys } from '../keys/LedgerKeys';
import { LedgerSettings } from '../LedgerSettings';
import { Ledger } from '../service/Ledger';
import {
  auditLedgerServiceRef,
  ledgerAuditorServiceFactory,
} from '../services';
import { quietLogger } from './quietLogger';

/** A ledger in memory, to see what was recorded. */
export class TestLedger {
  readonly #knex: Knex;
  readonly ledger: Ledger;
  /** To be added to a test backend: the auditor of all its plugins writes to this ledger */
  readonly features: BackendFeature[];

  static create(settings: Partial<LedgerSettings> = {}): TestLedger {
    const knex = createKnex({
      ...{ client: 'better-sqlite3', connection: ':memory:' },
      useNullAsDefault: true,
    });
    return new TestLedger(knex, settings);
  }

  private constructor(knex: Knex, settings: Partial<LedgerSettings>) {
    this.#knex = knex;
    this.ledger = new Ledger({
      settings: {
        keys: LedgerKeys.fromPem(generateKey()),
        intakeTimeoutMs: 3_000,
        checkpoints: { everyMs: 10_000, everyRecords: 1_000, log: false },
        ...settings,
      },
      database: { getClient: async () => knex },
      logger: quietLogger,
    });
    this.features = [
      createServiceFactory({
        service: auditLedgerServiceRef,
        deps: {},
        factory: () => this.ledger,
      }),
      ledgerAuditorServiceFactory,
    ];
  }

  /** Everything that was recorded up to now, in its order. */
  async records(): Promise<LedgerRecord[]> {
    await this.ledger.loop.turn();
    const db = await this.ledger.database();
    const rows = await new RecordStore(db).from(1, 100_000);
    return rows.map(({ seq, hash, body }) =>
      ledgerRecordSchema.parse({ ...JSON.parse(body), seq, hash }),
    );
  }

  /** From now on the ledger cannot write: its table is gone. */
  async refuseWrites(): Promise<void> {
    const db = await this.ledger.database();
    await db.schema.renameTable('intake', 'intake_gone');
  }

  /** It can write again. */
  async acceptWrites(): Promise<void> {
    const db = await this.ledger.database();
    await db.schema.renameTable('intake_gone', 'intake');
  }

  async stop(): Promise<void> {
    await this.ledger.stop();
    await this.#knex.destroy();
  }
}
