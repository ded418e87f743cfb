import { Link } from '@backstage/core-components';
import { useRouteRef } from '@backstage/frontend-plugin-api';
import { Deployment } from '@highroad/plugin-deployments-common';
import Alert, { AlertColor } from '@mui/material/Alert';
import { Place } from '../board/board';
import { StateIcon } from '../parts/StateLabel';
import { deploymentRouteRef } from '../routes';
import { RUNBOOK } from '../runbooks';
import { shortVersion } from '../words/short';
import { verdict } from '../words/verdict';

const SEVERITY: Record<Deployment['state'], AlertColor> = {
  queued: 'info',
  checking: 'info',
  'waiting-for-approval': 'warning',
  applying: 'info',
  shifting: 'info',
  succeeded: 'success',
  failed: 'error',
  cancelled: 'warning',
  superseded: 'warning',
};

/** The first thing to know of it, in words, told again as it changes. */
export function Verdict(props: { deployment: Deployment; current?: Place }) {
  const { deployment, current } = props;
  const { state, id } = deployment;
  const link = useRouteRef(deploymentRouteRef);
  const running = current?.running;
  const past = state === 'succeeded' && running && running.id !== id;
  return (
    <Alert
      role="status"
      severity={past ? 'info' : SEVERITY[state]}
      icon={<StateIcon state={state} />}
      // On a coloured ground, a link is told by its line.
      sx={{
        fontSize: 15,
        '& a': { color: 'inherit', textDecoration: 'underline' },
      }}
    >
      {past ? (
        <>
          {shortVersion(deployment.version)} was deployed to{' '}
          {deployment.environment}. Now{' '}
          <Link to={link?.({ id: running.id }) ?? ''}>
            {shortVersion(running.version)} runs there
          </Link>
          .
        </>
      ) : (
        verdict(deployment)
      )}{' '}
      {state === 'failed' && (
        <Link to={RUNBOOK.failed}>What to do about it</Link>
      )}
    </Alert>
  );
}
