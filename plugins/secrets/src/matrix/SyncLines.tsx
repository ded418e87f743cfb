import { Link } from '@backstage/core-components';
import { SecretSync } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import { runbookLink } from '../runbooks';

/** Where the cluster does not have what Vault has; nothing where all is well. */
export function SyncLines({ sync }: { sync: SecretSync[] }) {
  const behind = sync.filter(({ state }) => state === 'behind');
  return (
    <>
      {behind.map(({ environment, namespace, message }) => (
        <Alert key={environment} severity="warning">
          {environment} is behind ({namespace}): {message}{' '}
          <Link to={runbookLink('secrets-behind')} underline="always">
            What to do about it
          </Link>
        </Alert>
      ))}
    </>
  );
}
