import {
  Deployment,
  DeploymentState,
  Drift,
  Step,
} from '@highroad/plugin-deployments-common';
import { shortRef } from '../service/resolveService';

const SYMBOLS: Record<DeploymentState, string> = {
  queued: '…',
  checking: '…',
  'waiting-for-approval': '⏸',
  applying: '…',
  shifting: '…',
  succeeded: '✔',
  failed: '✖',
  cancelled: '⊘',
  superseded: '⊘',
};

const STEP_SYMBOLS: Record<Step['state'], string> = {
  running: '…',
  succeeded: '✔',
  failed: '✖',
  skipped: '⊘',
};

/** `✔ image: shop/cart:1.4.2 is there` */
export function stepLine({
  name,
  state,
  summary,
}: Pick<Step, 'name' | 'state' | 'summary'>): string {
  return `${STEP_SYMBOLS[state]} ${name}: ${summary}`;
}

/** A state with its symbol, as everywhere. */
export function stateText(state: DeploymentState): string {
  return `${SYMBOLS[state]} ${state.replace(/-/g, ' ')}`;
}

/** That what runs is not as it was deployed, or that this is not known; nothing where it is. */
export function driftText(drift: Drift | undefined): string {
  if (!drift || drift.state === 'same') return '';
  return drift.state === 'differs'
    ? ' (changed by hand)'
    : ' (not known if changed)';
}

/** `✔ succeeded  1.4.2 of cart to staging: 1.4.2 runs in staging` */
export function deploymentLine(deployment: Deployment): string {
  const { state, version, service, environment, summary, kind } = deployment;
  const what = kind === 'rollback' ? `back to ${version}` : version;
  return `${stateText(state)}  ${what} of ${shortRef(
    service,
  )} to ${environment}: ${summary}`;
}

/** `10 min ago`: how long ago something was, roughly. */
export function ago(time: string, now: number): string {
  const minutes = Math.floor((now - Date.parse(time)) / 60_000);
  if (minutes < 1) return 'just now';
  if (minutes < 60) return `${minutes} min ago`;
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? `${hours} h ago` : `${Math.floor(hours / 24)} days ago`;
}
