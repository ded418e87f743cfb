import { Step } from '@highroad/plugin-deployments-common';

/**
 * Puts what was found into the list of steps: over the step of the same name if that still runs, else behind all.
 *
 * @param now - ISO 8601
 * @returns only those that are new or changed
 */
export function numbered(
  before: Step[],
  found: Array<Omit<Step, 'number' | 'startedAt'>>,
  now: string,
): Step[] {
  let last = before.reduce((most, step) => Math.max(most, step.number), 0);
  return found.map(step => {
    const running = before.find(
      one => one.name === step.name && one.state === 'running',
    );
    const ended = step.state === 'running' ? undefined : now;
    if (running) {
      return { ...running, ...step, endedAt: ended };
    }
    last += 1;
    return { ...step, number: last, startedAt: now, endedAt: ended };
  });
}
