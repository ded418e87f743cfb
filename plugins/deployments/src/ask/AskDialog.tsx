import { Failure } from '@highroad/plugin-platform-react';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogTitle from '@mui/material/DialogTitle';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { ReactNode, useId } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { RUNBOOK } from '../runbooks';
import { Conflict, isConflict } from './Conflict';

/** A few fields, what will happen, and the button that does it. */
export function AskDialog<T>(props: {
  title: string;
  /** What will happen, in a sentence */
  effect?: ReactNode;
  /** Label of the button: what it does */
  submit: string;
  /** Why it cannot be done as it stands */
  obstacle?: string;
  /** Why it can never be done as things are; then there is nothing to fill in */
  hopeless?: string;
  /** It stops or takes back something */
  grave?: boolean;
  /** Where another one may be under way, whose place can be taken */
  place?: { service: string; environment: string };
  ask: (supersede: boolean) => Promise<T>;
  onDone: (answer: T) => void;
  onClose: () => void;
  children?: ReactNode;
}) {
  const { title, effect, submit, obstacle, hopeless, grave, place } = props;
  const { ask, onDone, onClose, children } = props;
  const heading = useId();
  const [{ loading, error }, send] = useAsyncFn(
    async (supersede: boolean) => onDone(await ask(supersede)),
    [ask, onDone],
  );
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
          if (!obstacle && !hopeless && !loading) send(false);
        }}
      >
        <DialogTitle id={heading}>{title}</DialogTitle>
        <DialogContent>
          <Stack spacing={2} sx={{ pt: 1 }}>
            {children}
            {hopeless && (
              <Typography role="status" sx={{ fontSize: 14 }}>
                {hopeless}
              </Typography>
            )}
            {effect && <Typography sx={{ fontSize: 14 }}>{effect}</Typography>}
            {error &&
              (place && isConflict(error) ? (
                <Conflict
                  place={place}
                  error={error}
                  busy={loading}
                  onSupersede={() => send(true)}
                />
              ) : (
                <Failure
                  what={`${title}: that was not done`}
                  error={error}
                  unaffected="Nothing was changed."
                  runbook={RUNBOOK.failed}
                />
              ))}
          </Stack>
        </DialogContent>
        <DialogActions sx={{ px: 3, pb: 2 }}>
          <Box
            role="status"
            sx={{ flexGrow: 1, fontSize: 13, color: 'text.secondary' }}
          >
            {obstacle}
          </Box>
          <Button onClick={onClose} disabled={loading}>
            Close
          </Button>
          {!hopeless && (
            <Button
              type="submit"
              variant="contained"
              color={grave ? 'error' : 'primary'}
              disabled={loading || Boolean(obstacle)}
            >
              {loading ? 'Asking' : submit}
            </Button>
          )}
        </DialogActions>
      </form>
    </Dialog>
  );
}
