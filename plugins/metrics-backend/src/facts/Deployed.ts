import { DeploymentData } from '@highroad/plugin-metrics-common';
import { RangeState } from './Facts';
import { Told } from './ServiceEvents';

/** A deployment, with what it brought. */
export interface Deployed {
  event: Told<DeploymentData>;
  /** It takes an earlier one back, also where it does not say so itself */
  rollback: boolean;
  /** It counts as completed: it succeeded or failed, and something was applied */
  completed: boolean;
  successful: boolean;
  rangeState: RangeState;
  /** Commits that no earlier one had */
  commits: string[];
  /** There may be more of them, behind commits that nothing is known of */
  cut: boolean;
}
