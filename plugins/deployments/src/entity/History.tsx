import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Button from '@mui/material/Button';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { RUNBOOK } from '../runbooks';
import { HistoryTable } from './HistoryTable';
import { useHistory } from './useHistory';

/** What was deployed of a service, and how that went. */
export function History(props: {
  service: string;
  /** Where it changes, something new is to be read */
  state?: string;
}) {
  const { known, error, loading, read } = useHistory(
    props.service,
    props.state,
  );
  return (
    <Stack spacing={2}>
      {!known && loading && <Waiting label="Reading the history" rows={6} />}
      {known && known.items.length > 0 && <HistoryTable items={known.items} />}
      {known?.items.length === 0 && (
        <Typography color="text.secondary">
          Each deployment will be listed here, from the moment it is asked for.
        </Typography>
      )}
      {error && (
        <Failure
          what={
            known
              ? 'Older deployments could not be read'
              : 'The deployments could not be read'
          }
          error={error}
          runbook={RUNBOOK.doesNotAnswer}
          onRetry={() => read(known?.next)}
        />
      )}
      {known?.next && !error && (
        <Button
          onClick={() => read(known.next)}
          disabled={loading}
          sx={{ alignSelf: 'center' }}
        >
          {loading ? 'Reading older deployments' : 'Older'}
        </Button>
      )}
    </Stack>
  );
}
