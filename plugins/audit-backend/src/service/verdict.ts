import { Verdict } from '@highroad/plugin-audit-common';
import { Verification } from './Verifier';

/** What verifying found, for whoever asked. */
export function verdictOf(found: Verification, tookMs: number): Verdict {
  const { ok, checked, checkpoints, from, head, warnings } = found;
  const sentence = found.ok ? goodNews(found) : found.problem.message;
  return {
    ...{ ok, checked, checkpoints, from, to: head.seq, tookMs, warnings },
    summary: [sentence, ...warnings].join(' '),
    ...(!found.ok && { problem: found.problem }),
  };
}

function goodNews({ checked, checkpoints, from, head }: Verification): string {
  if (checked === 0) return 'There are no records to verify here.';
  const range = `${checked} records (${from} to ${head.seq})`;
  return checkpoints === 0
    ? `${range} are as they were written; no checkpoint has been signed yet.`
    : `${range} are as they were written, and ${checkpoints} signed checkpoints agree.`;
}
