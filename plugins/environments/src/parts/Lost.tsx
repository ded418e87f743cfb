import { reasonOf, RelativeTime } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';

/** Nothing new is heard; what stands there may have changed since. */
export function Lost({ error, heardAt }: { error: Error; heardAt: Date }) {
  return (
    <Alert severity="warning" sx={{ mb: 2 }}>
      The portal does not answer: {reasonOf(error)} What stands here was so{' '}
      <RelativeTime time={heardAt.toISOString()} />. Environments go on without
      it.
    </Alert>
  );
}
