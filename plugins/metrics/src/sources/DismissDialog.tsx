import { useApi } from '@backstage/core-plugin-api';
import { Failure } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Dialog from '@mui/material/Dialog';
import DialogActions from '@mui/material/DialogActions';
import DialogContent from '@mui/material/DialogContent';
import DialogContentText from '@mui/material/DialogContentText';
import DialogTitle from '@mui/material/DialogTitle';
import TextField from '@mui/material/TextField';
import { FormEvent, useState } from 'react';
import useAsyncFn from 'react-use/esm/useAsyncFn';
import { metricsApiRef } from '../api';
import { PAGES } from '../runbooks';

const SHORTEST = 3;

/** Asks why nothing is to be done about a bad event. */
export function DismissDialog(props: {
  id: string;
  onDone: () => void;
  onClose: () => void;
}) {
  const { id, onDone, onClose } = props;
  const api = useApi(metricsApiRef);
  const [reason, setReason] = useState('');
  const [{ loading, error }, dismiss] = useAsyncFn(async () => {
    await api.dismiss({ ids: [id], reason });
    onDone();
  }, [api, id, reason, onDone]);
  const isSaid = reason.trim().length >= SHORTEST;
  return (
    <Dialog open onClose={onClose} aria-labelledby="dismiss" maxWidth="sm">
      <form
        onSubmit={(event: FormEvent) => {
          event.preventDefault();
          if (isSaid && !loading) dismiss();
        }}
      >
        <DialogTitle id="dismiss">Dismiss this event</DialogTitle>
        <DialogContent>
          <DialogContentText sx={{ fontSize: 14, mb: 2 }}>
            It counts for nothing, as now, and is not shown again, also where
            the same comes again. What came is forgotten; that you dismissed it,
            and why, is on record.
          </DialogContentText>
          <TextField
            fullWidth
            size="small"
            label="Why is nothing to be done?"
            value={reason}
            onChange={event => setReason(event.target.value)}
            inputProps={{ maxLength: 500 }}
            helperText={isSaid ? ' ' : 'Say it in a few words.'}
          />
          {error && (
            <Failure
              what="It was not dismissed"
              error={error}
              runbook={PAGES.quarantine}
            />
          )}
        </DialogContent>
        <DialogActions>
          <Button onClick={onClose}>Keep it</Button>
          <Button type="submit" disabled={!isSaid || loading}>
            Dismiss
          </Button>
        </DialogActions>
      </form>
    </Dialog>
  );
}
