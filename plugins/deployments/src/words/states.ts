import { DeploymentState } from '@highroad/plugin-deployments-common';

/** A state as it is called everywhere. */
export function stateText(state: DeploymentState): string {
  return state.replace(/-/g, ' ');
}
