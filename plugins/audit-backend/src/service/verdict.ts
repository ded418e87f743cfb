import { SignedBy, Verdict } from '@highroad/plugin-audit-common';
import { Verification } from './Verifier';

/** What verifying found, for whoever asked. */
export function verdictOf(found: Verification, tookMs: number): Verdict {
  const { ok, checked, checkpoints, signedBy, from, head, warnings } = found;
  const sentence = found.ok
    ? `${goodNews(found)}${renewal(found)}`
    : found.problem.message;
  return {
    ...{
      ok,
      checked,
      checkpoints,
      signedBy,
      from,
      to: head.seq,
      tookMs,
      warnings,
    },
    summary: [sentence, ...warnings].join(' '),
    ...(!found.ok && { problem: found.problem }),
  };
}

function goodNews(found: Verification): string {
  const { checked, checkpoints, from, head, signedBy } = found;
  if (checked === 0) return 'There are no records to verify here.';
  const range = `${checked} records (${from} to ${head.seq})`;
  return checkpoints === 0
    ? `${range} are as they were written; no checkpoint has been signed yet.`
    : `${range} are as they were written, and ${checkpoints} signed checkpoints agree${byWhom(
        signedBy,
      )}.`;
}

/** That it is too early to do without an earlier key. */
function renewal({ renewing }: Verification): string {
  if (!renewing) return '';
  const { upTo, of } = renewing;
  return ` Seals of earlier keys are being renewed: up to record ${upTo} of ${of}. Keep platform.audit.previousKeys until they all are.`;
}

/** Which key signed what, where it was not one for all. */
function byWhom(signedBy: SignedBy[]): string {
  if (signedBy.length === 1) return `, by the key ${signedBy[0].keyId}`;
  const each = signedBy.map(
    ({ checkpoints, keyId, from, to }) =>
      `${checkpoints} by the key ${keyId} (${from} to ${to})`,
  );
  return `: ${each.join(', ')}`;
}
