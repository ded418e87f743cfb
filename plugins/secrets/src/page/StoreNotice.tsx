import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import { useState } from 'react';
import useAsyncRetry from 'react-use/esm/useAsyncRetry';
import useInterval from 'react-use/esm/useInterval';
import { SecretsApi, secretsApiRef } from '../api';
import { runbookLink } from '../runbooks';

/** How often it is asked again while secrets cannot be reached. */
const AGAIN_MS = 10_000;

type Status = Awaited<ReturnType<SecretsApi['status']>>;

/**
 * Says so where secrets cannot be kept now, and what to do about it, until they can; and what is not as it
 * should be meanwhile. Shows nothing where all is well.
 */
export function StoreNotice() {
  const api = useApi(secretsApiRef);
  // Kept where it cannot be asked: it is not known to be well then.
  const [value, setValue] = useState<Status>();
  const { retry } = useAsyncRetry(
    async () => setValue(await api.status({})),
    [api],
  );
  const isNew = value?.state === 'not-connected';
  const isDown = value !== undefined && value.state !== 'ready' && !isNew;
  useInterval(retry, isDown ? AGAIN_MS : null);
  if (!value) return null;
  if (value.state === 'ready') {
    return value.warnings?.length ? (
      <Alert severity="warning" sx={{ mb: 3 }}>
        {value.warnings.map(warning => (
          <div key={warning}>{warning}</div>
        ))}
      </Alert>
    ) : null;
  }
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
