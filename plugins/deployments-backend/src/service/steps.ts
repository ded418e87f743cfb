import { Step } from '@highroad/plugin-deployments-common';

/** What is found, before it is known which step it is. Without its times, it was begun and ended now. */
export type Found = Omit<Step, 'number' | 'startedAt'> &
  Partial<Pick<Step, 'startedAt'>>;

/**
 * Puts what was found into the list of steps: over the step of the same name if that still runs, else behind all.
 *
 * @param now - ISO 8601
 * @returns only those that are new or changed
 */
export function numbered(before: Step[], found: Found[], now: string): Step[] {
  return placed(before, found, now, one => one.state === 'running');
}

/**
 * The same for what is done again from its beginning as often as it has to be: over the step of the same name, whatever came
 * of it before.
 */
export function numberedAnew(
  before: Step[],
  found: Found[],
  now: string,
): Step[] {
  return placed(before, found, now, () => true).map((step, at) => ({
    ...step,
    startedAt: found[at].startedAt ?? step.startedAt,
  }));
}

function placed(
  before: Step[],
  found: Found[],
  now: string,
  isIt: (one: Step) => boolean,
): Step[] {
  let last = before.reduce((most, step) => Math.max(most, step.number), 0);
  return found.map(step => {
    const there = before.find(one => one.name === step.name && isIt(one));
    const endedAt = step.state === 'running' ? undefined : step.endedAt ?? now;
    if (there) {
      return { ...there, ...step, startedAt: there.startedAt, endedAt };
    }
    last += 1;
    const { startedAt = now } = step;
    return { ...step, number: last, startedAt, endedAt };
  });
}
