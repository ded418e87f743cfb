import { useApi } from '@backstage/core-plugin-api';
import { Failure, Waiting, useFollowed } from '@highroad/plugin-platform-react';
import { LogTail } from '@highroad/plugin-sandbox-common';
import CloseIcon from '@mui/icons-material/Close';
import Box from '@mui/material/Box';
import Drawer from '@mui/material/Drawer';
import IconButton from '@mui/material/IconButton';
import Typography from '@mui/material/Typography';
import { useCallback } from 'react';
import { sandboxApiRef } from '../api';
import { LogText } from './LogText';

const LINES = 300;

/** What a server says, beside the page, as it comes. */
export function LogDrawer(props: {
  /** Closed without one */
  server: string | undefined;
  onClose: () => void;
}) {
  const { server, onClose } = props;
  return (
    <Drawer
      anchor="right"
      open={server !== undefined}
      onClose={onClose}
      PaperProps={{
        role: 'dialog',
        'aria-label': server && `Log of ${server}`,
        sx: { width: { xs: '100%', md: '60%' } },
      }}
    >
      {server && <Log key={server} server={server} onClose={onClose} />}
    </Drawer>
  );
}

function Log({ server, onClose }: { server: string; onClose: () => void }) {
  const api = useApi(sandboxApiRef);
  const ask = useCallback(
    (last: LogTail | undefined, signal: AbortSignal) =>
      api.log(server, { lines: LINES, after: last?.size, signal }),
    [api, server],
  );
  const { value, error, retry } = useFollowed(ask);
  return (
    <>
      <Box sx={{ display: 'flex', alignItems: 'center', px: 2, py: 1 }}>
        <Typography component="h2" variant="h6" sx={{ flexGrow: 1, m: 0 }}>
          Log of {server}
        </Typography>
        <IconButton onClick={onClose} aria-label="Close the log">
          <CloseIcon />
        </IconButton>
      </Box>
      {!value && !error && <Waiting label="Reading the log" rows={12} />}
      {error && (
        <Failure
          what={`The log of ${server} could not be read`}
          error={error}
          onRetry={retry}
        />
      )}
      {value?.lines.length === 0 && (
        <Typography sx={{ px: 2 }}>
          {server} has not written anything yet.
        </Typography>
      )}
      {value && value.lines.length > 0 && (
        <>
          {value.truncated && (
            <Typography variant="body2" color="text.secondary" sx={{ px: 2 }}>
              The last lines. All of it: npx platform sandbox logs {server}{' '}
              --lines 100000
            </Typography>
          )}
          <LogText label={`Lines of ${server}`} lines={value.lines} />
        </>
      )}
    </>
  );
}
