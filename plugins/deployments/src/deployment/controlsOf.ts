import {
  DeploymentDetail,
  hasEnded,
} from '@highroad/plugin-deployments-common';
import { Place } from '../board/board';

/** What a person can do about a deployment. */
export type Control =
  | 'approve'
  | 'pause'
  | 'go-on'
  | 'shift-all'
  | 'skip'
  | 'abort'
  | 'cancel'
  | 'roll-back'
  | 'put-back'
  | 'try-again';

/**
 * What makes sense in its state, and is allowed.
 *
 * @param options.current - what runs there now; nothing that depends on that is offered before it is known
 * @param options.self - who looks
 */
export function controlsOf(
  deployment: DeploymentDetail,
  options: {
    rights: { create: boolean; rollback: boolean; approve: boolean };
    current?: Place;
    self?: string;
  },
): Control[] {
  const { rights, current, self } = options;
  const { state, strategy, progress, id } = deployment;
  const offered: Control[] = [];
  if (state === 'waiting-for-approval') {
    if (rights.approve && self && self !== deployment.requestedBy) {
      offered.push('approve');
    }
  }
  // Once it has all the traffic, there is nothing to lead any more.
  const isWatched = deployment.steps.some(
    step => step.name === 'watch' && step.state === 'running',
  );
  const isSteered = state === 'shifting' && !isWatched && rights.create;
  const hasTraffic = strategy === 'canary' || strategy === 'blue-green';
  if (isSteered) {
    offered.push(
      progress?.paused ? 'go-on' : 'pause',
      // Blue-green has no steps.
      ...(strategy === 'canary' ? (['skip'] as const) : []),
      // New pods of a rolling update get their share as they become ready.
      ...(hasTraffic ? (['shift-all'] as const) : []),
    );
  }
  if (!hasEnded(state)) {
    if (isSteered && hasTraffic) offered.push('abort');
    else if (rights.rollback) offered.push('cancel');
    return offered;
  }
  if (!current) return offered;
  const runs = current.running?.id === id;
  if (state === 'succeeded' && rights.rollback) {
    offered.push(runs ? 'roll-back' : 'put-back');
  }
  if (state !== 'succeeded') {
    // What another one has undone is as it was.
    const undoable =
      current.latest?.id === id && progress && !deployment.undoneBy;
    if (undoable && rights.rollback) offered.push('roll-back');
    if (rights.create) offered.push('try-again');
  }
  return offered;
}
