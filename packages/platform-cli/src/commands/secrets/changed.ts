import {
  SecretChange,
  secretOperations,
} from '@highroad/plugin-secrets-common';
import { z } from 'zod';
import { Output } from '../../output/Output';
import { shortRef } from '../service/resolveService';
import { syncLine } from './words';

type Changed = z.output<typeof secretOperations.set.output>;

const WORDS = {
  set: '✔ set',
  unchanged: '✔ unchanged',
  deleted: '✔ deleted',
  undeleted: '✔ put back',
  restored: '✔ restored',
};

/** Says what was changed where, how far the clusters are, and what was left out. */
export function answerChanged(
  output: Output,
  service: string,
  changed: Changed,
  production?: (environment: string) => string,
): void {
  output.answer(changed, () => {
    const lines = changed.changes.map(
      change =>
        `${WORDS[change.outcome]}  ${shortRef(service)}/${change.key} in ${
          change.environment
        }, ${versionWords(change)}`,
    );
    lines.push(...changed.sync.map(syncLine));
    if (production) {
      lines.push(
        ...changed.leftOut.map(
          environment =>
            `Not in ${environment}. For that: ${production(environment)}`,
        ),
      );
    }
    return lines.join('\n');
  });
}

/** `version 4, in place of version 3 by user:default/mona` */
export function versionWords({
  outcome,
  version,
  replaced,
}: SecretChange): string {
  if (outcome === 'unchanged') return `version ${version} as before`;
  const by = replaced?.by
    ? ` by ${replaced.by}`
    : ', written straight to Vault';
  if (!replaced) return `version ${version}`;
  return outcome === 'deleted'
    ? `version ${version}${by}`
    : `version ${version}, in place of version ${replaced.version}${by}`;
}
