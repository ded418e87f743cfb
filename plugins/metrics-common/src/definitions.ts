export const keys = [
  'frequency',
  'lead-time',
  'change-failure-rate',
  'recovery',
  'rework',
] as const;
/** What is measured of delivery. */
export type Key = (typeof keys)[number];

export const units = ['deployments', 'seconds', 'share', 'count'] as const;
export type Unit = (typeof units)[number];

/** What a number means, shown beside it. */
export interface Definition {
  title: string;
  /** The question that it answers, as a chart is titled */
  question: string;
  /** How it is computed */
  formula: string;
  /** What is left out, and what is not obvious */
  notes: string[];
  unit: Unit;
  /** Whether more is better */
  better: 'more' | 'less';
  /** Where the definition comes from */
  sources: string[];
}

const GUIDE = 'https://dora.dev/guides/dora-metrics-four-keys/';
const HISTORY = 'https://dora.dev/guides/dora-metrics/history/';

export const definitions: Record<Key, Definition> = {
  frequency: {
    title: 'Deployment frequency',
    question: 'How often do we deliver to production?',
    formula:
      'Distinct successful deployments, each on the calendar day of its finish: over time those of each day, week or month, as one number those in a week on average. The band goes by the median number of days with a deployment in an ISO week, then in a month.',
    notes: [
      'Weeks without a deployment count 0. There is no band without a whole week.',
      'A rollback is no delivery, so it is not counted.',
      'A deployment that found its version there already is none.',
    ],
    unit: 'deployments',
    better: 'more',
    sources: [GUIDE],
  },
  'lead-time': {
    title: 'Lead time for changes',
    question: 'How long does a change take to production?',
    formula:
      'Finish of the deployment minus the first commit’s authoring (or minus the merge, where the portal is set so), for each change that it brought for the first time; median, p75 and p90 by linear interpolation.',
    notes: [
      'A change is a pull request, or a commit that belongs to none; merge commits without a pull request only join.',
      'Which changes a deployment brings is found by ancestry: what its commit has, and no earlier successful deployment there had.',
      'Changes of failed deployments are counted with the next that succeeds. The first known deployment is a baseline and counts none. A rollback brings none.',
      'Negative times are left out and counted.',
    ],
    unit: 'seconds',
    better: 'less',
    sources: [GUIDE],
  },
  'change-failure-rate': {
    title: 'Change failure rate',
    question: 'How many deployments need intervention?',
    formula:
      'Deployments that needed intervention, over completed ones (succeeded or failed). Each counts once, so it is never above 100 %.',
    notes: [
      'Rollbacks are interventions and count on neither side, nor do deployments that were cancelled, superseded, or refused before anything was applied.',
      'The first of these that holds says why: it failed; it is named by a rollback, a repair or an incident; an earlier version came back after it; a change of it was reverted; a hotfix followed; an incident began within the window after it.',
    ],
    unit: 'share',
    better: 'less',
    sources: [GUIDE, HISTORY],
  },
  recovery: {
    title: 'Failed deployment recovery time',
    question: 'How long until a failed deployment is repaired?',
    formula:
      'From the finish of a failed deployment to the finish of what repaired it, or to the end of its incident, whichever came first; median, p75 and p90.',
    notes: [
      'Failures that are still open are no part of the median. They are shown with their number and age, whenever they began up to the end of the time.',
      'Time to restore of all incidents, whatever caused them, is shown apart.',
    ],
    unit: 'seconds',
    better: 'less',
    sources: [GUIDE, HISTORY],
  },
  rework: {
    title: 'Rework rate',
    question: 'How much of what we deploy repairs?',
    formula:
      'Successful deployments that were not planned and repair something users met, over all successful ones, rollbacks among both.',
    notes: [
      'These are rollbacks, deployments that repair, revert or fix another one, and those that say of themselves that they were not planned.',
    ],
    unit: 'share',
    better: 'less',
    sources: [HISTORY],
  },
};
