import { FailureReason, ReworkReason } from '../facts/Facts';

const FAILURES: Record<FailureReason, (by: string) => string> = {
  failed: () => 'It failed itself.',
  linked: by => `${by} says that it was because of this.`,
  'came-back': by => `${by} brought an earlier version back after it.`,
  reverted: by => `${by} reverts a change that it brought.`,
  hotfix: by => `${by} is a hotfix that followed it.`,
  incident: by => `Incident ${by} began within the window after it.`,
};

const REWORKS: Record<ReworkReason, string> = {
  rollback: 'It brought an earlier version back.',
  repair: 'It says that it repairs an earlier deployment.',
  revert: 'It reverts a change that was deployed.',
  hotfix: 'It brought a hotfix.',
  unplanned: 'It says that it was not planned.',
};

/** Why a deployment needed intervention. */
export function failureWords(reason?: string, by = 'Something'): string {
  const words = Object.entries(FAILURES).find(([name]) => name === reason)?.[1];
  return words ? words(by) : '';
}

/** Why a deployment is one that repairs. */
export function reworkWords(reason?: string): string {
  return Object.entries(REWORKS).find(([name]) => name === reason)?.[1] ?? '';
}
