import { Link } from '@backstage/core-components';
import { ResponseError } from '@backstage/errors';
import { withoutNamedRunbook } from '@highroad/plugin-platform-common';
import Alert from '@mui/material/Alert';
import AlertTitle from '@mui/material/AlertTitle';
import Button from '@mui/material/Button';

/** Says what could not be shown, why, and what to do. */
export function Failure(props: {
  /** What happened to what, without a full stop: "The repositories could not be listed" */
  what: string;
  error: Error;
  /** What still holds, as a sentence */
  unaffected?: string;
  onRetry?: () => void;
  /** A page that helps */
  runbook?: string;
}) {
  const { what, error, unaffected, onRetry, runbook } = props;
  return (
    <Alert
      severity="error"
      action={
        onRetry && (
          <Button
            color="inherit"
            size="small"
            sx={{ whiteSpace: 'nowrap' }}
            onClick={onRetry}
          >
            Try again
          </Button>
        )
      }
    >
      <AlertTitle>{what}</AlertTitle>
      {runbook ? withoutNamedRunbook(reasonOf(error)) : reasonOf(error)}{' '}
      {unaffected}{' '}
      {runbook && (
        <Link to={runbook} underline="always">
          What to do about it
        </Link>
      )}
    </Alert>
  );
}

/** @returns the status of the answer; nothing where there was none */
export function statusOf(error: Error): number | undefined {
  return ResponseError.is(error) ? error.response.status : undefined;
}

/** Why, in the words of whoever refused; an ended sign-in is said plainly. */
export function reasonOf(error: Error): string {
  if (!ResponseError.is(error)) return error.message;
  return error.response.status === 401
    ? 'Your sign-in has ended. Sign in again.'
    : error.cause.message;
}
