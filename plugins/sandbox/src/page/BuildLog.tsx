import { useApi } from '@backstage/core-plugin-api';
import { Failure, Waiting, useFollowed } from '@highroad/plugin-platform-react';
import { LogTail } from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import Paper from '@mui/material/Paper';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';
import { sandboxApiRef } from '../api';
import { LogText } from './LogText';

const LINES = 2000;

/** What a build printed, as it comes while it runs. */
export function BuildLog({ id, ended }: { id: string; ended: boolean }) {
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    async (last: LogTail | undefined, signal: AbortSignal) => {
      // Nothing is written to the log of a build that has ended.
      if (last && ended) return undefined;
      return api.buildLog(id, { lines: LINES, after: last?.size, signal });
    },
    [api, id, ended],
  );
  const { value, error, retry } = useFollowed(ask);
  return (
    <section>
      <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
        Log
      </Typography>
      {!value && !error && <Waiting label="Reading the log" rows={8} />}
      {error && (
        <Failure
          what="The log could not be read"
          error={error}
          onRetry={retry}
        />
      )}
      {value?.lines.length === 0 && (
        <Typography color="text.secondary">
          It has not printed anything.
        </Typography>
      )}
      {value && value.lines.length > 0 && (
        <Paper variant="outlined">
          <Box sx={{ display: 'flex', maxHeight: '60vh' }}>
            <LogText label="Lines of the build" lines={value.lines} />
          </Box>
        </Paper>
      )}
    </section>
  );
}
