import { Failure, Waiting } from '@highroad/plugin-platform-react';
import Alert from '@mui/material/Alert';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Stack from '@mui/material/Stack';
import Typography from '@mui/material/Typography';
import { runbookFor } from '../runbooks';
import { AttentionTable } from './AttentionTable';
import { useAttention } from './useAttention';

/** What needs somebody, across all services that the reader may see. */
export function AttentionList() {
  const { known, error, loading, ask } = useAttention();
  if (!known && !error) {
    return <Waiting label="Looking for what needs somebody" rows={4} />;
  }
  return (
    <Stack spacing={2} sx={{ mb: 3 }}>
      <Typography component="h2" sx={{ fontSize: 16, fontWeight: 600 }}>
        What needs somebody
      </Typography>
      {error && (
        <Failure
          what="What needs somebody cannot be seen"
          error={error}
          unaffected="What programs have is not touched by this."
          runbook={runbookFor(error)}
          onRetry={() => ask(known?.next ?? 0)}
        />
      )}
      {known &&
        (known.items.length > 0 ? (
          <AttentionTable items={known.items} />
        ) : (
          <Paper variant="outlined" sx={{ p: 3 }}>
            <Typography>
              All well: of the secrets that you may see, none is overdue, due
              today, behind
              {known.missingUnknown ? '.' : ' or missing.'}
            </Typography>
          </Paper>
        ))}
      {known?.missingUnknown && (
        <Alert severity="info">{known.missingUnknown}</Alert>
      )}
      {known?.next !== undefined && (
        <Button
          sx={{ alignSelf: 'flex-start' }}
          disabled={loading}
          onClick={() => ask(known.next ?? 0)}
        >
          Show more
        </Button>
      )}
    </Stack>
  );
}
