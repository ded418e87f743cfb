import { Deployment, hasEnded } from '@highroad/plugin-deployments-common';
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
  deployment: Deployment,
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
  const steps = strategy === 'canary' || strategy === 'blue-green';
  const steered = state === 'shifting' && steps && rights.create;
  if (steered) {
    offered.push(
      progress?.paused ? 'go-on' : 'pause',
      // Blue-green has no steps.
      ...(strategy === 'canary' ? (['skip'] as const) : []),
      'shift-all',
    );
  }
  if (!hasEnded(state)) {
    if (steered) offered.push('abort');
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
