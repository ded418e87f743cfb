import Alert from '@mui/material/Alert';

/** Said while all is computed anew, since numbers are not yet what they will be. */
export function AnewNotice() {
  return (
    <Alert severity="info" sx={{ mb: 2 }}>
      All numbers are being computed anew. Those that are not reached yet are as
      they were before, or missing after an update that keeps them in another
      way. Data quality says how far it is.
    </Alert>
  );
}
