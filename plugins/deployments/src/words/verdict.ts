import { Deployment } from '@highroad/plugin-deployments-common';
import { shortVersion, withShortHashes } from './short';

const BEGINNINGS: Record<Deployment['state'], string> = {
  queued: 'Queued',
  checking: 'Checking',
  'waiting-for-approval': 'Waiting for approval',
  applying: 'Applying',
  shifting: 'Shifting',
  succeeded: '',
  failed: 'Failed',
  cancelled: 'Cancelled',
  superseded: 'Superseded',
};

/** How a deployment stands or ended: "Failed: the image cannot be pulled. 1.4.1 is put back." */
export function verdict(deployment: Deployment): string {
  const beginning = BEGINNINGS[deployment.state];
  const summary = summaryText(deployment);
  return beginning ? `${beginning}: ${summary}` : summary;
}

/** What the platform says of it, with hashes cut short. */
export function summaryText({ summary = '' }: { summary?: string }): string {
  return withShortHashes(summary);
}

/** "1.4.2 to staging", "back to 1.4.1 in staging" */
export function titleOf(
  deployment: Pick<Deployment, 'environment' | 'version'> &
    Partial<Pick<Deployment, 'kind'>>,
): string {
  const { kind, environment } = deployment;
  const version = shortVersion(deployment.version);
  return kind === 'rollback'
    ? `back to ${version} in ${environment}`
    : `${version} to ${environment}`;
}
