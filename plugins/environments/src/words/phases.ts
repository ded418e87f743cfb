import {
  EnvironmentDatabaseStatus,
  EnvironmentPhase,
  EnvironmentServiceStatus,
} from '@highroad/plugin-environments-common';

const PHASES: Record<EnvironmentPhase, string> = {
  refused: 'refused',
  provisioning: 'provisioning',
  'waiting-for-image': 'waiting for image',
  ready: 'ready',
  updating: 'updating',
  degraded: 'degraded',
  failed: 'failed',
  deleting: 'deleting',
};

/** A phase as people read it, the same word as in a terminal and on a pull request. */
export function phaseText(phase: EnvironmentPhase): string {
  return PHASES[phase];
}

/** What the states of services and databases are taken for, so that the same pictures fit. */
const PART_PHASES: Record<
  EnvironmentServiceStatus['state'] | EnvironmentDatabaseStatus['state'],
  EnvironmentPhase
> = {
  waiting: 'provisioning',
  'waiting-for-image': 'waiting-for-image',
  starting: 'provisioning',
  creating: 'provisioning',
  seeding: 'provisioning',
  updating: 'updating',
  ready: 'ready',
  failing: 'failed',
  failed: 'failed',
};

export function phaseOfPart(state: keyof typeof PART_PHASES): EnvironmentPhase {
  return PART_PHASES[state];
}

const CONDITIONS: Record<string, { yes: string; no: string }> = {
  Accepted: {
    yes: 'It is valid, allowed, and there is room for it',
    no: 'It cannot be had as it is asked for',
  },
  NamespaceReady: {
    yes: 'It has a namespace of its own, with its limits',
    no: 'Its namespace is not there yet',
  },
  DatabasesReady: {
    yes: 'Its databases are there and seeded',
    no: 'Its databases are not ready',
  },
  ImagesAvailable: {
    yes: 'All images are in the registry',
    no: 'An image is not in the registry yet',
  },
  ServicesReady: {
    yes: 'All services take requests',
    no: 'Not all services take requests',
  },
  Ready: { yes: 'It is what was asked for', no: 'It is not ready' },
  Reconciled: {
    yes: 'It is looked after',
    no: 'It cannot be looked after now',
  },
  TeardownUnblocked: {
    yes: 'Nothing stands in the way of its end',
    no: 'Something stands in the way of its end',
  },
};

/** A condition in words; one that is not known here keeps its own name. */
export function conditionText(condition: {
  type: string;
  status: 'True' | 'False' | 'Unknown';
}): string {
  const words = CONDITIONS[condition.type];
  if (!words) return `${condition.type}: ${condition.status}`;
  if (condition.status === 'Unknown') return `${words.yes}: not known yet`;
  return condition.status === 'True' ? words.yes : words.no;
}
