import {
  Ending,
  endingOf,
  LedgerRecord,
  nameIn,
  suspicionText,
  whatText,
  whereText,
  whoText,
} from '@highroad/plugin-audit-common';
import { Output } from '../../output/Output';
import { inOneLine } from '../../output/printable';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';

const SYMBOLS: Record<Ending, string> = {
  succeeded: '✔ succeeded',
  failed: '✖ failed',
  refused: '⊘ refused',
  open: '… not ended',
};

/** Records as lines that read from left to right. */
export function recordTable(items: LedgerRecord[], output: Output): string {
  return table(
    ['NUMBER', 'WHEN', 'WHO', 'DID WHAT', 'TO', 'IN', 'BY', 'OUTCOME'],
    items.map(cells),
    output.width,
  );
}

/** One record as a line, for what comes one by one. */
export function recordLine(record: LedgerRecord): string {
  return cells(record).filter(Boolean).map(inOneLine).join('  ');
}

function cells(record: LedgerRecord): string[] {
  return [
    String(record.seq),
    withoutFraction(record.startedAt ?? record.at),
    whoText(record),
    whatText(record),
    record.service ? nameIn(record.service) : '',
    whereText(record),
    record.door,
    outcomeText(record),
  ];
}

/** That records at the end of the chain are missing, and what to do. */
export function cutText({ message }: { message: string }): string[] {
  return [
    `⚠ Records may be missing. ${message}`,
    '  All of it: platform audit verify. Runbook: docs/runbooks/audit-chain-broken.md',
  ];
}

/** How it ended, or that it is not what the ledger sealed. */
function outcomeText(record: LedgerRecord): string {
  const suspicion = suspicionText(record);
  return suspicion ? `⚠ ${suspicion}` : SYMBOLS[endingOf(record)];
}
