import { Link } from '@backstage/core-components';
import { withoutNamedRunbook } from '@highroad/plugin-platform-common';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import { runbookLink } from '../runbooks';
import { StoreStatus } from './useStoreStatus';

/**
 * Says so where secrets cannot be kept now, and what to do about it, until they can; and what is not as it
 * should be meanwhile. Shows nothing where all is well.
 */
export function StoreNotice({ status }: { status: StoreStatus | undefined }) {
  if (!status) return null;
  const { state, message, fix, runbook, warnings } = status;
  if (state === 'ready') {
    return warnings?.length ? (
      <Alert severity="warning" sx={{ mb: 3 }}>
        {warnings.map(warning => (
          <div key={warning}>{warning}</div>
        ))}
      </Alert>
    ) : null;
  }
  const isNew = state === 'not-connected';
  return (
    <Alert severity={isNew ? 'info' : 'error'} sx={{ mb: 3 }}>
      <AlertTitle>
        {isNew ? 'No Vault is connected' : 'Secrets cannot be reached now'}
      </AlertTitle>
      {withoutNamedRunbook(message)} {fix}{' '}
      {runbook && (
        <Link to={runbookLink(runbook)} underline="always">
          What to do about it
        </Link>
      )}
    </Alert>
  );
}
