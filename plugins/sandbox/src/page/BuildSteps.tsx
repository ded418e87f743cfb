import { BuildStep, durationText } from '@highroad/plugin-sandbox-common';
import Paper from '@mui/material/Paper';
import Box from '@mui/material/Box';
import Table from '@mui/material/Table';
import TableBody from '@mui/material/TableBody';
import TableCell from '@mui/material/TableCell';
import TableContainer from '@mui/material/TableContainer';
import TableHead from '@mui/material/TableHead';
import TableRow from '@mui/material/TableRow';
import Typography from '@mui/material/Typography';
import { StateIcon } from './StateIcon';

const ICONS = {
  running: 'busy',
  succeeded: 'good',
  failed: 'bad',
  skipped: 'idle',
} as const;

/** The steps of a build with their times. */
export function BuildSteps({ steps }: { steps: BuildStep[] }) {
  if (steps.length === 0) {
    return (
      <Typography color="text.secondary">
        It has not begun: one build runs at a time.
      </Typography>
    );
  }
  return (
    <TableContainer component={Paper} variant="outlined">
      <Table size="small" aria-label="Steps">
        <TableHead>
          <TableRow>
            <TableCell>Step</TableCell>
            <TableCell>State</TableCell>
            <TableCell align="right">Took</TableCell>
          </TableRow>
        </TableHead>
        <TableBody>
          {steps.map(({ name, state, seconds, note }) => (
            <TableRow key={name}>
              <TableCell component="th" scope="row">
                <code>{name}</code>
              </TableCell>
              <TableCell>
                <Box sx={{ display: 'flex', alignItems: 'center', gap: 1 }}>
                  <StateIcon kind={ICONS[state]} />
                  {state}
                  {note && `: ${note}`}
                </Box>
              </TableCell>
              <TableCell align="right">
                {seconds !== undefined && durationText(seconds)}
              </TableCell>
            </TableRow>
          ))}
        </TableBody>
      </Table>
    </TableContainer>
  );
}
