import { Link } from '@backstage/core-components';
import { useApi } from '@backstage/core-plugin-api';
import { ResponseError } from '@backstage/errors';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { activeStates } from '@highroad/plugin-deployments-common';
import { reasonOf, RelativeTime } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';
import useAsync from 'react-use/esm/useAsync';
import { deploymentsApiRef } from '../api';
import { Who } from '../parts/Who';
import { deploymentRouteRef } from '../routes';
import { shortVersion } from '../words/short';
import { stateText } from '../words/states';

export function isConflict(error: Error): boolean {
  return ResponseError.is(error) && error.response.status === 409;
}

/** Another one is under way there: which, whose, and the offer to take its place. */
export function Conflict(props: {
  place: { service: string; environment: string };
  error: Error;
  busy: boolean;
  onSupersede: () => void;
}) {
  const { place, error, busy, onSupersede } = props;
  const { service, environment } = place;
  const api = useApi(deploymentsApiRef);
  const link = useRouteRef(deploymentRouteRef);
  const { value: running } = useAsync(async () => {
    const state = [...activeStates];
    const { items } = await api.list({ service, environment, state, limit: 1 });
    return items.at(0);
  }, [api, service, environment, error]);
  return (
    <Alert
      severity="warning"
      sx={{ '& a': { color: 'inherit', textDecoration: 'underline' } }}
      action={
        <Button
          color="inherit"
          size="small"
          disabled={busy}
          onClick={onSupersede}
        >
          Take its place
        </Button>
      }
    >
      <AlertTitle>Another deployment is under way there</AlertTitle>
      {running ? (
        <>
          <Link to={link?.({ id: running.id }) ?? ''}>
            {shortVersion(running.version)} to {environment}
          </Link>
          : {stateText(running.state)}, asked for by{' '}
          <Who who={running.requestedBy} />{' '}
          <RelativeTime time={running.requestedAt} />. Wait for it, or take its
          place: it ends as superseded.
        </>
      ) : (
        reasonOf(error)
      )}
    </Alert>
  );
}
