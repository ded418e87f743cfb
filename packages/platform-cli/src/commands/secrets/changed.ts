import { secretOperations } from '@highroad/plugin-secrets-common';
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
      ({ outcome, key, environment, version }) =>
        `${WORDS[outcome]}  ${shortRef(
          service,
        )}/${key} in ${environment}, version ${version}${
          outcome === 'unchanged' ? ' as before' : ''
        }`,
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
