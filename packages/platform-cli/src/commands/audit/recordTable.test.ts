import { LedgerRecord } from '@highroad/plugin-audit-common';
import { recordLine } from './recordTable';

const record: LedgerRecord = {
  ...{ v: 1, id: '0190a3b0-0000-7000-8000-000000000007', seq: 7 },
  hash: '7'.repeat(64),
  ...{ plugin: 'deployments', event: 'deploy', severity: 'medium' },
  ...{ at: '2026-01-01T12:00:00.000Z', phase: 'outcome', door: 'api' },
  ...{ actor: { kind: 'service', ref: 'ci-cart' }, outcome: 'succeeded' },
};

describe('a record as a line', () => {
  it('ends with how it ended', () => {
    expect(recordLine(record)).toMatch(/token ci-cart .*✔ succeeded$/);
  });

  it('says of one that is not what was sealed that it is suspect, not how it ended', () => {
    const suspect = { kind: 'changed' as const, message: 'was changed' };
    const line = recordLine({ ...record, suspect });
    expect(line).toMatch(/token ci-cart .*⚠ suspect: changed$/);
    expect(line).not.toContain('succeeded');
  });
});
