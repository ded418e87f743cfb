import { RotationRule } from '@highroad/plugin-secrets-common';

/**
 * Programs that read Vault themselves sign in for a third of this, and read again then at the latest, if they are made as
 * their documentation says.
 */
const LEAST_HOURS = 1;

/**
 * What is to be known of a rule before a value is replaced by it, in words.
 *
 * @param asked.overlaps - whether its generator ends the value before
 * @param asked.readThemselves - whether the platform lets programs of this environment read Vault themselves
 */
export function overlapWarnings(asked: {
  rule: Pick<RotationRule, 'overlapHours'>;
  overlaps: boolean;
  readThemselves: boolean;
}): string[] {
  const { rule, overlaps, readThemselves } = asked;
  const isShort = rule.overlapHours < LEAST_HOURS;
  if (!overlaps || !readThemselves || !isShort) return [];
  return [
    `overlapHours: programs here may read Vault themselves, and nobody can ask these whether they have the newest value. The one before ends ${
      rule.overlapHours === 0
        ? 'as soon as those that can be asked have it'
        : `after ${rule.overlapHours} hours`
    }, so whatever such a program read before fails then. Give them ${LEAST_HOURS} hour or more, unless the value has leaked.`,
  ];
}
