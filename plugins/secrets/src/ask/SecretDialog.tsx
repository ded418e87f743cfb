import { Failure } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { ReactNode, useId } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { runbookFor } from '../runbooks';

/** A few fields and the button that does it; without a button, something to look at. */
export function SecretDialog(props: {
  title: string;
  submit?: { label: string; grave?: boolean; obstacle?: string };
  ask?: () => Promise<void>;
  onClose: () => void;
  children: ReactNode;
}) {
  const { title, submit, ask, onClose, children } = props;
  const [heading, lacking] = [useId(), useId()];
  const [{ loading, error }, send] = useAsyncFn(async () => ask?.(), [ask]);
  return (
    <Dialog
      open
      onClose={loading ? undefined : onClose}
      aria-labelledby={heading}
      fullWidth
      maxWidth="sm"
    >
      <form
        noValidate
        autoComplete="off"
        onSubmit={event => {
          event.preventDefault();
          if (submit && !submit.obstacle) send();
        }}
      >
        <DialogTitle id={heading}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            {children}
            {error && (
              <Failure
                what="It was not done"
                error={error}
                runbook={runbookFor(error)}
              />
            )}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ gap: 1, px: 3, pb: 2 }}>
          {submit?.obstacle && (
            <Typography
              id={lacking}
              variant="body2"
              color="text.secondary"
              sx={{ flexGrow: 1 }}
            >
              {submit.obstacle}
            </Typography>
          )}
          <Button onClick={onClose} disabled={loading}>
            {submit ? 'Cancel' : 'Close'}
          </Button>
          {submit && (
            <Button
              type="submit"
              variant="contained"
              color={submit.grave ? 'error' : 'primary'}
              disabled={loading || Boolean(submit.obstacle)}
              aria-describedby={submit.obstacle ? lacking : undefined}
            >
              {submit.label}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
