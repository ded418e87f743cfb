import { Steering } from '@highroad/plugin-deployments-common';
import { Portal } from '../../portal/Portal';
import { askingFor, SOME_ID } from './askingFor';

export const pauseDeployment = askingFor({
  verb: 'pause',
  summary: 'Hold the shifting of traffic where it is',
  examples: [
    `platform deployment pause ${SOME_ID}`,
    `platform deployment pause ${SOME_ID} --reason "the error rate looks odd"`,
  ],
  ask: steering('pause'),
  told: what => `${what} is paused in a moment.`,
  then: id => `Go on with it: platform deployment resume ${id}`,
});

export const resumeDeployment = askingFor({
  verb: 'resume',
  summary: 'Go on with the shifting of traffic, where it is paused',
  examples: [`platform deployment resume ${SOME_ID}`],
  ask: steering('promote'),
  told: what => `${what} goes on in a moment.`,
});

export const skipDeployment = askingFor<{ reason?: string; all?: boolean }>({
  verb: 'skip',
  summary: 'Leave out the step that the shifting of traffic is at',
  examples: [
    `platform deployment skip ${SOME_ID}`,
    `platform deployment skip ${SOME_ID} --all`,
  ],
  configure: command =>
    command.option('--all', 'all steps that are left: it gets all traffic now'),
  ask: (portal, asked, { all }) =>
    steering(all ? 'promote-full' : 'skip')(portal, asked),
  told: (what, { all }) =>
    all
      ? `${what} gets all the traffic in a moment.`
      : `${what} leaves out a step in a moment.`,
});

export const abortDeployment = askingFor({
  verb: 'abort',
  summary: 'Give all traffic back to what ran before, and put that back',
  examples: [
    `platform deployment abort ${SOME_ID}`,
    `platform deployment abort ${SOME_ID} --reason "orders fail"`,
  ],
  ask: steering('abort'),
  told: what => `${what} is taken back in a moment.`,
});

function steering(action: Steering) {
  return (
    { deployments }: Pick<Portal, 'deployments'>,
    asked: { id: string; reason?: string },
  ) => deployments.steer({ ...asked, action });
}
