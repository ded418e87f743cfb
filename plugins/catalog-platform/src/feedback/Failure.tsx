import { Link } from '@backstage/core-components';
import { ResponseError } from '@backstage/errors';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';

const RUNBOOK =
  '/docs/default/component/highroad/runbooks/catalog-does-not-answer/';

function reasonOf(error: Error): string {
  if (!ResponseError.is(error)) {
    return error.message;
  }
  if (error.response.status === 401) {
    return 'Your sign-in has ended. Sign in again.';
  }
  if (error.response.status === 404) {
    return 'It is not in the catalog, or you may not see it.';
  }
  return error.cause.message;
}

/** Says what could not be shown, why, and what to do. */
export function Failure(props: {
  what: string;
  error: Error;
  onRetry: () => void;
}) {
  return (
    <Alert
      severity="error"
      action={
        <Button color="inherit" size="small" onClick={props.onRetry}>
          Try again
        </Button>
      }
    >
      <AlertTitle>{props.what}</AlertTitle>
      {reasonOf(props.error)} Nothing was changed.{' '}
      <Link to={RUNBOOK}>What to do about it</Link>
    </Alert>
  );
}
