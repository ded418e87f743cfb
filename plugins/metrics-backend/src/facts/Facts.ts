import { ServiceState } from './ServiceState';

/** Whether it is known what a deployment brought. */
export const rangeStates = [
  'known',
  /** The first that is known: everything in it may have been there before */
  'baseline',
  'rollback',
  /** It says no commit */
  'no-commit',
  /** Nothing is known of the commit that it says */
  'unknown-commit',
  /** It did not succeed */
  'none',
] as const;
export type RangeState = (typeof rangeStates)[number];

/** Why a deployment needed intervention, in the order in which these are looked for. */
export const failureReasons = [
  'failed',
  'linked',
  'came-back',
  'reverted',
  'hotfix',
  'incident',
] as const;
export type FailureReason = (typeof failureReasons)[number];

/** Why a deployment was one that repairs. */
export const reworkReasons = [
  'rollback',
  'repair',
  'revert',
  'hotfix',
  'unplanned',
] as const;
export type ReworkReason = (typeof reworkReasons)[number];

/** Where and whose something is, and what day it counts for. */
export interface Placed {
  service: string;
  environment: string;
  day: string;
  /** Who owned the service then; empty where nobody is known */
  owner: string;
  system: string;
  example: boolean;
}

export interface DeploymentFact extends Placed {
  deployment: string;
  finishedAt: string;
  outcome: string;
  kind: string;
  version?: string;
  commit?: string;
  url?: string;
  source: string;
  platform: boolean;
  rangeState: RangeState;
  /** It may have brought more changes, behind commits that nothing is known of */
  cut: boolean;
  /** How many changes it brought first */
  changes: number;
  /** It counts for the frequency */
  delivered: boolean;
  /** It is among those of which a share failed */
  completed: boolean;
  successful: boolean;
  failure?: FailureReason;
  /** Id of what says that it failed */
  failureBy?: string;
  recoveredAt?: string;
  recoverySeconds?: number;
  rework?: ReworkReason;
}

export interface ChangeFact extends Placed {
  /** Number of a pull request, or a commit */
  change: string;
  deployment: string;
  startedAt: string;
  seconds: number;
  /** Its time is negative, so clocks or history were changed */
  excluded: boolean;
  title?: string;
  url?: string;
}

export interface IncidentFact extends Placed {
  incident: string;
  detectedAt: string;
  resolvedAt?: string;
  restoreSeconds?: number;
  /** That it is attributed to */
  deployment?: string;
  title?: string;
  url?: string;
}

/** What numbers of a day are made of. */
export interface DayMaterial {
  delivered: number;
  completed: number;
  failed: number;
  successful: number;
  rework: number;
  /** Delivered ones that the platform made */
  platform: number;
  /** Changes whose time is negative */
  excluded: number;
  /** Failures that nothing has repaired yet */
  open: number;
  /** When the oldest of these finished */
  openSince?: string;
  /** Lead times that count, in seconds, ascending */
  leads: number[];
  /** Recovery times, in seconds, ascending */
  recoveries: number[];
  /** Times to restore of all incidents, in seconds, ascending */
  restores: number[];
}

export interface DailyFact extends Placed, DayMaterial {}

export interface ServiceFact {
  service: string;
  owner: string;
  system: string;
  eligible: boolean;
  known: boolean;
  example: boolean;
  createdAt?: string;
  onboardedAt?: string;
  firstProductionAt?: string;
  hasCommits: boolean;
  /** Whose it was from when, the oldest first; none where it was always whose it is now */
  owners: Array<{ at: string; owner: string; system: string }>;
  /** Something of it was deployed in the time before or after it was onboarded */
  active: boolean;
  tickets: string[];
  /** Guardrails that were lifted, the first that was added first */
  deviations: Array<{
    environment: string;
    guardrail: string;
    from: string;
    /** When it expires, or was taken back before */
    until: string;
  }>;
}

/** All that follows from what was told about a service. */
export interface Facts {
  deployments: DeploymentFact[];
  changes: ChangeFact[];
  incidents: IncidentFact[];
  daily: DailyFact[];
  /** None where nothing is told of it any more */
  service?: ServiceFact;
  /** Where they go on from when more is told */
  state?: ServiceState;
  /** What is referred to and was not told of, see `aboutOf` */
  wanted: string[];
}

/** What an adopter may set. */
export interface FactSettings {
  /** Of the IANA */
  timeZone: string;
  /** How long after a deployment an incident may begin that is attributed to it */
  incidentWindowHours: number;
  /** Where lead time begins */
  leadTimeFrom: 'first-commit' | 'merge';
  /** Labels and beginnings of titles by which a change is a hotfix; in lower case */
  hotfix: string[];
  isProduction: (environment: string) => boolean;
  /** The environment of production that is meant where nothing says which */
  mainProduction: string;
}
