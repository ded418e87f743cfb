import { Steering } from '@highroad/plugin-deployments-common';
import { Command } from 'commander';
import { Portal } from '../../portal/Portal';
import { wholeUpTo } from '../wholeUpTo';
import { askingFor, SOME_ID } from './askingFor';

/** More than any canary has. */
const MOST_STEPS = 10_000;

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

export const resumeDeployment = askingFor<OfStep>({
  verb: 'resume',
  summary: 'Go on with the shifting of traffic, where it is paused',
  examples: [
    `platform deployment resume ${SOME_ID}`,
    `platform deployment resume ${SOME_ID} --step 2`,
  ],
  configure: ofStep,
  ask: steering('promote'),
  told: what => `${what} goes on in a moment.`,
});

export const skipDeployment = askingFor<OfStep & { all?: boolean }>({
  verb: 'skip',
  summary: 'Leave out the step that the shifting of traffic is at',
  examples: [
    `platform deployment skip ${SOME_ID}`,
    `platform deployment skip ${SOME_ID} --step 2`,
    `platform deployment skip ${SOME_ID} --all`,
  ],
  configure: command =>
    ofStep(command).option(
      '--all',
      'all steps that are left: it gets all traffic now',
    ),
  ask: (portal, asked, options) =>
    steering(options.all ? 'promote-full' : 'skip')(portal, asked, options),
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

interface OfStep {
  reason?: string;
  step?: number;
}

function ofStep(command: Command): Command {
  return command.option(
    '--step <number>',
    'only while it is at this step, as "platform deployment show" says',
    wholeUpTo(MOST_STEPS),
  );
}

function steering(action: Steering) {
  return (
    { deployments }: Pick<Portal, 'deployments'>,
    asked: { id: string; reason?: string },
    { step }: OfStep,
  ) => deployments.steer({ ...asked, action, ...(step && { step }) });
}
