import {
  Deployment,
  DeploymentState,
} from '@highroad/plugin-deployments-common';

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

/** `✖ failed`: a state with its symbol, as everywhere. */
export function stateText(state: DeploymentState): string {
  return `${SYMBOLS[state]} ${state.replace(/-/g, ' ')}`;
}

/** `1.2.3 of cart to staging`; of a rollback, `back to 1.2.2 of cart in staging` */
export function subjectOf(deployment: Deployment): string {
  const { kind, version, environment } = deployment;
  const name = nameOf(deployment.service);
  return kind === 'rollback'
    ? `back to ${version} of ${name} in ${environment}`
    : `${version} of ${name} to ${environment}`;
}

/** Who asked, as a person would say it. */
export function askerOf({ requestedBy }: Deployment): string {
  return requestedBy.startsWith('plugin:')
    ? 'the platform'
    : nameOf(requestedBy);
}

/** `anna` of `user:default/anna` */
export function nameOf(ref: string): string {
  return ref.replace(/^[^:]*:(default\/)?/, '');
}
