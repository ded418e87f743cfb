import {
  Deployment,
  DeploymentDetail,
  hasEnded,
  Progress,
  Step,
} from '@highroad/plugin-deployments-common';
import { table } from '../../output/table';
import { withoutFraction } from '../../output/withoutFraction';
import { ago, deploymentLine, stateText, stepLine } from '../deploy/words';
import { shortRef } from '../service/resolveService';

/** One a line. An id is for the next command, so nothing of it is cut. */
export function deploymentTable(items: Deployment[], now: number): string {
  return table(
    ['SERVICE', 'ENVIRONMENT', 'VERSION', 'STATE', 'ASKED FOR', 'BY', 'ID'],
    items.map(one => [
      shortRef(one.service),
      one.environment,
      one.kind === 'rollback' ? `back to ${one.version}` : one.version,
      one.undoneBy ? `${stateText(one.state)}, undone` : stateText(one.state),
      ago(one.requestedAt, now),
      who(one.requestedBy),
      one.id,
    ]),
    Infinity,
  );
}

/** All that a person wants to know of one: how it stands, what it is, and what was done. */
export function deploymentText(deployment: DeploymentDetail): string {
  const { steps, progress, state } = deployment;
  return [
    deploymentLine(deployment),
    // What is ready after the end are other pods.
    progress && !hasEnded(state) && progressText(progress),
    '',
    ...facts(deployment).map(([name, value]) => `${name}: ${value}`),
    ...(steps.length > 0 ? ['', ...steps.map(stepText)] : []),
  ]
    .filter(line => typeof line === 'string')
    .join('\n');
}

function facts(one: DeploymentDetail): Array<[string, string]> {
  const { requestedBy, door, requestedAt, endedAt } = one;
  const known: Array<[string, string | undefined]> = [
    ['Id', one.id],
    ['Image', [one.image, one.digest].filter(Boolean).join('@')],
    ['Commit', one.commit],
    ['Strategy', one.strategy],
    [
      'Asked for',
      `by ${who(requestedBy)} (${door}) at ${withoutFraction(requestedAt)}`,
    ],
    ['Approved by', one.approvedBy && who(one.approvedBy)],
    ['Reason', one.reason],
    ['Takes over', one.takeOver ? 'fields that others manage' : undefined],
    ['Ended', endedAt && `at ${withoutFraction(endedAt)}`],
    ['Undoes', one.undoes],
    ['Fixes', one.fixes],
    ['Not planned', one.unplanned ? 'it repairs what users met' : undefined],
    ['Undone by', one.undoneBy],
  ];
  return known.flatMap(([name, value]) => (value ? [[name, value]] : []));
}

/** `1 of 2 pods ready, 20 % of the requests, step 2 of 5, paused` */
function progressText(progress: Progress): string {
  const { ready, wanted, weight, step, steps } = progress;
  const { paused, pausedUntil } = progress;
  return [
    `${ready} of ${wanted} pods ready`,
    weight !== undefined && `${weight} % of the requests`,
    step !== undefined && steps && `step ${step} of ${steps}`,
    paused &&
      (pausedUntil ? `paused until ${withoutFraction(pausedUntil)}` : 'paused'),
  ]
    .filter(Boolean)
    .join(', ');
}

/** Of which what it showed is told also where it went well: guardrails that were lifted, with the reasons. */
const GUARDRAILS = 'guardrails';

/** What was done, with what it showed where it failed or goes on. */
function stepText(step: Step): string {
  const { name, state, evidence } = step;
  const isDone = state === 'succeeded' || state === 'skipped';
  const shown = isDone && name !== GUARDRAILS ? [] : evidence;
  return [stepLine(step), ...shown.map(line => `    ${line}`)].join('\n');
}

/** The commands that make sense next. Whether one may is the portal's to say. */
export function nextSteps(deployment: Deployment): string[] {
  const { id, state, strategy, service, environment } = deployment;
  const name = shortRef(service);
  const to = (verb: string) => `platform deployment ${verb} ${id}`;
  if (state === 'succeeded') {
    return [
      `See what runs there now: platform status ${name} --env ${environment}`,
    ];
  }
  if (hasEnded(state)) {
    return deployment.undoneBy
      ? [
          `See what was put back: platform deployment show ${deployment.undoneBy}`,
        ]
      : [
          `See how it is doing there: platform status ${name} --env ${environment}`,
        ];
  }
  if (state === 'waiting-for-approval') {
    return [
      `Agree, if somebody else asked for it: ${to('approve')}`,
      `Stop it: ${to('cancel')}`,
    ];
  }
  const steered =
    state === 'shifting' &&
    (strategy === 'canary' || strategy === 'blue-green');
  if (!steered) {
    return [`Follow it: ${to('show')} --watch`, `Stop it: ${to('cancel')}`];
  }
  const { paused, step } = deployment.progress ?? {};
  // By then it may be at another, which whoever read this has not seen.
  const seen = step === undefined ? '' : ` --step ${step}`;
  return [
    paused
      ? `Go on with it: ${to('resume')}${seen}`
      : `Hold it: ${to('pause')}`,
    `Give it all the traffic: ${to('skip')} --all`,
    `Take it back: ${to('abort')}`,
  ];
}

/** `anna`, `ci-cart`: who, without what goes without saying. */
function who(reference: string): string {
  return reference.replace(/^user:default\//, '');
}
