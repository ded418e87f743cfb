import { Link } from '@backstage/core-components';
import { UnseenKey } from '@highroad/plugin-secrets-common';
import Alert from '@mui/material/Alert';
import { runbookLink } from '../runbooks';

/** What Vault refuses to say anything of, and why; nothing where all can be seen. */
export function UnseenLines({ unseen }: { unseen: UnseenKey[] }) {
  return (
    <>
      {unseen.map(({ environment, key, why }) => (
        <Alert key={`${environment} ${key ?? ''}`} severity="warning">
          {key ?? 'What there is'} in {environment} cannot be seen: {why}{' '}
          <Link to={runbookLink('vault-permission-denied')} underline="always">
            What to do about it
          </Link>
        </Alert>
      ))}
    </>
  );
}
