import { EnvironmentStatus } from '@highroad/plugin-environments-common';
import { conditionsOf } from './statusOf';

const MOST_CHARACTERS = 500;

/**
 * What is told of an environment that could not be looked at to the end: all that was told before, and why not. It says of
 * no generation that it was seen.
 */
export function failingStatus(
  before: EnvironmentStatus,
  error: unknown,
  generation: number,
  now: Date,
): EnvironmentStatus {
  const why = error instanceof Error ? error.message : String(error);
  const message = `It can't be looked after now: ${why
    .slice(0, MOST_CHARACTERS)
    .replace(/\.$/, '')}. It is tried again.`;
  return {
    ...before,
    phase: before.phase ?? 'provisioning',
    message,
    conditions: [
      ...before.conditions.filter(({ type }) => type !== 'Reconciled'),
      ...conditionsOf(
        { Reconciled: { status: 'False', reason: 'Failing', message } },
        before.conditions,
        generation,
        now,
      ),
    ],
  };
}
