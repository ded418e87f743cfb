import {
  AuditorService,
  createServiceFactory,
} from '@backstage/backend-plugin-api';
import { ServiceFactoryTester } from '@backstage/backend-test-utils';
import { ServiceUnavailableError } from '@backstage/errors';
import {
  auditLedgerServiceRef,
  ledgerAuditorServiceFactory,
} from '@highroad/plugin-audit-backend';
import { TestLedger } from '@highroad/plugin-audit-backend/testing';
import { z } from 'zod';

const metaSchema = z.object({
  keys: z.array(z.string()).default([]),
  changes: z.array(z.string()).default([]),
  environments: z.array(z.string()).optional(),
  part: z.string().optional(),
  without: z.array(z.string()).optional(),
  cut: z.string().optional(),
});

/** The auditor of the plugin, with a ledger in memory that keeps of a record what the real one does. */
export class LedgerAuditor implements AuditorService {
  readonly #auditor: AuditorService;
  readonly #ledger: TestLedger;
  /** So many more can be written; all, if left out */
  left = Infinity;

  private constructor(auditor: AuditorService, ledger: TestLedger) {
    this.#auditor = auditor;
    this.#ledger = ledger;
  }

  static async create(): Promise<LedgerAuditor> {
    const ledger = TestLedger.create();
    const auditor = await ServiceFactoryTester.from(
      ledgerAuditorServiceFactory,
      {
        dependencies: [
          createServiceFactory({
            service: auditLedgerServiceRef,
            deps: {},
            factory: () => ledger.ledger,
          }),
        ],
      },
    ).getSubject('secrets');
    return new LedgerAuditor(auditor, ledger);
  }

  createEvent: AuditorService['createEvent'] = async options => {
    this.left -= 1;
    if (this.left < 0) {
      throw new ServiceUnavailableError('It cannot be recorded.');
    }
    return this.#auditor.createEvent(options);
  };

  /** What was recorded, in its order. */
  async records() {
    const records = await this.#ledger.records();
    return records.map(({ meta, ...record }) => ({
      ...record,
      meta: metaSchema.parse(meta ?? {}),
    }));
  }

  async stop(): Promise<void> {
    await this.#ledger.stop();
  }
}
