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

/** A few fields, what will happen, and the button that does it. */
export function AskDialog(props: {
  title: string;
  /** What will happen, in a sentence */
  effect: ReactNode;
  /** Label of the button: what it does */
  submit: string;
  /** Why it cannot be done as it stands */
  obstacle?: string;
  /** It takes something away */
  grave?: boolean;
  /** What holds where it was not done. In several steps, some may have been */
  unaffected?: string;
  ask: () => Promise<unknown>;
  onDone: () => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { title, effect, submit, obstacle, grave } = props;
  const { unaffected = 'Nothing was changed.' } = props;
  const { ask, onDone, onClose, children } = props;
  const heading = useId();
  const [{ loading, error }, send] = useAsyncFn(async () => {
    await ask();
    onDone();
  }, [ask, onDone]);
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
        onSubmit={event => {
          event.preventDefault();
          if (!obstacle && !loading) send();
        }}
      >
        <DialogTitle id={heading}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            {children}
            <Typography sx={{ fontSize: 14 }}>{effect}</Typography>
            {error && (
              <Failure
                what={`${title}: that was not done`}
                error={error}
                unaffected={unaffected}
              />
            )}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Typography
            role="status"
            color="text.secondary"
            sx={{ flexGrow: 1, fontSize: 13 }}
          >
            {obstacle}
          </Typography>
          <Button onClick={onClose} disabled={loading}>
            Close
          </Button>
          <Button
            type="submit"
            variant="contained"
            color={grave ? 'error' : 'primary'}
            disabled={loading || Boolean(obstacle)}
          >
            {loading ? 'Asking' : submit}
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
