import { LedgerRecord } from '@highroad/plugin-audit-common';
import { AuditApi } from '../api';

/** A record that ended well, of a minute ago. */
export function record(
  seq: number,
  rest: Partial<LedgerRecord> = {},
): LedgerRecord {
  return {
    v: 1,
    seq,
    hash: String(seq).padStart(64, '0'),
    id: `01932c07-5b1f-7c3e-8a55-${String(seq).padStart(12, '0')}`,
    at: new Date(Date.now() - 60_000).toISOString(),
    plugin: 'deployments',
    event: 'version-deploy',
    severity: 'medium',
    phase: 'outcome',
    outcome: 'succeeded',
    actor: { kind: 'user', ref: 'user:default/jonas.lind' },
    door: 'cli',
    service: 'component:default/payment-service',
    environment: 'staging',
    ...rest,
  };
}

const never = () => new Promise<never>(() => {});

/** A ledger in which nothing happens, but for what the test says. */
export function ledger(rest: Partial<AuditApi> = {}): AuditApi {
  return {
    search: async () => ({ items: [] }),
    tail: async input =>
      input.after === undefined ? { items: [], next: 0 } : never(),
    record: never,
    chain: async () => ({
      head: { seq: 1234, hash: '0'.repeat(64), at: new Date().toISOString() },
      firstSeq: 1,
      unsealed: { count: 0 },
      lastCheckpoint: { seq: 1230, at: new Date().toISOString() },
      rejected: 0,
      archives: [],
      intake: { writes: true, spooled: 0 },
      publicKeys: [],
    }),
    verify: never,
    file: never,
    ...rest,
  };
}
