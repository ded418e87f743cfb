import Alert from '@mui/material/Alert';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Skeleton from '@mui/material/Skeleton';
import { messageOf } from './messageOf';

/**
 * In place of a field whose choices are on their way, or could not be had.
 *
 * @param props.what - the choices, such as "teams"
 * @param props.error - why they could not be had; without it, they are on their way
 */
export function Listing(props: {
  what: string;
  error?: Error;
  onRetry: () => void;
}) {
  const { what, error, onRetry } = props;
  if (!error) {
    return (
      <Box role="status" aria-label={`Listing the ${what}`}>
        <Skeleton variant="rounded" height={40} />
      </Box>
    );
  }
  return (
    <Alert
      severity="error"
      action={
        <Button color="inherit" size="small" onClick={onRetry}>
          Try again
        </Button>
      }
    >
      The {what} could not be listed: {messageOf(error)} What you have answered
      so far is kept.
    </Alert>
  );
}
