import { DeploymentDetail } from '@highroad/plugin-deployments-common';
import { deployment, detail, idOf } from '../__testUtils__/deployments';
import { Place } from '../board/board';
import { controlsOf } from './controlsOf';

const ALL = { create: true, rollback: true, approve: true };
const NONE = { create: false, rollback: false, approve: false };
const there = (rest: Partial<Place>): Place => ({
  service: 'component:default/cart',
  environment: 'staging',
  ...rest,
});
const moving = { wanted: 2, updated: 1, ready: 1, weight: 20, paused: false };

function offered(
  rest: Partial<DeploymentDetail>,
  options: Partial<Parameters<typeof controlsOf>[1]> = {},
) {
  return controlsOf(detail(rest), {
    rights: ALL,
    self: 'user:default/mona',
    ...options,
  });
}

describe('what can be done about a deployment', () => {
  it('is to stop it while it goes on', () => {
    expect(offered({ state: 'applying' })).toEqual(['cancel']);
  });

  it('is to approve it, for another person than who asked', () => {
    const state = 'waiting-for-approval';
    expect(offered({ state })).toEqual(['approve', 'cancel']);
    expect(offered({ state, requestedBy: 'user:default/mona' })).toEqual([
      'cancel',
    ]);
    expect(offered({ state }, { rights: { ...ALL, approve: false } })).toEqual([
      'cancel',
    ]);
  });

  it('is to steer a canary', () => {
    const shifting = { state: 'shifting', strategy: 'canary' } as const;
    expect(offered({ ...shifting, progress: moving })).toEqual([
      'pause',
      'skip',
      'shift-all',
      'abort',
    ]);
    expect(
      offered({ ...shifting, progress: { ...moving, paused: true } }),
    ).toEqual(['go-on', 'skip', 'shift-all', 'abort']);
    // Blue-green has no steps to skip.
    expect(offered({ ...shifting, strategy: 'blue-green' })).toEqual([
      'pause',
      'shift-all',
      'abort',
    ]);
  });

  it('is to hold a rolling update and to go on with it, which has no traffic to shift', () => {
    const shifting = { state: 'shifting', strategy: 'rolling' } as const;
    const { weight, ...progress } = moving;
    expect(offered({ ...shifting, progress })).toEqual(['pause', 'cancel']);
    expect(
      offered({ ...shifting, progress: { ...progress, paused: true } }),
    ).toEqual(['go-on', 'cancel']);
    expect(offered(shifting, { rights: { ...ALL, create: false } })).toEqual([
      'cancel',
    ]);
  });

  it('is only to stop what has all the traffic and is watched', () => {
    const watch = {
      ...{ number: 5, name: 'watch', state: 'running' as const },
      ...{ summary: 'Ready', startedAt: '', evidence: [] },
    };
    for (const strategy of ['canary', 'blue-green', 'rolling'] as const) {
      expect(offered({ state: 'shifting', strategy, steps: [watch] })).toEqual([
        'cancel',
      ]);
    }
  });

  it('is to roll back what runs, and to put back what ran', () => {
    const current = there({ running: deployment() });
    expect(offered({}, { current })).toEqual(['roll-back']);
    expect(offered({ id: idOf(2) }, { current })).toEqual(['put-back']);
  });

  it('is to try again what failed, and to undo it where that is still to be done', () => {
    const state = 'failed';
    const current = there({ latest: deployment({ state }) });
    expect(offered({ state }, { current })).toEqual(['roll-back', 'try-again']);
    expect(offered({ state, undoneBy: idOf(2) }, { current })).toEqual([
      'try-again',
    ]);
    expect(offered({ state, progress: undefined }, { current })).toEqual([
      'try-again',
    ]);
  });

  it('is nothing without rights, and nothing before it is known what runs there', () => {
    const current = there({ running: deployment() });
    for (const state of ['shifting', 'succeeded', 'failed'] as const) {
      expect(offered({ state }, { rights: NONE, current })).toEqual([]);
    }
    expect(offered({ state: 'succeeded' })).toEqual([]);
  });
});
