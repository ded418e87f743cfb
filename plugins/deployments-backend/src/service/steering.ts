import {
  DeploymentDetail,
  Strategy,
} from '@highroad/plugin-deployments-common';
import { isEnd, Wish } from '../database/rows';

/** What cannot be wanted of a strategy without steps. */
const STEPLESS: Partial<Record<Strategy, { wishes: Wish[]; why: string }>> = {
  rolling: {
    wishes: ['skip', 'promote-full'],
    why: 'a rolling update has no steps, and its new pods get their share of the traffic as they become ready',
  },
  'blue-green': {
    wishes: ['skip'],
    why: 'blue-green has no steps; promote leads all the traffic over',
  },
};

/**
 * Why a deployment cannot be led so as somebody wants; nothing where it can.
 *
 * @param seen - the step that they saw it at, counted from 1; any, if left out
 */
export function whyNotSteered(
  { id, progress, state, steps, strategy, version }: DeploymentDetail,
  wish: Wish,
  seen?: number,
): string | undefined {
  if (isEnd(wish)) return undefined;
  if (state !== 'shifting') {
    return `There is nothing to ${wish}: deployment ${id} is ${state}, not shifting.`;
  }
  const stepless = strategy && STEPLESS[strategy];
  if (stepless?.wishes.includes(wish)) {
    return `There is nothing to ${wish}: ${stepless.why} (deployment ${id}).`;
  }
  const isWatched = steps.some(
    step => step.name === 'watch' && step.state === 'running',
  );
  if (isWatched) {
    return `There is nothing to ${wish}: ${version} has all the traffic already. Cancel it to put back what ran before.`;
  }
  const step = progress?.step;
  return seen !== undefined && step !== undefined && step !== seen
    ? `Deployment ${id} was not asked to ${wish}, since it has moved on: you saw step ${seen}, and it is at step ${step} of ${progress?.steps} now. Look at it, and ask again if you still want that.`
    : undefined;
}
