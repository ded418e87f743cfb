import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { reasonOf } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import { rootRouteRef } from '../routes';

/** There is none of that name, any more. */
export function Gone({ error, was }: { error: Error; was: boolean }) {
  const all = useRouteRef(rootRouteRef)?.();
  return (
    <Alert severity="info">
      <AlertTitle>
        {was ? 'It has ended, with all that was in it' : 'It is not there'}
      </AlertTitle>
      {!was && <>{reasonOf(error)} </>}
      {all && (
        <Link to={all} underline="always">
          The environments that there are
        </Link>
      )}
    </Alert>
  );
}
