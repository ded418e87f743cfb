import {
  durationText,
  memoryText,
  ServerState,
  ServerStatus,
  serverStateWords,
} from '@highroad/plugin-sandbox-common';
import Box from '@mui/material/Box';
import Button from '@mui/material/Button';
import Paper from '@mui/material/Paper';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { StateIcon, StateKind } from './StateIcon';

const ICONS: Record<ServerState, StateKind> = {
  waiting: 'busy',
  starting: 'busy',
  answering: 'good',
  restarting: 'bad',
  stopping: 'busy',
  stopped: 'idle',
  unavailable: 'bad',
};

const WHOLE = { whiteSpace: 'nowrap', wordBreak: 'normal' };
const NUMBER = { ...WHOLE, fontVariantNumeric: 'tabular-nums' };

/** Every server, in the order in which they are started. */
export function Servers(props: {
  servers: ServerStatus[];
  onLog: (server: string) => void;
}) {
  const { servers, onLog } = props;
  return (
    <section>
      <Typography component="h2" variant="h6" sx={{ mb: 1 }}>
        Servers
      </Typography>
      <TableContainer component={Paper} variant="outlined">
        <Table size="small" aria-label="Servers">
          <TableHead>
            <TableRow>
              <TableCell>Server</TableCell>
              <TableCell sx={WHOLE}>State</TableCell>
              <TableCell sx={WHOLE}>Version</TableCell>
              <TableCell>Address</TableCell>
              <TableCell align="right" sx={WHOLE}>
                Answered after
              </TableCell>
              <TableCell align="right" sx={WHOLE}>
                Memory
              </TableCell>
              <TableCell align="right" sx={WHOLE}>
                Restarts
              </TableCell>
              <TableCell>
                <Box
                  component="span"
                  sx={{ position: 'absolute', left: -9999 }}
                >
                  Log
                </Box>
              </TableCell>
            </TableRow>
          </TableHead>
          <TableBody>
            {servers.map(server => (
              <Row key={server.name} server={server} onLog={onLog} />
            ))}
          </TableBody>
        </Table>
      </TableContainer>
    </section>
  );
}

function Row(props: { server: ServerStatus; onLog: (server: string) => void }) {
  const { server, onLog } = props;
  return (
    <TableRow hover>
      <TableCell component="th" scope="row">
        <Box sx={{ ...WHOLE, fontWeight: 600 }}>{server.name}</Box>
        <Box sx={{ color: 'text.secondary', fontSize: 12, lineHeight: 1.4 }}>
          {server.title}
        </Box>
      </TableCell>
      <TableCell sx={{ wordBreak: 'normal', overflowWrap: 'normal' }}>
        <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
          <StateIcon kind={ICONS[server.state]} />
          {stateText(server)}
        </Box>
      </TableCell>
      <TableCell sx={WHOLE}>{server.version}</TableCell>
      <TableCell sx={WHOLE}>
        <Box component="code" sx={{ fontSize: 12 }}>
          {server.address}
        </Box>
      </TableCell>
      <TableCell align="right" sx={NUMBER}>
        {took(server)}
      </TableCell>
      <TableCell align="right" sx={NUMBER}>
        {server.memoryBytes !== undefined && memoryText(server.memoryBytes)}
      </TableCell>
      <TableCell align="right" sx={NUMBER}>
        {server.restarts}
      </TableCell>
      <TableCell align="right">
        <Button
          size="small"
          onClick={() => onLog(server.name)}
          aria-label={`Log of ${server.name}`}
        >
          Log
        </Button>
      </TableCell>
    </TableRow>
  );
}

function stateText({ state, waitingFor, origin }: ServerStatus): string {
  if (waitingFor.length > 0) return `waiting for ${waitingFor.join(', ')}`;
  return origin === 'elsewhere'
    ? `${serverStateWords[state]}, not started here`
    : serverStateWords[state];
}

/** This time, and the last time in brackets where there was one. */
function took({ tookSeconds, lastTookSeconds }: ServerStatus): string {
  const last =
    lastTookSeconds === undefined
      ? ''
      : `last time ${durationText(lastTookSeconds)}`;
  if (tookSeconds === undefined) return last;
  return `${durationText(tookSeconds)}${last && ` (${last})`}`;
}
