import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import useAsync from 'react-use/esm/useAsync';
import { secretsApiRef } from '../api';
import { runbookLink } from '../runbooks';

/** Says so where secrets cannot be kept now, and what to do about it. Shows nothing where all is well. */
export function StoreNotice() {
  const api = useApi(secretsApiRef);
  const { value } = useAsync(() => api.status({}), [api]);
  if (!value || value.state === 'ready') return null;
  const isNew = value.state === 'not-connected';
  return (
    <Alert severity={isNew ? 'info' : 'error'} sx={{ mb: 3 }}>
      <AlertTitle>
        {isNew ? 'No Vault is connected' : 'Secrets cannot be reached now'}
      </AlertTitle>
      {value.message} {value.fix}{' '}
      {value.runbook && (
        <Link to={runbookLink(value.runbook)} underline="always">
          What to do about it
        </Link>
      )}
    </Alert>
  );
}
